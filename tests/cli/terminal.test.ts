import { expect, test } from 'vitest';
import { formatResult, formatSummary } from '../../src/cli/print/result.ts';
import { formatTarget } from '../../src/cli/print/target.ts';
import { samples } from '../support/sample-reports.ts';

const kinds = Object.keys(samples) as (keyof typeof samples)[];

/** To take over a change: `npx vitest run tests/cli/terminal.test.ts -u`, then read the diff. */
test.each(kinds)('a %s report is printed as it was', async (kind) => {
  const { report, context } = await samples[kind]();
  const lines = [formatTarget(report.subject), '', ...report.results.map((result) => formatResult(result, context)), ''];
  await expect(`${[...lines, formatSummary(report, context)].join('\n')}\n`).toMatchFileSnapshot(`golden/${kind}.txt`);
});

test('the count is painted as good when the run passed, and only then', async () => {
  const paint = { good: (text: string) => `<good>${text}`, bad: (text: string) => `<bad>${text}`, dim: (text: string) => text };
  const painted = async (kind: keyof typeof samples): Promise<string> => {
    const { report, context } = await samples[kind]();
    return formatSummary(report, context, paint);
  };
  expect(await painted('green')).toMatch(/^<good>\d+ passed/m);
  for (const kind of ['red', 'known', 'broken'] as const) expect(await painted(kind)).toMatch(/^<bad>\d+ passed/m);
});
