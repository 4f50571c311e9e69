import { packageVersion } from '../contract/generated.ts';
import type { Requirement } from './types.ts';

/** The requirements whose id fits a pattern; `*` stands for any text. Errors: `TypeError` when there is none. */
export function selectRequirements(requirements: readonly Requirement[], only = '*'): Requirement[] {
  const pattern = new RegExp(`^${only.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  const selected = requirements.filter(({ id }) => pattern.test(id));
  if (selected.length === 0) throw new TypeError(`No requirement fits "${only}".`);
  return selected;
}

/**
 * The requirements as they were in an earlier version of this package, so that a new one turns nobody's build red by surprise.
 *
 * Shape: `1.2`, or `1.2.3`. Errors: `TypeError` for anything else, for a later version, and for one before the first.
 */
export function requirementsAsOf(requirements: readonly Requirement[], version: string): Requirement[] {
  if (!/^\d+\.\d+(\.\d+)?$/.test(version)) throw new TypeError(`"${version}" is no version. Give one such as 0.1.`);
  if (isAfter(version.split('.').slice(0, 2).join('.'), packageVersion)) {
    throw new TypeError(`This is version ${packageVersion}; the requirements of ${version} are not known yet.`);
  }
  const then = requirements.filter(({ since }) => !isAfter(since, version));
  if (then.length === 0) throw new TypeError(`There were no requirements in version ${version}.`);
  return then;
}

/** Whether one version is later than another; a part that the other does not name counts as its highest. */
function isAfter(one: string, other: string): boolean {
  const [left, right] = [one.split('.').map(Number), other.split('.').map(Number)];
  for (const [index, part] of right.entries()) {
    if ((left[index] ?? 0) !== part) return (left[index] ?? 0) > part;
  }
  return false;
}
