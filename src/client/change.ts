import { members } from '../contract/generated.ts';
import { isJsonObject, setMember } from '../contract/json.ts';
import type { Address, CustomerBillingProfile } from '../contract/profile.ts';
import type { EditBase } from './options.ts';
import { MisuseError } from '../contract/misuse.ts';

/** Members that may be absent can be cleared: by `null`, by `undefined` or by `delete`. */
type Clearable<T> = { -readonly [Name in keyof T]: undefined extends T[Name] ? T[Name] | null | undefined : T[Name] };
type Writable = Omit<CustomerBillingProfile, 'id' | 'links' | 'attributes' | 'defaultAddress'>;

/** A copy of the profile to change. What the service makes itself cannot be changed. */
export type ProfileDraft = Clearable<Writable> &
  Readonly<Pick<CustomerBillingProfile, 'id' | 'links' | 'attributes'>> & { defaultAddress: Clearable<Address> };

type Partially<T> = { [Name in keyof T]?: Clearable<T>[Name] | undefined };

/** The members to change. `undefined` leaves one alone, `null` clears one that may be absent. */
export type ProfileChange = Partially<Writable> & { defaultAddress?: Partially<Address> | undefined };

/** What to do with the profile: the members to change, or a function that changes a draft. */
export type Change = ProfileChange | ((draft: ProfileDraft) => void | Promise<void>);

/** Members and their new values by path, such as `defaultAddress.city`; null clears one. */
export type Edits = ReadonlyMap<string, unknown>;

const served = ['id', 'links', 'attributes'];
const required = ['email', 'culture', 'language', 'companyName', 'defaultAddress.country'];
const inAddress = 'defaultAddress.';

/**
 * What a change comes to on a profile: the members that it gives another value.
 *
 * Errors: `TypeError` for a change of what is the service's, for clearing what has to be there, for a member that neither the contract nor
 * the profile has, and for a function that returns something. A function's own errors.
 */
export async function editsOf(change: Change, profile: EditBase): Promise<Edits> {
  const values = membersOf(profile);
  if (typeof change === 'function') {
    const draft = structuredClone(profile) as ProfileDraft;
    const returned: unknown = await change(draft);
    if (returned !== undefined) {
      throw new MisuseError('The change function returned a value. Change the draft, and return nothing.');
    }
    return checked(difference(profile, draft), values);
  }
  const asked = [...membersOf(change)].filter(([, value]) => value !== undefined);
  return checked(new Map(asked.filter(([path, value]) => path === 'defaultAddress' || !isSame(values.get(path), value))), values);
}

/** Every member by its path, those of the address one by one. */
function membersOf(profile: object): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, value] of Object.entries(profile)) {
    if (name !== 'defaultAddress' || !isJsonObject(value)) found.set(name, value);
    else for (const [inner, member] of Object.entries(value)) found.set(inAddress + inner, member);
  }
  return found;
}

/** The members that differ, with their values in the second profile; what is absent there is null. */
function difference(before: object, after: object): Map<string, unknown> {
  const [was, is] = [membersOf(before), membersOf(after)];
  const paths = [...was.keys(), ...is.keys()].filter((path) => !isSame(was.get(path), is.get(path)));
  return new Map(paths.map((path) => [path, is.get(path) ?? null]));
}

/** A copy of an object of members. Errors: `TypeError` for anything else, such as a Map, a promise or an instance of a class. */
export function copyOf<T extends object>(given: T, what: string): T {
  const root: unknown = isJsonObject(given) && Object.getPrototypeOf(given);
  const isPlain = root === null || (root && Object.getPrototypeOf(root) === null);
  if (!isPlain) throw new MisuseError(`${what} has to be a plain object of members.`);
  const { defaultAddress: address } = given as { defaultAddress?: unknown };
  return { ...given, ...(isJsonObject(address) ? { defaultAddress: { ...address } } : {}) };
}

/**
 * Errors: those of `editsOf`. `values` are the members of the profile that was read; undefined for a whole profile, which may carry what the
 * service returned, of whatever type.
 */
export function checked(edits: Edits, values?: ReadonlyMap<string, unknown>): Edits {
  for (const [path, value] of edits) {
    const isDocumented = documented.includes(path);
    if (served.includes(path)) throw new MisuseError(`"${path}" is the service's and cannot be changed.`);
    if (path === 'defaultAddress') throw new MisuseError('"defaultAddress" has to be an object of members.');
    if (!isDocumented && !values?.has(path)) throw new MisuseError(`There is no member "${path}".${hintFor(path)}`);
    if ((value === null || value === '') && required.includes(path))
      throw new MisuseError(`"${path}" cannot be cleared; the service wants a value.`);
    if (value === null) continue;
    if (values && isDocumented && typeof value !== 'string') throw new MisuseError(`"${path}" has to be a text.`);
    // JSON would leave out a function, and make null of a number that is none: both would clear the member.
    if (!isSame(JSON.parse(JSON.stringify(value) ?? 'null'), value)) throw new MisuseError(`"${path}" has to be a JSON value.`);
  }
  return edits;
}

/** Where a misplaced or misspelt name belongs: at its own place rather than elsewhere. */
function hintFor(path: string): string {
  const nameOf = (one: string): string => one.replace(inAddress, '').toLowerCase();
  const known = documented.filter((one) => nameOf(one) === nameOf(path) && !served.includes(one));
  const meant = known.find((one) => one.length === path.length) ?? known[0];
  return meant === undefined ? '' : ` Did you mean "${meant}"?`;
}

/** The profile with its members changed; what is cleared stands there as null, so that it travels. */
export function applyEdits<T extends EditBase>(profile: T, edits: Edits): T {
  const changed = structuredClone(profile);
  for (const [path, value] of edits) {
    if (path.startsWith(inAddress)) setMember(changed.defaultAddress, path.slice(inAddress.length), value);
    else setMember(changed, path, value);
  }
  return changed;
}

/** The edits whose values a profile does not have. */
export function missingFrom(profile: object, edits: Edits): string[] {
  const values = membersOf(profile);
  return [...edits].filter(([path, value]) => !isSame(values.get(path), value, path)).map(([path]) => path);
}

const documented = [...Object.keys(members.CustomerBillingProfile!), ...Object.keys(members.Address!).map((name) => inAddress + name)];

/** The documented members that a write can set, with the values that they have here; what is absent is null. */
export function writableMembersOf(profile: object): Edits {
  const values = membersOf(profile);
  return new Map(
    documented.filter((path) => path !== 'defaultAddress' && !served.includes(path)).map((path) => [path, values.get(path) ?? null]),
  );
}

// What is written together: half of one writer's address and half of another's is an address that neither of them wrote.
function unitOf(path: string): string {
  if (/^(?:firstName|lastName|email)$/.test(path)) return 'contact';
  if (/\.(?:firstName|middleName|lastName|emailAddress|phoneNumber)$/.test(path)) return 'contact of the address';
  return path.startsWith(inAddress) ? 'place' : path;
}

/**
 * Finds where a change and that of another writer collide: the members that both have changed, in what belongs together.
 *
 * Shape: paths, none when the change can be made over theirs. Where both want the same value there is no collision, unless `isStrict`:
 * a function may have read the value that it changes, and two that count up from five must not both end at six.
 */
export function collisions(base: EditBase, edits: Edits, theirs: CustomerBillingProfile, isStrict = false): string[] {
  const units = (isStrict ? [...edits.keys()] : missingFrom(theirs, edits)).map(unitOf);
  const was = membersOf(base);
  return [...difference(base, theirs)]
    .filter(([path, value]) => {
      const mine = edits.has(path) ? edits.get(path) : was.get(path);
      return units.includes(unitOf(path)) && (isStrict || !isSame(value, mine, path));
    })
    .map(([path]) => path);
}

/** Whether two profiles have the same content; their links and ETags aside. */
export function isSameContent(one: object, other: object): boolean {
  return [...difference(one, other).keys()].every((path) => path === 'links' || path === 'attributes');
}

/** The value of a member by its path. */
export const valueAt = (profile: object, path: string): unknown => membersOf(profile).get(path);

/** Whether two values are the same to the service: null is absent, and the letter case of a culture does not count. */
export function isSame(one: unknown, other: unknown, path = ''): boolean {
  if (path === 'culture') return String(one ?? '').toLowerCase() === String(other ?? '').toLowerCase();
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return (one ?? null) === (other ?? null);
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  return Object.keys({ ...one, ...other }).every((name) => isSame(one[name as keyof object], other[name as keyof object]));
}
