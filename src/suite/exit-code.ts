import type { Report, Restoration, Result } from './result.ts';

/** Whether a failure is known and has not expired. */
export function isAccepted({ verdict, accepted }: Result): boolean {
  return verdict === 'fail' && accepted?.expired === false;
}

/**
 * Whether a result makes the run fail: a `must` that failed or is untestable, with `strict` a `should` too, an `observe` never. A
 * failure that is known does not count, nor does what is untestable because of it.
 */
export function countsAgainst(result: Result, { results }: Pick<Report, 'results'>, { strict = false } = {}): boolean {
  if (result.verdict === 'pass' || result.verdict === 'skipped') return false;
  if (result.level === 'observe' || (result.level === 'should' && !strict)) return false;
  return !isAccepted(result) && !results.some((cause) => cause.id === result.blockedBy && isAccepted(cause));
}

/** Whether anything that counts was tested: a `must`, with `strict` a `should` too. */
export function hasTested({ results }: Pick<Report, 'results'>, { strict = false } = {}): boolean {
  return results.some(({ level, verdict }) => (level === 'must' || (strict && level === 'should')) && verdict !== 'skipped');
}

/**
 * The exit code of a finished run: 0 when something that counts was tested and nothing counts against it, 1 when something does or an
 * accepted failure is resolved, 2 when the run itself is invalid or the profile could not be put back.
 */
export function exitCodeOf(report: Report, options: { strict?: boolean } = {}): 0 | 1 | 2 {
  const { results, summary, restoration, resolved = [] } = report;
  if (summary.broken > 0) return 2;
  if (!hasTested(report, options)) return 2;
  // A broken promise is the news of the run; that the profile was not put back is said beside it.
  if (resolved.length > 0 || results.some((result) => countsAgainst(result, report, options))) return 1;
  return isLeftChanged(restoration) ? 2 : 0;
}

/** Whether a profile was not put back, or may not have been. */
export function isLeftChanged(
  restoration: Restoration | undefined,
): restoration is Restoration & { state: 'changed-by-others' | 'unverified' } {
  return restoration?.state === 'changed-by-others' || restoration?.state === 'unverified';
}
