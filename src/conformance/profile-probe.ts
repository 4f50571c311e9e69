import { fromWire, toWire } from '../contract/casing.ts';
import { toIfMatch } from '../contract/etag.ts';
import { readErrorBody } from '../contract/error-body.ts';
import { isJsonObject } from '../contract/json.ts';
import type { WritableProfile } from '../contract/profile.ts';
import { Failure, Untestable } from './outcome.ts';
import type { Probe, ProbeAnswer } from './types.ts';

/** A profile as a check reads it, whatever the letter case of its names: that has a requirement of its own. */
export type ReadProfile = Record<string, unknown>;

/**
 * Reads the profile of the target's customer, or of another one.
 *
 * Errors: `Failure` when the answer is not 200 with one JSON object. Requirements that stand on `read.answers-one-object` get one.
 */
export async function readProfile(probe: Probe, customerId?: string): Promise<ReadProfile> {
  const answer = await probe.send({ method: 'GET', ...(customerId === undefined ? {} : { customerId }) });
  if (answer.status !== 200) throw new Failure(`GET was answered ${describe(answer)}, not 200.`);
  return profileIn(answer, 'GET');
}

/** The profile in an answer. Errors: `Failure` when the body is not one JSON object. */
export function profileIn(answer: ProbeAnswer, method: string): ReadProfile {
  if (!isJsonObject(answer.json)) {
    throw new Failure(`The body of the answer to ${method} is ${answer.json === undefined ? 'not JSON' : 'not one JSON object'}.`);
  }
  return fromWire(answer.json) as ReadProfile;
}

/** The ETag of a profile; undefined when it carries none that can be used. */
export function etagOf(profile: ReadProfile): string | undefined {
  const etag = isJsonObject(profile.attributes) ? profile.attributes.etag : undefined;
  return typeof etag === 'string' && etag !== '' ? etag : undefined;
}

/** The profile without what the service makes anew: its ETag and its links. Two of these can be compared. */
export function contentOf(profile: ReadProfile): string {
  const { links: _, attributes: __, ...content } = profile;
  return canonical(content);
}

/** A change that is legal everywhere and looks like a test: other names for the billing contact. */
export function inventNames(probe: Probe): { firstName: string; lastName: string } {
  return { firstName: probe.invent(), lastName: probe.invent() };
}

/** Sends a PUT of the full resource in PascalCase, with one ETag in If-Match and in the body. */
export async function putProfile(probe: Probe, profile: ReadProfile, change: Record<string, unknown>, etag: string): Promise<ProbeAnswer> {
  const attributes = { ...(isJsonObject(profile.attributes) ? profile.attributes : {}), etag };
  const body = toWire({ ...profile, ...change, attributes } as unknown as WritableProfile);
  return probe.send({ method: 'PUT', ifMatch: ifMatchOf(etag), body });
}

/** Reads the profile, changes the names and writes it, as every requirement does that stands on `write.takes-pascal-case`. */
export async function writeNames(
  probe: Probe,
): Promise<{ before: ReadProfile; etag: string; sent: Record<string, string>; answer: ProbeAnswer }> {
  const before = await readProfile(probe);
  const etag = etagOf(before);
  if (etag === undefined) throw new Untestable('The profile that was just read carries no ETag.');
  const sent = inventNames(probe);
  const answer = await putProfile(probe, before, sent, etag);
  if (answer.status !== 200) throw new Failure(`The PUT was answered ${describe(answer)}, not 200.`);
  return { before, etag, sent, answer };
}

/** Statuses that say that a precondition was not met; which of them is for the service to choose. */
export function isStaleStatus(status: number): boolean {
  return [400, 409, 412, 417, 428].includes(status);
}

/** An answer in a few words, with the service's own code and nothing from the body beside it. */
export function describe(answer: ProbeAnswer): string {
  const { code } = readErrorBody(answer.json);
  if (answer.status >= 300 && answer.status < 400) return `${answer.status}, a redirect, which is not followed`;
  return code === undefined ? String(answer.status) : `${answer.status} with code ${code}`;
}

function ifMatchOf(etag: string): string {
  try {
    return toIfMatch(etag);
  } catch {
    throw new Failure('The ETag cannot stand in an If-Match header.');
  }
}

/** JSON with its members in order, so that equal values have equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isJsonObject(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
