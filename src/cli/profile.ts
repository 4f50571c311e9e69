import { createPartnerClient } from '../client/client.ts';
import { clouds } from '../client/clouds.ts';
import type { BillingProfileOperations } from '../client/billing-profile.ts';
import type { ProfileChange } from '../client/change.ts';
import { fromWire, toWire } from '../contract/casing.ts';
import { toIfMatch } from '../contract/etag.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import type { WritableProfile } from '../contract/profile.ts';
import { type Io, UnusableProfile, UsageError } from './io.ts';
import { tokenFor } from './target.ts';

export interface ServiceArguments {
  baseUrl?: string;
  tokenFile?: string;
}

/** The options of `set`: the flag, the member it sets, and whether it stands in the address. A member without `clear` is required. */
export const settableMembers = [
  { flag: 'email', member: 'email', in: 'profile', clear: false, about: "billing contact's e-mail address" },
  { flag: 'first-name', member: 'firstName', in: 'profile', clear: true, about: "billing contact's first name" },
  { flag: 'last-name', member: 'lastName', in: 'profile', clear: true, about: "billing contact's last name" },
  { flag: 'culture', member: 'culture', in: 'profile', clear: false, about: 'culture, such as en-US' },
  { flag: 'language', member: 'language', in: 'profile', clear: false, about: 'language, such as en' },
  { flag: 'company-name', member: 'companyName', in: 'profile', clear: false, about: 'company that is billed' },
  { flag: 'country', member: 'country', in: 'address', clear: false, about: 'country, two letters' },
  { flag: 'region', member: 'region', in: 'address', clear: true, about: 'region' },
  { flag: 'city', member: 'city', in: 'address', clear: true, about: 'city' },
  { flag: 'state', member: 'state', in: 'address', clear: true, about: 'state' },
  { flag: 'address-line1', member: 'addressLine1', in: 'address', clear: true, about: 'first line of the address' },
  { flag: 'address-line2', member: 'addressLine2', in: 'address', clear: true, about: 'second line of the address' },
  { flag: 'postal-code', member: 'postalCode', in: 'address', clear: true, about: 'postal code' },
  { flag: 'address-first-name', member: 'firstName', in: 'address', clear: true, about: "address contact's first name" },
  { flag: 'address-middle-name', member: 'middleName', in: 'address', clear: true, about: "address contact's middle name" },
  { flag: 'address-last-name', member: 'lastName', in: 'address', clear: true, about: "address contact's last name" },
  { flag: 'phone-number', member: 'phoneNumber', in: 'address', clear: true, about: "address contact's phone number" },
] as const;

// Somebody sits before the screen; who asks for more is told to come back.
const patienceMs = 10_000;

export interface GetArguments extends ServiceArguments {
  etag?: boolean;
  pascalCase?: boolean;
  merge?: string;
}

/** Prints a customer's billing profile as JSON; or its ETag alone, as If-Match wants it. */
export async function getCommand(customerId: string, options: GetArguments, io: Io): Promise<number> {
  const { etag, pascalCase, merge } = options;
  if (etag && (pascalCase || merge !== undefined)) throw new UsageError('--etag prints no body. Leave out --pascal-case and --merge.');
  const patch = merge === undefined ? {} : parseJson(merge);
  if (!isJsonObject(patch)) throw new UsageError('--merge wants a JSON object, such as \'{"email":"billing@contoso.com"}\'.');
  const profile = await (await billingOf(customerId, options, io)).get();
  try {
    if (etag) io.out(`${toIfMatch(profile.attributes.etag)}\n`);
    else {
      // Names in any letter case, because the service takes any: another spelling beside the one that was read would overwrite it.
      const merged = mergePatch(profile, fromWire(patch)) as WritableProfile;
      print(pascalCase ? toWire(merged) : merged, io);
    }
  } catch (error) {
    blameService(error);
  }
  return 0;
}

/** A JSON value with a patch: objects are merged, null removes. Source: RFC 7396, section 2 */
function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const merged = new Map(Object.entries(isJsonObject(value) ? value : {}));
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), change));
  }
  return Object.fromEntries(merged);
}

/** Reads the profile, changes the given members and writes it, guarded by the ETag that was read. `changes` is keyed by flag. */
export async function setCommand(
  customerId: string,
  changes: Readonly<Record<string, string>>,
  options: ServiceArguments,
  io: Io,
): Promise<number> {
  const given = settableMembers.filter(({ flag }) => changes[flag] !== undefined);
  if (given.length === 0) throw new UsageError('Nothing to set. Give at least one member, such as --email billing@contoso.com.');
  const uncleared = given.find(({ flag, clear }) => !clear && changes[flag] === '');
  if (uncleared !== undefined) throw new UsageError(`--${uncleared.flag} cannot be empty; the service wants a value.`);

  // A cleared member travels as null: the documents show that null means "no value", and leave open what leaving it out means.
  const valuesIn = (place: 'profile' | 'address'): Record<string, string | null> =>
    Object.fromEntries(given.filter((member) => member.in === place).map(({ flag, member }) => [member, changes[flag] || null]));
  const billing = await billingOf(customerId, options, io);
  const change: ProfileChange = { ...valuesIn('profile'), defaultAddress: valuesIn('address') };
  print(await billing.edit(change).catch(blameService), io);
  return 0;
}

/** The profile is as the service answered it: if it cannot be written back, the fault is not the user's. */
function blameService(error: unknown): never {
  if (error instanceof TypeError)
    throw new UnusableProfile(`The profile that the service answered cannot be written back. ${error.message}`);
  throw error;
}

async function billingOf(customerId: string, options: ServiceArguments, io: Io): Promise<BillingProfileOperations> {
  const baseUrl = options.baseUrl ?? (io.env.PARTNER_CENTER_BASE_URL || clouds.global.baseUrl);
  const token = await tokenFor(baseUrl, options.tokenFile, io);
  return createPartnerClient({ baseUrl, token, application: 'pc-billing', maxWaitMs: patienceMs }).customers.byId(customerId).profiles
    .billing;
}

const print = (profile: unknown, io: Io): void => io.out(`${JSON.stringify(profile, null, 2)}\n`);
