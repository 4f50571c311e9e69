import { contractSha256, packageVersion } from '../contract/generated.ts';
import type { Report, Result } from './result.ts';

/** What a suite knows of a run that is over. */
export interface RunFacts<Subject> {
  subject: Subject;
  runId: string;
  /** Milliseconds since 1970. */
  startedAtMs: number;
  durationMs: number;
  /** How many requests were sent. */
  requests: number;
  results: readonly Result[];
}

/** The report of a run; `found` are the members that only one of the suites has. */
export function createReport<Subject, Found extends object>(
  { subject, runId, startedAtMs, durationMs, requests, results }: RunFacts<Subject>,
  found: Found,
) {
  return {
    schemaVersion: 1 as const,
    suite: { version: packageVersion, contractSha256 },
    subject,
    runId,
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs,
    requests,
    results: [...results],
    ...found,
    summary: summaryOf(results),
  };
}

function summaryOf(results: readonly Result[]): Report['summary'] {
  const summary = { pass: 0, fail: 0, untestable: 0, skipped: 0, broken: 0, accepted: 0 };
  for (const { verdict } of results) summary[verdict] += 1;
  return summary;
}
