import type { Requirement } from '../src/conformance/index.ts';

/**
 * What cannot be tested once these requirements fail: all that needs one of them, directly or by way of others.
 *
 * Shape: ids in the order of the requirements. A requirement that fails itself is not among them.
 */
export function consequencesOf(fails: readonly string[], requirements: readonly Pick<Requirement, 'id' | 'needs'>[]): string[] {
  const needsOf = new Map(requirements.map(({ id, needs }) => [id, needs]));
  const standsOnFailure = (id: string): boolean => needsOf.get(id)?.some((need) => fails.includes(need) || standsOnFailure(need)) ?? false;
  return requirements.map(({ id }) => id).filter((id) => !fails.includes(id) && standsOnFailure(id));
}
