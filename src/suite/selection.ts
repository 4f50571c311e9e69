import { packageVersion } from '../contract/generated.ts';
import type { Requirement } from './requirement.ts';

/** The requirements whose id fits a pattern; `*` stands for any text. Errors: `TypeError`, naming those that there are. */
export function selectRequirements<R extends Requirement>(requirements: readonly R[], only = '*'): R[] {
  const pattern = new RegExp(`^${only.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  const selected = requirements.filter(({ id }) => pattern.test(id));
  if (selected.length === 0) throw new TypeError(`No requirement fits "${only}". Available:\n${namesOf(requirements).join('\n')}`);
  return selected;
}

/** What can be selected: the topics of a suite, or the ids of one that has a single topic. */
function namesOf(requirements: readonly Requirement[]): string[] {
  const topics = [...new Set(requirements.map(({ id }) => id.split('.')[0]))];
  return topics.length > 1 ? topics.map((topic) => `  ${topic}.*`) : requirements.map(({ id }) => `  ${id}`);
}

/** The selected requirements with everything that they need, in the order of all. */
export function withNeeds<R extends Requirement>(selected: readonly R[], all: readonly R[]): R[] {
  const ids = new Set(selected.map(({ id }) => id));
  // A set that grows while it is walked is walked to its end.
  for (const id of ids) for (const need of all.find((one) => one.id === id)?.needs ?? []) ids.add(need);
  return all.filter(({ id }) => ids.has(id));
}

/**
 * The requirements as they were in an earlier version of this package, so that a new requirement does not turn a build red by surprise.
 *
 * Shape: `1.2`, or `1.2.3`; all of them without a version.
 * Errors: `TypeError` for anything else, for a later version, and for one before the first.
 */
export function requirementsAsOf<R extends Requirement>(requirements: readonly R[], version: string | undefined): readonly R[] {
  if (version === undefined) return requirements;
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
