import { toWire } from '../contract/casing.ts';
import { toIfMatch } from '../contract/etag.ts';
import { MisuseError } from '../contract/misuse.ts';
import type { CustomerBillingProfile, WritableProfile } from '../contract/profile.ts';
import type { Call } from './call/call.ts';
import {
  applyEdits,
  type Change,
  checked,
  collisions,
  copyOf,
  type Edits,
  editsOf,
  isSameContent,
  missingFrom,
  writableMembersOf,
} from './change.ts';
import {
  type CallFacts,
  ConflictError,
  ContractError,
  type PartnerError,
  reasonOf,
  type ServiceError,
  StaleEtagError,
  type Versions,
} from './errors.ts';
import type { EditBase } from './options.ts';
import type { ProfileResult } from './profile-call.ts';
import { isOfAnother, isOther, misfits } from './stored.ts';

/** What is to be stored, and what is known of the profile before. */
interface PlannedWrite extends Pick<Versions, 'base'> {
  mine: WritableProfile;
  /** The ETag that was read. */
  etag: string;
  /** The members that are to get another value. */
  edits: Edits;
  /** The profile as it was read; undefined for `update`, which is given the ETag alone. */
  before?: CustomerBillingProfile;
  /** The function that made the edits, if one did. */
  change?: Change;
}

/** Writes the whole profile. While it is in doubt whether that was stored, it looks; it never merges. */
export async function update(call: Call, profile: WritableProfile): Promise<ProfileResult> {
  const etag = profile?.attributes?.etag;
  if (!etag) throw new MisuseError('The profile carries no attributes.etag. Update a profile that get() returned.');
  refuseOther(call, profile);
  const edits = checked(writableMembersOf(profile));
  const written = await put(call, { mine: profile, etag, edits, base: undefined });
  if ('response' in written) return written;
  throw written;
}

/** Reads, changes and writes, again over what another writer wrote in between where that can be done. */
export async function edit(call: Call, asked: Change): Promise<ProfileResult> {
  const { base, ifMatch, maxAttempts } = call.options;
  // Copies: the caller may change either while the call reads.
  const change = typeof asked === 'function' ? asked : copyOf(asked, 'A change, if it is no function,');
  const given = base && copyOf(base, 'The base');
  if (given) refuseOther(call, given);
  let current = await readOwn(call);
  if (ifMatch !== undefined && toIfMatch(current.profile.attributes.etag) !== toIfMatch(ifMatch)) throw stale(call, current);
  const first = given ?? current.profile;
  const editsFor = await merging(call, change, first);
  let refusal: StaleEtagError | undefined;
  for (let round = 1; ; round += 1) {
    const before = current.profile;
    const edits = await editsFor(current, refusal);
    if (edits.size === 0) return { ...current, result: 'unchanged' };
    const { etag } = before.attributes;
    const written = await put(call, { mine: applyEdits(before, edits), etag, edits, base: first, before, change });
    if ('response' in written) return written;
    refusal = written;
    if (round >= maxAttempts || ifMatch !== undefined) throw refusal;
    current = await readOwn(call, etag);
  }
}

/**
 * Makes the function that says what a change comes to on the profile that is there.
 *
 * Shape: members, and a function with a base of the caller's, are compared with the base once, and merged with what is there. A function
 * without one is run on what is there, because it may have read what it changes.
 * Errors: those of `editsOf`; `ConflictError` where the change and that of another writer collide.
 */
async function merging(call: Call, change: Change, base: EditBase) {
  const { onConflict, base: given } = call.options;
  const isFunction = typeof change === 'function';
  if (isFunction && (!given || onConflict === 'rerun')) {
    return ({ profile }: ProfileResult): Promise<Edits> => call.within(() => editsOf(change, profile));
  }
  const edits = await call.within(() => editsOf(change, base));
  return async (current: ProfileResult, refusal: StaleEtagError | undefined): Promise<Edits> => {
    const theirs = current.profile;
    const members = onConflict === 'rerun' ? [] : collisions(base, edits, theirs, isFunction);
    if (members.length > 0) throw stale(call, refusal ?? current, { members, base, mine: applyEdits(base, edits), theirs });
    return missingFrom(theirs, edits).length === 0 ? new Map() : edits;
  };
}

/**
 * Sends a PUT. In doubt it is settled by what is there: members are compared; a function is run on a copy of that, to see if it is done.
 *
 * Errors: those of the call, but for a stale ETag without doubt, which is a result; `ConflictError` for a write in doubt that is not there;
 * `ContractError` when the response contradicts the write; `TypeError` for what cannot be sent, such as a BigInt.
 */
async function put(call: Call, { mine, etag, edits, base, before, change }: PlannedWrite): Promise<ProfileResult | StaleEtagError> {
  const body = toWire(mine);
  // Before `fetch` would fail as if the network had.
  JSON.stringify(body);
  const written = await call.write({
    body,
    etag,
    ifMatch: toIfMatch(etag),
    isAsRead: (there) =>
      there.attributes.etag === etag && !isOther(there, call.customerId, mine.id) && (!before || isSameContent(there, before)),
    async settle(there, error) {
      const { profile } = there;
      if (isOther(profile, call.customerId, mine.id)) throw error;
      const run = (): Promise<Edits> => editsOf(change!, profile).catch(() => edits);
      const members = typeof change === 'function' ? [...(await call.within(run)).keys()] : missingFrom(profile, edits);
      if (members.length === 0) return { ...there, result: 'reconciled' };
      throw stale(call, error, { members, base, mine, theirs: profile });
    },
  });
  if (!('response' in written) || written.result === 'reconciled') return written;
  const misfit = isOther(written.profile, call.customerId, mine.id)
    ? 'its link or id is that of another customer'
    : misfits(written.profile, { etag, edits, before });
  if (typeof misfit !== 'string') return { ...written, normalised: misfit };
  const words = call.clean(`the profile in it is not what was written: ${misfit}`);
  throw new ContractError(factsOf(call, written), written.response.status, words);
}

/**
 * Reads the profile; with an ETag, a later one.
 *
 * Errors: `ContractError` for that of another customer, which is never written back, and for one that cannot be written back.
 */
async function readOwn(call: Call, etag?: string): Promise<ProfileResult> {
  const read = await call.read(etag);
  const refuse = (what: string): ContractError => new ContractError(factsOf(call, read), read.response.status, what);
  if (isOfAnother(read.profile, call.customerId)) throw refuse(`${ofAnother}, and is not written back`);
  try {
    toIfMatch(read.profile.attributes.etag);
    toWire(read.profile);
    return read;
  } catch (error) {
    throw refuse(`the profile cannot be written back: ${reasonOf(error)}`);
  }
}

const ofAnother = 'the profile is that of another customer';

/** Errors: `TypeError` for a profile that says it is another customer's. */
function refuseOther({ customerId }: Call, profile: object): void {
  if (isOfAnother(profile, customerId)) throw new MisuseError(`Wrong argument: ${ofAnother}.`);
}

/** The call with the ids of one of its requests, which is not always the last one. */
function factsOf({ facts }: Call, found: PartnerError | ProfileResult): CallFacts {
  const { requestId, correlationId } = found;
  return { ...facts, method: 'response' in found ? facts.method : found.method, requestId, correlationId };
}

/**
 * The error when another writer has changed the profile: a `ConflictError` with the versions that are in conflict.
 *
 * `found` is how that was found: by the error of the write, or before any write by a read.
 */
function stale(call: Call, found: PartnerError | ProfileResult, versions?: Versions): StaleEtagError {
  const isRead = 'response' in found;
  const { status, code, description, data = [] } = (isRead ? found.response : found) as Partial<ServiceError>;
  const facts = { status, code, description, data, retryAfterSeconds: undefined };
  const what =
    call.facts.outcome === 'unknown'
      ? 'got no response that says whether it was stored, and what is there now does not tell either'
      : `${isRead ? 'shows that' : 'was refused, because'} another writer has changed the ${versions ? 'same place' : 'profile'} since it was read`;
  if (!versions) return new StaleEtagError(factsOf(call, found), what, facts);
  const members = versions.members.map((member) => call.clean(member));
  const words = `${what} (${members.join(', ')}). Compare mine and theirs, then decide`;
  return new ConflictError(factsOf(call, found), words, facts, { ...versions, members });
}
