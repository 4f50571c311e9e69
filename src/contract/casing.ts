import { members } from '../../generated/contract.ts';
import type { CustomerBillingProfileUpdate, WritableProfile } from './profile.ts';

type Members = Record<string, string | null>;

interface Renaming {
  /** The contract's name for what is written, if it knows one. */
  find: (known: Members, written: string) => string | undefined;
  rename: (known: string) => string;
  onRepeat: (known: string) => void;
}

/**
 * Turns the names that the contract knows from camelCase into the PascalCase of a PUT, at every depth.
 *
 * Shape: values, their order and unknown members, names included, stay exactly as they are; a known name that is in PascalCase
 * already stays too. The argument is not changed.
 * Errors: `TypeError` when one object carries both spellings of a name, because the service would take either.
 * Source: SOURCES.md#letter-case
 */
export function toWire(profile: WritableProfile): CustomerBillingProfileUpdate {
  // True by the type test in tests/types/casing.test-d.ts: PascalCase of the response schema is the request schema.
  return renameMembers(profile, 'CustomerBillingProfile', pascalCase) as CustomerBillingProfileUpdate;
}

/**
 * Turns names in any letter case into the camelCase of the contract, as a server that ignores letter case reads them.
 *
 * Shape: of two spellings of a name the last one counts; unknown members stay as they are.
 * Source: SOURCES.md#letter-case
 */
export function fromWire(body: unknown): unknown {
  return renameMembers(body, 'CustomerBillingProfile', camelCase);
}

/**
 * Finds the names of the contract that are not in camelCase.
 *
 * Shape: JSON pointers, in the order of the value, for every depth. Names that the contract does not know are not judged.
 */
export function findMiscasedNames(value: unknown, schema = 'CustomerBillingProfile', path = ''): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => (Array.isArray(item) ? [] : findMiscasedNames(item, schema, `${path}/${index}`)));
  if (value === null || typeof value !== 'object') return [];
  const knownMembers = members[schema]!;
  return Object.entries(value).flatMap(([written, member]) => {
    const known = camelCase.find(knownMembers, written);
    if (known === undefined) return [];
    const here = `${path}/${written}`;
    const inner = knownMembers[known]!;
    return [...(known === written ? [] : [here]), ...(inner === null ? [] : findMiscasedNames(member, inner, here))];
  });
}

const pascalCase: Renaming = {
  find: (known, written) => [written, written.charAt(0).toLowerCase() + written.slice(1)].find((name) => Object.hasOwn(known, name)),
  rename: (known) => known.charAt(0).toUpperCase() + known.slice(1),
  onRepeat: (known) => {
    throw new TypeError(`The profile carries "${known}" in camelCase and in PascalCase in one object. Keep the camelCase one.`);
  },
};

const camelCase: Renaming = {
  find: (known, written) => byLowerCase(known).get(written.toLowerCase()),
  rename: (known) => known,
  onRepeat: () => {},
};

const lowerCaseNames = new WeakMap<Members, ReadonlyMap<string, string>>();

/** The names of a schema by their lower case, made once for each schema. */
function byLowerCase(known: Members): ReadonlyMap<string, string> {
  let names = lowerCaseNames.get(known);
  if (names === undefined) lowerCaseNames.set(known, (names = new Map(Object.keys(known).map((name) => [name.toLowerCase(), name]))));
  return names;
}

function renameMembers(value: unknown, schema: string, renaming: Renaming): unknown {
  // One level only: the contract has no arrays of arrays, and hostile nesting must not exhaust the stack.
  if (Array.isArray(value)) return value.map((item) => (Array.isArray(item) ? item : renameMembers(item, schema, renaming)));
  if (value === null || typeof value !== 'object') return value;
  const knownMembers = members[schema]!;
  const renamed: Record<string, unknown> = {};
  for (const [written, member] of Object.entries(value)) {
    const known = renaming.find(knownMembers, written);
    if (known === undefined) {
      // Unlike assignment this keeps a member named __proto__ a member.
      Object.defineProperty(renamed, written, { value: member, writable: true, enumerable: true, configurable: true });
      continue;
    }
    const name = renaming.rename(known);
    if (Object.hasOwn(renamed, name)) renaming.onRepeat(known);
    const memberSchema = knownMembers[known]!;
    renamed[name] = memberSchema === null ? member : renameMembers(member, memberSchema, renaming);
  }
  return renamed;
}
