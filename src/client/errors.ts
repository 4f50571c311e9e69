import type { CustomerBillingProfile } from '../contract/profile.ts';
import type { EditBase } from './options.ts';

/**
 * What became of a write that failed: `not-sent`, nothing left this process; `refused`, the service said no and stored nothing;
 * `unknown`, it may be stored.
 */
export type WriteOutcome = 'not-sent' | 'refused' | 'unknown';

/** One call, as an error speaks of it. */
export interface CallFacts {
  method: 'GET' | 'PUT';
  /** Path of the resource, without the host. */
  path: string;
  /** MS-RequestId: the one in the response, else the one that was sent. */
  requestId: string;
  /** MS-CorrelationId: the one in the response, else the one that was sent. */
  correlationId: string;
  /** How many requests were sent for the call so far. */
  attempts: number;
  /** What became of the write; absent when the call only reads. */
  outcome?: WriteOutcome | undefined;
}

/** What a refusal carried. `code` is a number or a string, as it came; the set of codes is open. */
export interface Refused {
  status: number;
  code: number | string | undefined;
  description: string | undefined;
  data: readonly unknown[];
  /** How long the service asks to wait; undefined when it does not say. */
  retryAfterSeconds: number | undefined;
}

const brand = Symbol.for('partner-center-billing-profile.PartnerError');

/**
 * Everything that can go wrong with a call. Misuse is a `TypeError` instead, thrown before anything is sent.
 *
 * Shape: `requestId` and `correlationId` find the call in the service's logs; `status`, `code` and `description` are undefined where
 * there was no response, or where it has none. No message, event or cause carries the token or a value of the customer.
 */
export class PartnerError extends Error implements CallFacts {
  override name = 'PartnerError';
  declare readonly method: 'GET' | 'PUT';
  declare readonly path: string;
  declare readonly requestId: string;
  declare readonly correlationId: string;
  declare readonly attempts: number;
  declare readonly outcome: WriteOutcome | undefined;
  declare readonly status: number | undefined;
  declare readonly code: number | string | undefined;
  declare readonly description: string | undefined;

  /** `what` happened to the call, from the verb on; `facts` are the members that the class declares, and a `cause`. */
  constructor(call: CallFacts, what: string, facts: object) {
    const next = call.outcome === 'unknown' ? '. It is unknown whether the profile was stored; read it before trying again' : '';
    const { method, path, requestId, correlationId } = call;
    super(`${method} ${path} ${what}${next} (MS-RequestId ${requestId}, MS-CorrelationId ${correlationId})`, facts);
    Object.assign(this, { [brand]: true }, call, facts);
  }
}

/**
 * The response is a refusal.
 *
 * Shape: `code` and `description` are undefined when the body was not one of the documented error bodies.
 * Source: SOURCES.md#error-response
 */
export class ServiceError extends PartnerError implements Refused {
  override name = 'ServiceError';
  declare readonly status: number;
  declare readonly data: readonly unknown[];
  declare readonly retryAfterSeconds: number | undefined;
}

/** The service throttles, and for longer than the call may wait. Try again after `retryAfterSeconds`. Source: SOURCES.md#throttling */
export class ThrottledError extends ServiceError {
  override name = 'ThrottledError';
}

/**
 * Another writer has changed the profile since it was read. Unless `outcome` is `unknown`, this write changed nothing: read the profile
 * again and reapply the change.
 *
 * Shape: `status` is that of the refusal; that of the read, when a read showed the change before anything was written.
 * Source: SOURCES.md#stale-etag
 */
export class StaleEtagError extends ServiceError {
  override name = 'StaleEtagError';
}

/** The versions of the profile that a conflict is about. */
export interface Versions {
  /** The members that both changed, such as `defaultAddress.city`; those that are not as they were to be written, when that is in doubt. */
  members: readonly string[];
  /** As it was read first, or the base of `edit`; undefined for `update`, which did not read. */
  base: EditBase | undefined;
  /** As it was to be written. */
  mine: EditBase;
  /** As it is now. */
  theirs: CustomerBillingProfile;
}

/**
 * Another writer has changed the profile in the same place, so that a person has to decide; or the response to a write was lost, and the
 * profile is not as it was to be written.
 *
 * Shape: the versions are a customer's data, so they are not shown when the error is printed.
 */
export class ConflictError extends StaleEtagError implements Versions {
  override name = 'ConflictError';
  declare readonly members: readonly string[];
  readonly #versions: Versions;

  constructor(call: CallFacts, what: string, facts: object, versions: Versions) {
    super(call, what, { ...facts, members: versions.members });
    this.#versions = versions;
  }

  get base(): EditBase | undefined {
    return this.#versions.base;
  }

  get mine(): EditBase {
    return this.#versions.mine;
  }

  get theirs(): CustomerBillingProfile {
    return this.#versions.theirs;
  }
}

/** No complete response came after all retries; `cause` says why. After a PUT it is unknown whether it was stored. */
export class NetworkError extends PartnerError {
  override name = 'NetworkError';
}

/** `fetch` has a defect, or this environment lacks what it needs: another attempt would fail the same way. */
export class EnvironmentError extends PartnerError {
  override name = 'EnvironmentError';
}

/** The caller's signal, the deadline or the limit of the queue ended the call; `cause` is the reason. */
export class CancelledError extends PartnerError {
  override name = 'CancelledError';
}

/** There is no token to send; `cause` is what its source threw. Nothing was sent with it. */
export class TokenError extends PartnerError {
  override name = 'TokenError';
}

/** The service reported success, but its response breaks the contract. After a PUT the profile may be stored. */
export class ContractError extends PartnerError {
  override name = 'ContractError';
  declare readonly status: number;

  constructor(call: CallFacts, status: number, what: string) {
    super(call, `got status ${status}, but ${what}`, { status });
  }
}

/** Whether a value is an error of this package, also when it comes from another copy or realm, where `instanceof` fails. */
export function isPartnerError(value: unknown): value is PartnerError {
  return typeof value === 'object' && value !== null && brand in value;
}

/** Why something failed. `fetch` says no more than "fetch failed"; what failed stands in its cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ((error.cause as Error | undefined)?.message || error.message).replace(/\.$/, '');
}

/**
 * An error of another library as the cause of one of ours: its name, code and message, and those of its own cause.
 *
 * Nothing else of it is kept: parsers of HTTP attach the bytes that they could not read, in which tokens and profiles stand.
 */
export function causeOf(error: unknown, clean: (text: string) => string, depth = 3): unknown {
  if (!(error instanceof Error) || depth === 0) return undefined;
  const { name, message, code, cause } = error as Error & { code?: unknown };
  const copy = new Error(clean(message), { cause: causeOf(cause, clean, depth - 1) });
  return Object.assign(copy, { name: clean(name) }, code !== undefined && { code: clean(String(code)) });
}
