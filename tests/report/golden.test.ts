import { expect, test } from 'vitest';
import { formatHtml } from '../../src/report/html.ts';
import { formatJunit } from '../../src/report/junit.ts';
import { formatMarkdown } from '../../src/report/markdown.ts';
import { type Sample, samples } from '../support/sample-reports.ts';

/** Each form as it is written. To take over a change: `npx vitest run tests/report/golden.test.ts -u`, then read the diff. */
const forms: Record<string, (sample: Sample) => string> = {
  'report.json': ({ report }) => `${JSON.stringify(report, null, 2)}\n`,
  'junit.xml': ({ report, context }) => formatJunit(report, context),
  'summary.md': ({ report, context }) => formatMarkdown(report, context),
  // What varies: the header and the main part, not the style that all pages share.
  'main.html': ({ report, context }) => /<header[\s\S]*<\/main>\n/.exec(formatHtml(report, context))![0],
};

test.each(Object.keys(samples) as (keyof typeof samples)[])('a %s report is written as it was', async (kind) => {
  const sample = await samples[kind]();
  for (const [file, form] of Object.entries(forms)) {
    await expect(form(sample)).toMatchFileSnapshot(`golden/${kind}/${file}`);
  }
});

test('the five are of five kinds', async () => {
  const exitCodes = await Promise.all(Object.entries(samples).map(async ([kind, make]) => [kind, (await make()).context.exitCode]));
  expect(Object.fromEntries(exitCodes)).toEqual({ green: 0, red: 1, known: 1, skipped: 0, broken: 2 });
  const { report } = await samples.known();
  expect(report.summary).toMatchObject({ accepted: 1, fail: 1 });
  expect(report.resolved).toHaveLength(1);
  expect((await samples.skipped()).report.summary.skipped).toBeGreaterThan(5);
});
