import { toWire } from '../contract/casing.ts';
import { toIfMatch } from '../contract/etag.ts';
import { billingProfilePath, billingProfilePathOf } from '../contract/profile.ts';
import type { CustomerBillingProfile, WritableProfile } from '../contract/profile.ts';
import type { Validation } from '../contract/validate.ts';
import { contractError, readProfile } from './answer.ts';
import { applyEdits, type Change, collisions, type Edits, editsOf, holds, writableMembersOf } from './change.ts';
import type { PartnerApi } from './client.ts';
import { type Call, ConflictError, type StaleEtagError } from './errors.ts';
import { type CallOptions, type EditOptions, settle } from './options.ts';
import { ProfileCall, type ProfileResult } from './profile-call.ts';
import { type Conversation, converse, type Stale, type Success, type Transport } from './send.ts';

/** What can be done with one customer's billing profile. */
export interface BillingProfileOperations {
  /**
   * Reads the profile.
   *
   * Errors: `ServiceError`, `ThrottledError`, `NetworkError`, `CancelledError`, `TokenError`, `ContractError`.
   * Source: SOURCES.md#get
   */
  get(options?: CallOptions): ProfileCall;
  /**
   * Reads the profile, changes it and writes it; when somebody else wrote in between, again over what they wrote.
   *
   * Shape: a change that changes nothing sends no PUT. Members are merged where they do not belong together with what somebody else
   * changed; a function is run again on what is there then. When the answer to a write was lost, the profile is read to see whether it
   * was stored; then nothing is merged and nothing is run again.
   * Errors: `ConflictError` when somebody else changed the same place; `StaleEtagError` when others always were faster; those of `get`,
   * with `outcome`; `TypeError` for a change that cannot be made.
   */
  edit(change: Change, options?: EditOptions): ProfileCall;
  /**
   * Writes the whole profile, if it is still the one that was read.
   *
   * Shape: a PUT of every member, unknown ones too, with If-Match from `profile.attributes.etag`; the returned profile carries
   * the new one. The argument is not changed. Nothing is merged.
   * Errors: `StaleEtagError` when somebody wrote in between (nothing was changed); `ConflictError` when the answer was lost and what is
   * there now is something else; those of `get`, with `outcome`; `TypeError`, before anything is sent, for a profile without an ETag.
   * Source: SOURCES.md#put
   */
  update(profile: WritableProfile, options?: CallOptions): ProfileCall;
}

/** Looks at what the service answers. */
export interface Inspection {
  mode: 'report' | 'throw';
  validator: (value: unknown) => Validation<CustomerBillingProfile>;
  onDrift?: ((drift: Drift) => void) | undefined;
}

/** A success that does not fit the contract. */
export interface Drift extends Pick<Call, 'method' | 'path' | 'requestId' | 'correlationId'> {
  problems: { path: string; message: string }[];
}

interface Connection {
  api: PartnerApi;
  transport: Transport;
  customerId: string;
  defaults: EditOptions;
  inspection: Inspection | undefined;
}

export function billingProfileOperations({ api, transport, customerId, defaults, inspection }: Connection): BillingProfileOperations {
  const path = billingProfilePathOf(customerId);
  const params = { 'customer-tenant-id': customerId };

  /** Makes a call, with its own ids and its own clock. */
  function call(
    options: EditOptions | undefined,
    writes: boolean,
    act: (talk: Conversation, settled: ReturnType<typeof settle>) => Promise<ProfileResult>,
  ): ProfileCall {
    const make = async (): Promise<ProfileResult> => {
      const settled = settle(defaults, options);
      const talk = converse(transport, path, writes, settled);
      return act(talk, settled);
    };
    return new ProfileCall(make());
  }

  async function read(talk: Conversation): Promise<ProfileResult> {
    const answer = await talk.send('GET', (headers, signal) =>
      api.GET(billingProfilePath, { params: { path: params }, headers, signal, parseAs: 'text' }),
    );
    return resultOf(answer, 'read');
  }

  function write(talk: Conversation, profile: WritableProfile, header: { 'If-Match': string }): Promise<Success | Stale> {
    const body = toWire(profile);
    return talk.send('PUT', (headers, signal) =>
      api.PUT(billingProfilePath, { params: { path: params, header }, body, headers, signal, parseAs: 'text' }),
    );
  }

  function resultOf(
    { call: { requestId, correlationId, ...made }, response, body }: Success,
    result: ProfileResult['result'],
  ): ProfileResult {
    const profile = readProfile({ ...made, requestId, correlationId }, response, body);
    if (inspection !== undefined) inspect({ ...made, requestId, correlationId }, response, profile, inspection);
    return { profile, response, requestId, correlationId, attempts: made.attempts, result };
  }

  return {
    get: (options) => call(options, false, (talk) => read(talk)),

    update(profile, options) {
      return call(options, true, async (talk) => {
        if (!profile?.attributes?.etag) {
          throw new TypeError('The profile carries no attributes.etag. Update a profile that get() returned.');
        }
        const written = await write(talk, profile, { 'If-Match': toIfMatch(profile.attributes.etag) });
        if ('response' in written) return resultOf(written, 'stored');
        if (!written.ambiguous) throw written.error;
        const there = await read(talk);
        const mine = writableMembersOf(profile);
        if (holds(there.profile, mine)) return { ...there, result: 'reconciled' };
        throw conflict(talk, written.error, {
          members: missing(there.profile, mine),
          base: undefined,
          mine: profile,
          theirs: there.profile,
        });
      });
    },

    edit(change, options) {
      return call(options, true, async (talk, { maxAttempts, onConflict }) => {
        let current = await read(talk);
        const base = current.profile;
        let edits = await editsOf(change, base);
        for (let round = 1; edits.size > 0; round += 1) {
          const mine = applyEdits(current.profile, edits);
          const written = await write(talk, mine, { 'If-Match': toIfMatch(current.profile.attributes.etag) });
          if ('response' in written) return resultOf(written, 'stored');
          const { error, ambiguous } = written;
          if (!ambiguous && round >= maxAttempts) throw error;
          current = await read(talk);
          const theirs = current.profile;
          if (ambiguous) {
            if (holds(theirs, edits)) return { ...current, result: 'reconciled' };
            throw conflict(talk, error, { members: missing(theirs, edits), base, mine, theirs });
          }
          if (typeof change === 'function') {
            edits = await editsOf(change, theirs);
          } else {
            const members = onConflict === 'rerun' ? [] : collisions(base, edits, theirs);
            if (members.length > 0) throw conflict(talk, error, { members, base, mine: applyEdits(base, edits), theirs });
            if (holds(theirs, edits)) break;
          }
        }
        return { ...current, result: 'unchanged' };
      });
    },
  };
}

/** The members whose values are not there. */
function missing(there: CustomerBillingProfile, wanted: Edits): string[] {
  return [...wanted].filter((edit) => !holds(there, new Map([edit]))).map(([path]) => path);
}

function conflict(
  talk: Conversation,
  { status, code, description, data }: StaleEtagError,
  versions: ConstructorParameters<typeof ConflictError>[3],
): ConflictError {
  const now = talk.now();
  const what =
    now.outcome === 'unknown'
      ? 'An answer to the write was lost, and the profile is not as it was to be written: it was never stored, or somebody has changed it since'
      : 'Somebody else has changed the same place since it was read';
  const refused = { status, data, ...(code === undefined ? {} : { code }), ...(description === undefined ? {} : { description }) };
  return new ConflictError(now, `${what} (${versions.members.join(', ')}). Compare mine and theirs, then decide`, refused, versions);
}

function inspect(call: Call, response: Response, profile: CustomerBillingProfile, { mode, validator, onDrift }: Inspection): void {
  const validation = validator(profile);
  if (validation.ok) return;
  const { problems } = validation;
  onDrift?.({ method: call.method, path: call.path, requestId: call.requestId, correlationId: call.correlationId, problems });
  if (mode === 'report') return;
  throw contractError(
    call,
    response,
    `the profile does not fit the contract: ${problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
  );
}
