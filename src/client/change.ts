import { members } from '../contract/generated.ts';
import { isJsonObject } from '../contract/json.ts';
import type { Address, CustomerBillingProfile } from '../contract/profile.ts';

type Json = Record<string, unknown>;

type OptionalNames<T> = { [Name in keyof T]-?: undefined extends T[Name] ? Name : never }[keyof T];
/** Members that may be absent can be cleared: by `null`, by `undefined` or by `delete`. */
type Clearable<T> = { -readonly [Name in Exclude<keyof T, OptionalNames<T>>]: T[Name] } & {
  -readonly [Name in OptionalNames<T>]?: T[Name] | null | undefined;
};
type Writable = Omit<CustomerBillingProfile, 'id' | 'links' | 'attributes' | 'defaultAddress'>;

/** A copy of the profile to change. What the service makes itself cannot be changed. */
export type ProfileDraft = Clearable<Writable> &
  Readonly<Pick<CustomerBillingProfile, 'id' | 'links' | 'attributes'>> & { defaultAddress: Clearable<Address> };

type Partially<T> = {
  [Name in keyof T]?: (undefined extends T[Name] ? T[Name] | null : T[Name]) | undefined;
};

/** The members to change. `undefined` leaves one alone, `null` clears one that may be absent. */
export type ProfileChange = Partially<Writable> & { defaultAddress?: Partially<Address> | undefined };

/** What to do with the profile: the members to change, or a function that changes a draft. */
export type Change = ProfileChange | ((draft: ProfileDraft) => void | Promise<void>);

/** Members and their new values by path, such as `defaultAddress.city`; null clears one. */
export type Edits = ReadonlyMap<string, unknown>;

const served = ['id', 'links', 'attributes'];
const required = ['email', 'culture', 'language', 'companyName', 'defaultAddress', 'defaultAddress.country'];
const inAddress = 'defaultAddress.';

/**
 * What a change comes to on a profile: the members that it gives another value.
 *
 * Errors: `TypeError` for a change of what is the service's, and for clearing what has to be there. A function's own errors.
 */
export async function editsOf(change: Change, profile: CustomerBillingProfile): Promise<Edits> {
  if (typeof change === 'function') {
    const draft = structuredClone(profile);
    await change(draft as ProfileDraft);
    return checked(difference(profile as unknown as Json, draft as unknown as Json, true));
  }
  if (!isJsonObject(change)) throw new TypeError('A change is an object of members, or a function that changes a draft.');
  return checked(difference(profile as unknown as Json, change, false));
}

/** The members that differ. What is absent in a whole profile is cleared, in a part of one it is left alone. */
function difference(base: Json, wanted: Json, whole: boolean): Map<string, unknown> {
  const edits = new Map<string, unknown>();
  const compare = (was: Json, is: Json, prefix: string): void => {
    for (const name of new Set([...(whole ? Object.keys(was) : []), ...Object.keys(is)])) {
      const value = Object.hasOwn(is, name) ? is[name] : undefined;
      if (!whole && value === undefined) continue;
      const old = Object.hasOwn(was, name) ? was[name] : undefined;
      if (prefix === '' && name === 'defaultAddress' && isJsonObject(value) && isJsonObject(old)) compare(old, value, inAddress);
      else if (!isSame(old, value)) edits.set(prefix + name, value ?? null);
    }
  };
  compare(base, wanted, '');
  return edits;
}

function checked(edits: Map<string, unknown>): Edits {
  for (const [path, value] of edits) {
    if (served.includes(path)) throw new TypeError(`"${path}" is the service's and cannot be changed.`);
    if (value === null && required.includes(path)) throw new TypeError(`"${path}" cannot be cleared; the service wants a value.`);
    if (path === 'defaultAddress') throw new TypeError('"defaultAddress" is to be an object of members.');
    const name = path.startsWith(inAddress) ? path.slice(inAddress.length) : path;
    const known = members[path.startsWith(inAddress) ? 'Address' : 'CustomerBillingProfile']!;
    const meant = Object.keys(known).find((one) => one !== name && one.toLowerCase() === name.toLowerCase());
    if (meant !== undefined && !Object.hasOwn(known, name)) throw new TypeError(`"${path}" is spelled "${meant}" here.`);
  }
  return edits;
}

/** The profile with its members changed; what is cleared stands there as null, so that it travels. */
export function applyEdits(profile: CustomerBillingProfile, edits: Edits): CustomerBillingProfile {
  const changed = structuredClone(profile) as unknown as Json;
  for (const [path, value] of edits) {
    const [object, name] = path.startsWith(inAddress) ? [changed.defaultAddress as Json, path.slice(inAddress.length)] : [changed, path];
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return changed as unknown as CustomerBillingProfile;
}

/** Whether a profile has every value of an edit. */
export function holds(profile: CustomerBillingProfile, edits: Edits): boolean {
  return [...edits].every(([path, value]) => isSame(valueAt(profile, path), value, path));
}

/** The documented members that a write can set, with the values that they have here; what is absent is null. */
export function writableMembersOf(profile: object): Edits {
  const edits = new Map<string, unknown>();
  for (const name of Object.keys(members.CustomerBillingProfile!)) {
    if (!served.includes(name) && name !== 'defaultAddress') edits.set(name, valueAt(profile, name) ?? null);
  }
  for (const name of Object.keys(members.Address!)) edits.set(inAddress + name, valueAt(profile, inAddress + name) ?? null);
  return edits;
}

// What is written together: half of one writer's address and half of another's is an address that nobody wrote.
const contact = ['firstName', 'lastName', 'email'];
const addressContact = ['firstName', 'middleName', 'lastName', 'emailAddress', 'phoneNumber'].map((name) => inAddress + name);

function unitOf(path: string): string {
  if (contact.includes(path)) return 'contact';
  if (addressContact.includes(path)) return 'contact of the address';
  return path.startsWith(inAddress) ? 'place' : path;
}

/**
 * Finds where a change and somebody else's collide: the members that both have changed, to different values, in what belongs together.
 *
 * Shape: paths, none when the change can be made over theirs. Where both want the same there is no collision.
 */
export function collisions(base: CustomerBillingProfile, edits: Edits, theirs: CustomerBillingProfile): string[] {
  const pending = [...edits].filter(([path, value]) => !isSame(valueAt(theirs, path), value, path)).map(([path]) => path);
  const units = new Set(pending.map(unitOf));
  const changedByThem = [...difference(base as unknown as Json, theirs as unknown as Json, true).keys()].filter(
    (path) => !served.includes(path),
  );
  const mine = (path: string): unknown => (edits.has(path) ? edits.get(path) : valueAt(base, path));
  return changedByThem.filter((path) => units.has(unitOf(path)) && !isSame(valueAt(theirs, path), mine(path), path));
}

function valueAt(profile: object, path: string): unknown {
  const [object, name] = path.startsWith(inAddress)
    ? [(profile as Json).defaultAddress, path.slice(inAddress.length)]
    : [profile as unknown, path];
  return isJsonObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Whether two values are the same to the service: null is absent, and the letter case of a culture does not count. */
function isSame(one: unknown, other: unknown, path = ''): boolean {
  if (one === undefined || one === null) return other === undefined || other === null;
  if (path === 'culture' && typeof one === 'string' && typeof other === 'string') return one.toLowerCase() === other.toLowerCase();
  if (typeof one !== 'object' || typeof other !== 'object' || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isSame((one as Json)[name], (other as Json)[name]));
}
