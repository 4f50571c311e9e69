import type { WritableProfile } from '../contract/profile.ts';
import type { Transport } from './call/attempt.ts';
import { type Call, createCall } from './call/call.ts';
import type { Change } from './change.ts';
import { type CallOptions, type EditOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { type ProfileCall, profileCallOf, type ProfileResult } from './profile-call.ts';
import { edit, update } from './write.ts';

/** What can be done with one customer's billing profile. */
export interface BillingProfileOperations {
  /**
   * Reads the profile.
   *
   * Errors: `ServiceError`, `ThrottledError`, `NetworkError`, `EnvironmentError`, `CancelledError`, `TokenError`, `ContractError`.
   * Source: SOURCES.md#get
   */
  get(options?: CallOptions): ProfileCall;
  /**
   * Reads the profile, changes it and writes it; when another writer was faster, again over what they wrote.
   *
   * Shape: a change that changes nothing sends no PUT. Members are merged where they do not belong together with what the other writer
   * changed; a function is run again on what is there then. With `base` the change is made against that profile, and a function is merged
   * like members. While it is in doubt whether a write was stored, the profile is read and nothing is merged; a function is run once more
   * on a copy, to see whether it still changes something.
   * Errors: `ConflictError` when another writer changed the same place; `StaleEtagError` when others always were faster, or `ifMatch` is
   * not the current ETag; `ContractError` when the response is not what was written; those of `get`, with `outcome`; `TypeError` for a
   * change that cannot be made.
   */
  edit(change: Change, options?: EditOptions): ProfileCall;
  /**
   * Writes the whole profile, if it is still the one that was read.
   *
   * Shape: a PUT of every member, unknown ones too, with If-Match from `profile.attributes.etag`; the returned profile carries
   * the new one. The argument is not changed. Nothing is merged.
   * Errors: `StaleEtagError` when another writer was faster (nothing was changed); `ConflictError` when it is in doubt whether the write was
   * stored and what is there now is something else; those of `get`, with `outcome`; `TypeError`, before anything is sent, for a profile
   * without an ETag or of another customer.
   * Source: SOURCES.md#put
   */
  update(profile: WritableProfile, options?: CallOptions): ProfileCall;
}

export function billingProfileOperations(transport: Transport, customerId: string, defaults: ResolvedOptions): BillingProfileOperations {
  /** Makes a call, with its own ids and its own clock. */
  async function make(options: EditOptions | undefined, writes: boolean, act: (call: Call) => Promise<ProfileResult>) {
    return act(createCall(transport, customerId, writes, resolveOptions(options, defaults)));
  }

  return {
    get: (options) => profileCallOf(make(options, false, (call) => call.read())),
    update: (profile, options) => profileCallOf(make(options, true, (call) => update(call, profile))),
    edit: (change, options) => profileCallOf(make(options, true, (call) => edit(call, change))),
  };
}
