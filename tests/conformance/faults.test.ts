import { describe, expect, test } from 'vitest';
import { exitCodeOf, requirements, runConformance } from '../../src/conformance/index.ts';
import { behaviourPresets, createMockService, type FaultName, faults } from '../../src/mock/index.ts';
import { targetOf } from '../support/target.ts';

const names = Object.keys(faults) as FaultName[];

describe.each(Object.keys(behaviourPresets) as (keyof typeof behaviourPresets)[])('on a mock that behaves as %s', (behaviour) => {
  test('the clean mock keeps every promise', async () => {
    const report = await runConformance(targetOf(createMockService({ behaviour })));
    expect(report.results.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(report.summary.pass).toBe(requirements.length);
    expect(exitCodeOf(report, { strict: true })).toBe(0);
  });

  test.each(names)('%s makes fail and untestable exactly what it lists, the cause first', async (name) => {
    const report = await runConformance(targetOf(createMockService({ behaviour, faults: [name] })));
    const ids = (verdict: string): string[] => report.results.filter((result) => result.verdict === verdict).map(({ id }) => id);
    expect(ids('fail').toSorted()).toEqual([...faults[name].fails].toSorted());
    expect(ids('untestable').toSorted()).toEqual([...faults[name].untestable].toSorted());
    expect(ids('broken')).toEqual([]);
    for (const result of report.results.filter(({ verdict }) => verdict === 'untestable')) {
      expect(faults[name].fails, `${result.id} blames ${result.because}`).toContain(result.because);
    }
    expect(exitCodeOf(report)).toBe(1);
  });
});

test('every requirement is the cause of a fault', () => {
  const causes = new Set(names.map((name) => faults[name].fails[0] as string));
  expect(requirements.map(({ id }) => id).filter((id) => !causes.has(id))).toEqual([]);
});

test('a fault lists only requirements that exist', () => {
  const ids = requirements.map(({ id }) => id);
  const listed = names.flatMap((name) => [...faults[name].fails, ...faults[name].untestable] as string[]);
  expect(listed.filter((id) => !ids.includes(id))).toEqual([]);
});
