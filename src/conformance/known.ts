import type { KnownDeviation, Report, Result } from './types.ts';

/**
 * The report with its known deviations marked. The verdict of a failure stays; it counts as `known` until the entry has expired.
 *
 * Shape: a new report; `now` is milliseconds since 1970. An entry is in force through the whole of its last day, UTC.
 */
export function withKnown(report: Report, deviations: readonly KnownDeviation[], now: number): Report {
  const today = new Date(now).toISOString().slice(0, 10);
  const mark = (result: Result): Result => {
    const entry = deviations.find(({ requirement }) => requirement === result.id);
    if (entry === undefined || result.verdict !== 'fail') return result;
    const { requirement: _, ...known } = entry;
    return { ...result, known: { ...known, expired: entry.expires < today } };
  };
  const results = report.results.map(mark);
  const borne = results.filter(({ known }) => known?.expired === false).length;
  const stale = deviations.filter(({ requirement }) => results.some(({ id, verdict }) => id === requirement && verdict === 'pass'));
  return {
    ...report,
    results,
    ...(stale.length > 0 ? { stale: [...stale] } : {}),
    summary: { ...report.summary, fail: report.summary.fail - borne, known: borne },
  };
}
