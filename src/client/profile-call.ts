import type { CustomerBillingProfile } from '../contract/profile.ts';

/** A profile, and how it came. */
export interface ProfileResult {
  profile: CustomerBillingProfile;
  /** The last answer. Its body is read. */
  response: Response;
  requestId: string;
  correlationId: string;
  /** How many requests were sent. */
  attempts: number;
  /**
   * `read`; or, of a write, `stored`; `unchanged`, when there was nothing to write; `reconciled`, when the answer to the write was lost
   * and a later read shows that it was stored.
   */
  result: 'read' | 'stored' | 'unchanged' | 'reconciled';
}

/** The promise of a profile. `withResponse` gives what came with it, from the same call. */
export class ProfileCall implements Promise<CustomerBillingProfile> {
  declare readonly [Symbol.toStringTag]: string;
  readonly #whole: Promise<ProfileResult>;

  constructor(whole: Promise<ProfileResult>) {
    this.#whole = whole;
  }

  withResponse(): Promise<ProfileResult> {
    return this.#whole;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise
  then<Kept = CustomerBillingProfile, Caught = never>(
    onFulfilled?: ((profile: CustomerBillingProfile) => Kept | PromiseLike<Kept>) | null,
    onRejected?: ((reason: unknown) => Caught | PromiseLike<Caught>) | null,
  ): Promise<Kept | Caught> {
    return this.#whole.then(({ profile }) => profile).then(onFulfilled, onRejected);
  }

  catch<Caught = never>(onRejected?: ((reason: unknown) => Caught | PromiseLike<Caught>) | null): Promise<CustomerBillingProfile | Caught> {
    return this.then(null, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<CustomerBillingProfile> {
    return this.then((profile) => profile).finally(onFinally);
  }
}
