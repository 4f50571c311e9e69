import { fromWire, toWire } from '../../contract/casing.ts';
import { toIfMatch } from '../../contract/etag.ts';
import { members } from '../../contract/generated.ts';
import { isJsonObject } from '../../contract/json.ts';
import type { WritableProfile } from '../../contract/profile.ts';
import { Failure, Untestable } from './check-errors.ts';
import type { ProbeRequest, ProbeResponse } from './exchange.ts';
import { expectStatus, unquotable } from './expect.ts';
import type { Probe } from './probe.ts';

/** A profile as a check reads it, whatever the letter case of its names: that has a requirement of its own. */
export type ReadProfile = Record<string, unknown>;

// A read may lag behind the write before it; that the next one does not has a requirement of its own.
const waitsMs = [0, 100, 400];

/**
 * Reads the profile of the target's customer, or of another one.
 *
 * Errors: `Failure` when the answer is not 200 with one JSON object. Requirements that stand on `read.answers-one-object` get one.
 */
export async function readProfile(probe: Probe, customerId?: string): Promise<ReadProfile> {
  const lastWritten = customerId === undefined ? probe.lastWritten() : undefined;
  const written = lastWritten === undefined ? undefined : contentOf(fromWire(lastWritten) as ReadProfile);
  let profile: ReadProfile = {};
  for (const waitMs of waitsMs) {
    if (waitMs > 0) await probe.sleep(waitMs, 'lag');
    const response = await probe.send({ method: 'GET', ...(customerId === undefined ? {} : { customerId }) });
    expectStatus(response, [200], 'GET', '200');
    profile = profileIn(response, 'GET');
    if (written === undefined || contentOf(profile) === written) break;
  }
  return profile;
}

/** The profile in a response. Errors: `Failure` when the body is not one JSON object. */
export function profileIn(response: ProbeResponse, method: string): ReadProfile {
  if (!isJsonObject(response.json)) {
    const isJson = response.json !== undefined;
    throw new Failure(`The body of the response to ${method} is ${isJson ? 'not one JSON object' : 'not JSON'}.`, {
      expected: 'one JSON object',
      actual: isJson ? 'other JSON' : response.text === '' ? 'no body' : 'no JSON',
    });
  }
  return fromWire(response.json) as ReadProfile;
}

/** The ETag of a profile; undefined when it carries none that can be used. */
export function etagOf(profile: ReadProfile): string | undefined {
  const { etag } = attributesOf(profile);
  return typeof etag === 'string' && etag !== '' ? etag : undefined;
}

/** The attributes of a profile; none when it has no such object. */
export function attributesOf(profile: ReadProfile): Record<string, unknown> {
  return isJsonObject(profile.attributes) ? profile.attributes : {};
}

/** The address of a profile; none when it has no such object. */
export function addressOf(profile: ReadProfile): Record<string, unknown> {
  return isJsonObject(profile.defaultAddress) ? profile.defaultAddress : {};
}

/**
 * What a profile holds: the members of the contract, without what the service makes anew, its ETag and its links. What else a service
 * responses it has not promised to keep.
 */
function knownContent(profile: ReadProfile): ReadProfile {
  const { links: _, attributes: __, ...content } = knownMembers(profile, 'CustomerBillingProfile');
  return isJsonObject(content.defaultAddress) ? { ...content, defaultAddress: knownMembers(content.defaultAddress, 'Address') } : content;
}

function knownMembers(object: Record<string, unknown>, schema: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => Object.hasOwn(members[schema]!, name)));
}

/** The content as a text: two of these can be compared. */
export function contentOf(profile: ReadProfile): string {
  return canonical(knownContent(profile));
}

/** A change that is legal everywhere and looks like a test: other names for the billing contact. */
export function inventNames(probe: Probe): { firstName: string; lastName: string } {
  return { firstName: probe.invent(), lastName: probe.invent() };
}

/** A PUT that is as it should be, to be sent as it is or spoilt in one thing. */
export interface GoodPut {
  before: ReadProfile;
  etag: string;
  /** What it changes. */
  change: Record<string, unknown>;
  request: ProbeRequest & { body: Record<string, unknown> };
}

/** Reads the profile and prepares a PUT of the full resource in PascalCase, with the ETag in If-Match and in the body. */
export async function prepareWrite(
  probe: Probe,
  change: Record<string, unknown> | ((before: ReadProfile) => Record<string, unknown>) = inventNames(probe),
): Promise<GoodPut> {
  // The snapshot comes first, so that nothing stands between the read and the write.
  await probe.canWrite();
  const before = await readProfile(probe);
  await probe.expectOurs(before);
  const etag = etagOf(before);
  if (etag === undefined) throw new Untestable('The profile that was just read carries no ETag.');
  const changed = typeof change === 'function' ? change(before) : change;
  return { before, etag, change: changed, request: putRequest(before, changed, etag) };
}

/** A PUT of the full resource in PascalCase, with one ETag in If-Match and in the body. */
export function putRequest(profile: ReadProfile, change: Record<string, unknown>, etag: string): GoodPut['request'] {
  const attributes = { ...attributesOf(profile), etag };
  return { method: 'PUT', ifMatch: ifMatchOf(etag), body: wireBody({ ...profile, ...change, attributes }) };
}

/** A profile, whatever it is, as the body of a PUT. */
export function wireBody(profile: ReadProfile): Record<string, unknown> {
  return toWire(profile as unknown as WritableProfile) as unknown as Record<string, unknown>;
}

/** Reads the profile, changes it (its names by default) and writes it. Errors: `Failure` unless it gets 200. */
export async function writeChange(
  probe: Probe,
  change?: Record<string, unknown> | ((before: ReadProfile) => Record<string, unknown>),
): Promise<GoodPut & { response: ProbeResponse }> {
  const put = await prepareWrite(probe, change);
  const response = await probe.send(put.request);
  await expectWritten(probe, response);
  return { ...put, response };
}

/** Errors: `Untestable` when another writer was faster, `Failure` when the PUT did not get 200. */
export async function expectWritten(probe: Probe, response: ProbeResponse): Promise<void> {
  if (response.status !== 200) await probe.expectOurs();
  expectStatus(response, [200], 'The PUT', '200');
}

/** The members of the contract that differ, without their values. */
export function differences(one: ReadProfile, other: ReadProfile): string {
  const flat = (profile: ReadProfile): ReadProfile => {
    const { defaultAddress: _, ...content } = knownContent(profile);
    return {
      ...content,
      ...Object.fromEntries(Object.entries(addressOf(profile)).map(([name, value]) => [`defaultAddress.${name}`, value])),
    };
  };
  const [left, right] = [flat(one), flat(other)];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((member) => canonical(left[member] ?? null) !== canonical(right[member] ?? null))
    .join(', ');
}

/** The difference between two profiles that are to hold the same: the first member that differs, without its values. */
export function anotherContent(expected: ReadProfile, actual: ReadProfile): Failure['difference'] {
  const member = differences(expected, actual).split(', ')[0]!;
  return { expected: `"${member}" as it was`, actual: `"${member}" with another value` };
}

function ifMatchOf(etag: string): string {
  try {
    return toIfMatch(etag);
  } catch {
    throw new Failure('The ETag cannot stand in an If-Match header.', unquotable);
  }
}

/** JSON with its members in order, so that equal values have equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isJsonObject(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
