import { isJsonObject } from './json.ts';
import { members } from '../../generated/contract.ts';
import { setMember } from './json.ts';
import type { CustomerBillingProfileUpdate, WritableProfile } from './profile.ts';
import { MisuseError } from './misuse.ts';

type Members = Record<string, string | null>;

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
  return renameMembers(profile, 'CustomerBillingProfile', inPascalCase) as CustomerBillingProfileUpdate;
}

/**
 * Turns names in any letter case into the camelCase of the contract, as a server that ignores letter case reads them.
 *
 * Shape: of two spellings of a name the last one counts; unknown members stay as they are.
 * Source: SOURCES.md#letter-case
 */
export function fromWire(body: unknown): unknown {
  return renameMembers(body, 'CustomerBillingProfile', inCamelCase);
}

/** A name of the contract in PascalCase. */
export const pascalCase = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/**
 * Finds the names of the contract that are not in camelCase, or not in PascalCase.
 *
 * Shape: JSON pointers, in the order of the value, for every depth. Names that the contract does not know are not judged.
 */
export function findMiscasedNames(value: unknown, spelling: 'camelCase' | 'PascalCase' = 'camelCase'): string[] {
  const spelled = spelling === 'camelCase' ? (name: string): string => name : pascalCase;
  const find = (inner: unknown, schema: string, path: string): string[] => {
    if (Array.isArray(inner)) return inner.flatMap((item, index) => (Array.isArray(item) ? [] : find(item, schema, `${path}/${index}`)));
    if (inner === null || typeof inner !== 'object') return [];
    const knownMembers = members[schema]!;
    return Object.entries(inner).flatMap(([written, member]) => {
      const known = byLowerCase(knownMembers).get(written.toLowerCase());
      if (known === undefined) return [];
      const here = `${path}/${written}`;
      const memberSchema = knownMembers[known]!;
      return [...(spelled(known) === written ? [] : [here]), ...(memberSchema === null ? [] : find(member, memberSchema, here))];
    });
  };
  return find(value, 'CustomerBillingProfile', '');
}

/** The contract's name for what is written, if it knows one, and the name that it gets; `taken` says whether something has it already. */
type Rename = (schema: Members, written: string, taken: (name: string) => boolean) => [known: string, name: string] | undefined;

const inPascalCase: Rename = (schema, written, taken) => {
  const known = written.charAt(0).toLowerCase() + written.slice(1);
  if (!Object.hasOwn(schema, known)) return undefined;
  const name = pascalCase(known);
  if (taken(name))
    throw new MisuseError(`The profile carries "${known}" in camelCase and in PascalCase in one object. Keep the camelCase one.`);
  return [known, name];
};

const inCamelCase: Rename = (schema, written) => {
  const known = byLowerCase(schema).get(written.toLowerCase());
  return known === undefined ? undefined : [known, known];
};

const lowerCaseNames = new WeakMap<Members, ReadonlyMap<string, string>>();

/** The names of a schema by their lower case, made once for each schema. */
function byLowerCase(known: Members): ReadonlyMap<string, string> {
  let names = lowerCaseNames.get(known);
  if (names === undefined) lowerCaseNames.set(known, (names = new Map(Object.keys(known).map((name) => [name.toLowerCase(), name]))));
  return names;
}

function renameMembers(value: unknown, schema: string, rename: Rename): unknown {
  // One level only: the contract has no arrays of arrays, and hostile nesting must not exhaust the stack.
  if (Array.isArray(value)) return value.map((item) => (Array.isArray(item) ? item : renameMembers(item, schema, rename)));
  if (value === null || typeof value !== 'object') return value;
  const knownMembers = members[schema]!;
  const renamed = {};
  for (const [written, member] of Object.entries(value)) {
    const [known, name] = rename(knownMembers, written, (taken) => Object.hasOwn(renamed, taken)) ?? [undefined, written];
    const memberSchema = known === undefined ? null : knownMembers[known]!;
    setMember(renamed, name, memberSchema === null ? member : renameMembers(member, memberSchema, rename));
  }
  return renamed;
}

/** A member by its name in any letter case. */
export function memberIn(object: unknown, name: string): unknown {
  if (!isJsonObject(object)) return undefined;
  return Object.entries(object).find(([spelling]) => spelling.toLowerCase() === name.toLowerCase())?.[1];
}
