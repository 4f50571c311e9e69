import type { Report } from './types.ts';

/**
 * The exit code of a finished run: 0 when every `must` that ran passed and at least one ran, 1 when one failed or was untestable,
 * 2 when the run itself is invalid or the profile could not be put back. With `strict` a `should` counts too; an `observe` never does.
 */
export function exitCodeOf({ results, summary, restoration }: Report, { strict = false } = {}): 0 | 1 | 2 {
  if (summary.broken > 0) return 2;
  const ran = results.filter(({ verdict }) => verdict !== 'skipped');
  if (!ran.some(({ level }) => level === 'must')) return 2;
  const counts = ran.filter(({ level }) => level === 'must' || (strict && level === 'should'));
  // A broken promise is the news of the run; that the profile was not put back is said beside it.
  if (counts.some(({ verdict }) => verdict !== 'pass')) return 1;
  return restoration?.state === 'changed-by-others' || restoration?.state === 'unverified' ? 2 : 0;
}
