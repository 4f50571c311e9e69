import type { WritableProfile } from '../contract/profile.ts';
import { readProfile } from './answer.ts';
import type { Change } from './change.ts';
import type { Call } from './errors.ts';
import type { Inspection } from './inspection.ts';
import { type CallOptions, type EditOptions, settle, type SettledOptions } from './options.ts';
import { ProfileCall, type ProfileResult } from './profile-call.ts';
import { converse, type Put, type Stale, type Success, type Transport } from './send.ts';

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

interface Connection {
  transport: Transport;
  customerId: string;
  defaults: SettledOptions;
  inspection: Inspection | undefined;
}

/** The requests of one call. Errors: those of the client. */
export interface Requests {
  /** The call as an error speaks of it. */
  readonly call: Call;
  read(): Promise<ProfileResult>;
  /** A stale ETag is a result. */
  write(put: Put): Promise<ProfileResult | Stale>;
}

export function billingProfileOperations({ transport, customerId, defaults, inspection }: Connection): BillingProfileOperations {
  function resultOf({ call, response, json }: Success, result: ProfileResult['result']): ProfileResult | Promise<ProfileResult> {
    const profile = readProfile(call, response, json);
    const { requestId, correlationId, attempts } = call;
    const made = { profile, response, requestId, correlationId, attempts, result };
    if (!inspection) return made;
    // Loaded by those who validate only.
    return import('./inspection.ts').then(({ inspect }) => inspect(inspection, call, response.status, profile)).then(() => made);
  }

  /** Makes a call, with its own ids and its own clock. */
  function callWith(
    options: EditOptions | undefined,
    writes: boolean,
    act: (requests: Requests, settled: SettledOptions) => Promise<ProfileResult>,
  ): ProfileCall {
    const make = async (): Promise<ProfileResult> => {
      const settled = settle(options, defaults);
      const { call, send } = converse(transport, customerId, writes, settled);
      const requests: Requests = {
        call,
        read: async () => resultOf(await send(), 'read'),
        async write(put) {
          const written = await send(put);
          return 'response' in written ? resultOf(written, 'stored') : written;
        },
      };
      return act(requests, settled);
    };
    return new ProfileCall(make());
  }

  // What writes is loaded with the first write: a page that only reads does not wait for it.
  const writing = () => import('./write.ts');
  return {
    get: (options) => callWith(options, false, (requests) => requests.read()),
    update: (profile, options) => callWith(options, true, async (requests) => (await writing()).update(requests, profile)),
    edit: (change, options) => callWith(options, true, async (requests, settled) => (await writing()).edit(requests, change, settled)),
  };
}
