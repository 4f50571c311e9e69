import type { ServiceBehaviour } from '../contract/behaviour.ts';
import { fromWire, toWire } from '../contract/casing.ts';
import { members } from '../contract/generated.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import type { WritableProfile } from '../contract/profile.ts';
import { validateUpdate } from '../contract/validate.ts';
import { checkAddress } from './address-checks.ts';
import type { Customer } from './customers.ts';
import type { ProfileRequest } from './request.ts';
import { refuse, type ServiceResponse } from './response.ts';

/** What a PUT asks for, once its body is known to be good. */
export interface Update {
  /** `attributes.etag` of the body. */
  etag: string | undefined;
  /** What the customer's profile becomes. */
  profile: Record<string, unknown>;
  objectType: string;
}

type Json = Record<string, unknown>;

const jsonMediaTypes = ['application/json', 'text/json'];
// Named by the swagger as readable. Source: SOURCES.md#media-types
const otherMediaTypes = ['application/xml', 'text/xml', 'application/x-www-form-urlencoded'];

/** Reads the body of a PUT, without side effects: the update it asks for, or the refusal. */
export function readUpdate(behaviour: ServiceBehaviour, request: ProfileRequest, customer: Customer): Update | ServiceResponse {
  const invalidInput = (detail: string): ServiceResponse => refuse(behaviour, 400, 800002, 'Invalid request input', { data: [detail] });

  const { mediaType = 'application/json' } = request;
  if (otherMediaTypes.includes(mediaType)) return invalidInput(`${mediaType} is not read by this mock; send application/json`);
  if (!jsonMediaTypes.includes(mediaType)) {
    const data = ['Content-Type is not one that the service reads; send application/json'];
    return refuse(behaviour, 415, 800042, 'Not supported', { data });
  }
  if (request.isTooLarge) return refuse(behaviour, 413, 800002, 'Invalid request input', { data: ['The body is over 1 MiB'] });

  const json = parseJson(request.body);
  if (json === undefined) return invalidInput('The body is not JSON');
  // A WritableProfile once it is validated, which the next lines do under the names of the request schema.
  const sent = fromWire(json) as WritableProfile;
  const validation = validateUpdate(isJsonObject(sent) ? toWire(sent) : sent);
  if (validation.ok) return applyUpdate(behaviour, sent, customer);
  const placeOf = (path: string): string => path.slice(1).replaceAll('/', '.') || 'The body';
  const details = validation.problems.map(({ path, message }) => `${placeOf(path)}: ${message}`);
  return invalidProperty(behaviour, details);
}

const invalidProperty = (behaviour: ServiceBehaviour, data: string[]): ServiceResponse =>
  refuse(behaviour, 400, 3000, 'Invalid property', { data });

function applyUpdate(behaviour: ServiceBehaviour, sent: WritableProfile, customer: Customer): Update | ServiceResponse {
  const refused: string[] = [];
  const { id, objectType } = identity(behaviour, sent, customer, refused);
  const storedAddress = customer.profile.defaultAddress as Json;
  const address = merge(behaviour, 'Address', storedAddress, sent.defaultAddress as Json, refused);
  // The contract wants a country in every response, so it cannot be cleared.
  address.country ??= storedAddress.country;
  const changed = { ...sent, id, defaultAddress: address, culture: culture(sent.culture) };
  const profile = merge(behaviour, 'CustomerBillingProfile', customer.profile, changed, refused);
  if (refused.length > 0) return invalidProperty(behaviour, refused);

  const problem = behaviour.addressChecks === 'documented' ? checkAddress(address) : undefined;
  if (problem !== undefined) return refuse(behaviour, 400, problem.code, problem.description, { data: problem.data });

  return { profile, objectType, etag: sent.attributes?.etag ?? undefined };
}

/** The id and the object type after the PUT. A PUT that carries neither changes neither. */
function identity(behaviour: ServiceBehaviour, sent: WritableProfile, customer: Customer, refused: string[]) {
  const stored = { id: customer.profile.id, objectType: customer.objectType };
  const wanted = { id: sent.id ?? stored.id, objectType: sent.attributes?.objectType ?? stored.objectType };
  if (behaviour.identityChange === 'stored') return wanted;
  if (behaviour.identityChange === 'refused') {
    if (wanted.id !== stored.id) refused.push('Id: cannot be changed');
    if (wanted.objectType !== stored.objectType) refused.push('Attributes.ObjectType: cannot be changed');
  }
  return stored;
}

/** One object of the profile after the PUT, its members in the contract's order, unknown ones last. */
function merge(behaviour: ServiceBehaviour, schema: string, stored: Json, sent: Json, refused: string[]): Json {
  const served = ['links', 'attributes'];
  const known = Object.keys(members[schema]!).filter((name) => !served.includes(name));
  const unknown = [...Object.keys(stored), ...Object.keys(sent)].filter((name) => !Object.hasOwn(members[schema]!, name));
  const merged = new Map<string, unknown>();
  for (const name of [...known, ...(behaviour.unknownMember === 'kept' ? unknown : [])]) {
    const [value, was] = [sent, stored].map((one) => (Object.hasOwn(one, name) ? one[name] : undefined));
    const answer = value === null ? behaviour.nullMember : behaviour.omittedMember;
    if (value !== undefined && value !== null) merged.set(name, value);
    else if (was === undefined) continue;
    else if (answer === 'kept') merged.set(name, was);
    else if (answer === 'refused') refused.push(`${schema}.${name}: ${value === null ? 'must not be null' : 'is missing'}`);
  }
  return Object.fromEntries(merged);
}

/** `EN-US` comes back as `en-US`. Source: SOURCES.md#culture */
function culture(written: string): string {
  try {
    return Intl.getCanonicalLocales(written)[0] ?? written;
  } catch {
    return written;
  }
}
