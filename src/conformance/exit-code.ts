import type { Report } from './types.ts';

/**
 * The exit code of a finished run: 0 when every `must` that ran passed and at least one ran, 1 when one failed or was untestable,
 * 2 when the run itself is invalid. With `strict` a `should` counts too; an `observe` never does.
 */
export function exitCodeOf({ results, summary }: Report, { strict = false } = {}): 0 | 1 | 2 {
  if (summary.broken > 0) return 2;
  const ran = results.filter(({ verdict }) => verdict !== 'skipped');
  if (!ran.some(({ level }) => level === 'must')) return 2;
  const counts = ran.filter(({ level }) => level === 'must' || (strict && level === 'should'));
  return counts.every(({ verdict }) => verdict === 'pass') ? 0 : 1;
}
