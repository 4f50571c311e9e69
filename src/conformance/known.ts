import type { AcceptedFailure, Report, Result } from './types.ts';

/**
 * Marks a failure that is known. Its verdict stays.
 *
 * Shape: `now` is milliseconds since 1970; an entry is in force through the whole of its last day, UTC.
 */
export function markKnown(result: Result, deviations: readonly AcceptedFailure[], now: number): Result {
  const entry = deviations.find(({ requirement }) => requirement === result.id);
  if (entry === undefined || result.verdict !== 'fail') return result;
  const { requirement: _, ...known } = entry;
  return { ...result, accepted: { ...known, expired: entry.expires < new Date(now).toISOString().slice(0, 10) } };
}

/** The report with its known deviations marked and counted, and those named that are none any more: their requirement passes. */
export function withKnown<R extends Report>(report: R, deviations: readonly AcceptedFailure[], now: number): R {
  const results = report.results.map((result) => markKnown(result, deviations, now));
  const borne = results.filter(({ accepted }) => accepted?.expired === false).length;
  const stale = deviations.filter(({ requirement }) => results.some(({ id, verdict }) => id === requirement && verdict === 'pass'));
  return {
    ...report,
    results,
    ...(stale.length > 0 ? { resolved: [...stale] } : {}),
    summary: { ...report.summary, fail: report.summary.fail - borne, accepted: borne },
  };
}
