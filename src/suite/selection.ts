import { packageVersion } from '../contract/generated.ts';
import { printable } from '../contract/printable.ts';
import { nearestTo } from './nearest.ts';
import type { Requirement } from './requirement.ts';
import { MisuseError } from '../contract/misuse.ts';

/**
 * The requirements that patterns name, separated by commas: a topic such as `race`, or an id in which `*` stands for any text.
 *
 * Errors: `TypeError` that names what was probably meant, else what there is.
 */
export function selectRequirements<R extends Requirement>(requirements: readonly R[], only = '*'): R[] {
  const chosen = new Set(only.split(',').flatMap((one) => selectOne(requirements, one.trim())));
  return requirements.filter((one) => chosen.has(one));
}

function selectOne<R extends Requirement>(requirements: readonly R[], only: string): R[] {
  const topics = topicsOf(requirements);
  const glob = topics.includes(only) ? `${only}.*` : only;
  const pattern = new RegExp(`^${glob.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  const selected = requirements.filter(({ id }) => pattern.test(id));
  if (selected.length > 0) return selected;
  const ids = requirements.map(({ id }) => id);
  const near = nearestTo(only, [...topics, ...ids]);
  const [title, names] = near.length > 0 ? ['Did you mean:', near] : ['Available:', topics.length > 1 ? topics : ids];
  throw new MisuseError(`No requirement fits "${printable(only)}". ${title}\n${names.map((name) => `  ${name}`).join('\n')}`);
}

/** The topic of a requirement: what its id begins with. */
export const topicOf = (id: string): string => id.split('.')[0]!;

/** The topics of requirements, in their order. */
export const topicsOf = (requirements: readonly Pick<Requirement, 'id'>[]): string[] => [
  ...new Set(requirements.map(({ id }) => topicOf(id))),
];

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
  if (!/^\d+\.\d+(\.\d+)?$/.test(version)) throw new MisuseError(`"${version}" is no version. Give one such as 0.1.`);
  if (isAfter(version.split('.').slice(0, 2).join('.'), packageVersion)) {
    throw new MisuseError(`This is version ${packageVersion}; the requirements of ${version} are not known yet.`);
  }
  const then = requirements.filter(({ since }) => !isAfter(since, version));
  if (then.length === 0) throw new MisuseError(`There were no requirements in version ${version}.`);
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
