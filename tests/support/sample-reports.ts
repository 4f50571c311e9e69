import { exitCodeOf, requirements, runConformance, type RunOptions, type ServerReport, withAccepted } from '../../src/conformance/index.ts';
import { packageVersion } from '../../src/contract/generated.ts';
import { createMockService, type FaultName } from '../../src/mock/index.ts';
import type { ReportContext } from '../../src/report/card.ts';
import { factsOf } from '../../src/cli/report-context.ts';
import { reportContext } from './report-context.ts';
import { targetOf } from './target.ts';

// What the samples need of clock and chance: each run is the same as the one before.
const startMs = Date.UTC(2026, 10, 23, 8, 30);
const counter = (): (() => string) => {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
};

/** A report and what belongs to it. */
export interface Sample {
  report: ServerReport;
  context: ReportContext;
}

/** A run on a mock with faults, of a few requirements, the same each time. */
export async function sampleRun(
  { faults = [], dies }: { faults?: FaultName[]; dies?: number },
  topics: RegExp,
  options: RunOptions = {},
): Promise<ServerReport> {
  const mock = createMockService({ faults, newId: counter() });
  let left = dies ?? Number.POSITIVE_INFINITY;
  let nowMs = startMs;
  const target = targetOf(mock, 'http://127.0.0.1:4010');
  const report = await runConformance(
    {
      ...target,
      fetch: async (request) => {
        left -= 1;
        if (left < 0)
          throw Object.assign(new TypeError('fetch failed'), {
            cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
          });
        return mock.fetch(request);
      },
    },
    {
      requirements: requirements.filter(({ id }) => topics.test(id)),
      newId: counter(),
      now: () => (nowMs += 1),
      sleep: () => Promise.resolve(),
      ...options,
    },
  );
  // Neither the next version nor a change of the contract is to change a sample.
  const { suite: _, ...rest } = JSON.parse(
    JSON.stringify(report).replaceAll(`conformance/${packageVersion} `, 'conformance/0.0.0 '),
  ) as ServerReport;
  const { schemaVersion, ...more } = rest;
  return { schemaVersion, suite: { version: '0.0.0', contractSha256: '0'.repeat(64) }, ...more };
}

/** The report with the context that a command line would give it. */
export function sampleOf(report: ServerReport, strict = false): Sample {
  const { baseUrl, customerId } = report.subject;
  const exitCode = exitCodeOf(report, { strict });
  return { report, context: reportContext(baseUrl, customerId, { facts: factsOf(report), strict, exitCode }) };
}

/** One report of each kind. */
export const samples: Record<'green' | 'red' | 'known' | 'skipped' | 'broken', () => Promise<Sample>> = {
  green: async () => sampleOf(await sampleRun({}, /^(read|etag)\.|^behaviour\.shows-weak/)),
  red: async () =>
    sampleOf(
      await sampleRun(
        { faults: ['accepts-stale-etag', 'accepts-missing-etag', 'drops-ids-on-refusal'] },
        /^(read\.answers-one|etag\.|write\.(takes-p|stores-w)|customer\.refuses-unknown|trace\.echoes-ids-on-r|behaviour\.shows-weak)/,
      ),
    ),
  known: async () => {
    const report = await sampleRun(
      { faults: ['answers-nulls', 'drops-ids-on-refusal'] },
      /^(read\.answers|customer\.refuses-unknown|trace\.echoes-ids-on-r)/,
    );
    const entry = { owner: 'team billing', reason: 'The serializer is shared with an older API.' };
    const deviations = [
      { requirement: 'read.answers-no-nulls', ...entry, expires: '2027-01-31' },
      { requirement: 'trace.echoes-ids-on-refusal', ...entry, expires: '2026-11-22' },
      { requirement: 'customer.refuses-unknown-customer', ...entry, expires: '2027-01-31' },
    ];
    return sampleOf(withAccepted(report, deviations, startMs));
  },
  skipped: async () => sampleOf(await sampleRun({}, /^(read\.answers|etag\.|race\.)/, { mode: 'read', only: '*e*' })),
  broken: async () => sampleOf(await sampleRun({ dies: 8 }, /^(read|trace)\./, { mode: 'read' })),
};
