import type { AcceptedFailure, Report, Result } from './result.ts';

/**
 * Marks a failure that is listed as accepted. Its verdict stays.
 *
 * Shape: `now` is milliseconds since 1970; an entry is in force through the whole of its last day, UTC.
 */
export function markAccepted(result: Result, failures: readonly AcceptedFailure[], now: number): Result {
  const entry = failures.find(({ requirement }) => requirement === result.id);
  if (entry === undefined || result.verdict !== 'fail') return result;
  const { requirement: _, ...accepted } = entry;
  return { ...result, accepted: { ...accepted, expired: entry.expires < new Date(now).toISOString().slice(0, 10) } };
}

/** The report with its accepted failures marked and counted, and with the entries whose requirement passes as resolved. */
export function withAccepted<R extends Report>(report: R, failures: readonly AcceptedFailure[], now: number): R {
  const results = report.results.map((result) => markAccepted(result, failures, now));
  const accepted = results.filter((result) => result.accepted?.expired === false).length;
  const resolved = failures.filter(({ requirement }) => results.some(({ id, verdict }) => id === requirement && verdict === 'pass'));
  return {
    ...report,
    results,
    ...(resolved.length > 0 ? { resolved } : {}),
    summary: { ...report.summary, fail: report.summary.fail - accepted, accepted },
  };
}
