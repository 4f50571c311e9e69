import type { CustomerBillingProfile } from '../contract/profile.ts';
import type { CallFacts } from './errors.ts';

/** A profile, and how it came. */
export interface ProfileResult extends Pick<CallFacts, 'requestId' | 'correlationId' | 'attempts'> {
  profile: CustomerBillingProfile;
  /** The last response. Its body is read. */
  response: Response;
  /**
   * `read`; or, of a write, `stored`; `unchanged`, when the profile has the values already; `reconciled`, when it was in doubt whether the write was
   * stored and a later read shows what it was to store.
   */
  result: 'read' | 'stored' | 'unchanged' | 'reconciled';
  /** Of a write: the members that came back otherwise than asked, such as in other letter case, by path. */
  normalised: readonly string[];
}

/** The promise of a profile. `withResponse` gives what came with it, from the same call. */
export interface ProfileCall extends Promise<CustomerBillingProfile> {
  withResponse(): Promise<ProfileResult>;
}

export function profileCallOf(whole: Promise<ProfileResult>): ProfileCall {
  // Made when it is asked for: one that nothing waits for would count as an unhandled rejection, beside that of `whole`.
  const profile = (): Promise<CustomerBillingProfile> => whole.then((result) => result.profile);
  return {
    withResponse: () => whole,
    // oxlint-disable-next-line unicorn/no-thenable -- it is a promise
    then: (onFulfilled, onRejected) => profile().then(onFulfilled, onRejected),
    catch: (onRejected) => profile().catch(onRejected),
    finally: (onFinally) => profile().finally(onFinally),
    [Symbol.toStringTag]: 'Promise',
  };
}
