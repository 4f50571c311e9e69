import { expect, test } from 'vitest';
import { faults, type FaultName } from '../../src/mock/index.ts';
import { printedRun } from '../support/forms.ts';
import { sampleOf, sampleRun } from '../support/sample-reports.ts';

const header = 5;

test.each(Object.keys(faults) as FaultName[])(
  '%s: a screen of 80 columns takes it, a card for each failure, at most 60 lines for one',
  async (name) => {
    const { report, context } = sampleOf(await sampleRun({ faults: [name] }, /./));
    const text = printedRun(report, context);
    const lines = text.trimEnd().split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    const cards = [...text.matchAll(/^ {2}[✗!?] ([a-z.-]+) \(/gm)].map(([, id]) => id);
    expect(cards).toEqual(report.results.filter(({ verdict, level }) => verdict === 'fail' && level !== 'observe').map(({ id }) => id));
    if (cards.length === 1) expect(lines.length + header).toBeLessThanOrEqual(60);
  },
);
