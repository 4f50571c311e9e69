/**
 * What became of a write that failed: `not-sent`, nothing left this process; `refused`, the service said no and stored nothing;
 * `unknown`, it may be stored.
 */
export type WriteOutcome = 'not-sent' | 'refused' | 'unknown';

/** One call, as an error speaks of it. */
export interface Call {
  method: 'GET' | 'PUT';
  /** Path of the resource, without the host. */
  path: string;
  /** MS-RequestId: the one the service answered with, else the one that was sent. */
  requestId: string;
  /** MS-CorrelationId: the one the service answered with, else the one that was sent. */
  correlationId: string;
  /** How many requests were sent for the call so far. */
  attempts: number;
  /** What became of the write; absent when the call only reads. */
  outcome?: WriteOutcome | undefined;
}

/** What a refusal carried. `code` is a number or a string, as it came; the set of codes is open. */
export interface Refused {
  status: number;
  code?: number | string;
  description?: string;
  data: readonly unknown[];
}

const brand = Symbol.for('partner-center-billing-profile.PartnerError');

/**
 * Everything that can go wrong with a call. Misuse is a `TypeError` instead, thrown before anything is sent.
 *
 * Shape: `requestId` and `correlationId` find the call in the service's logs; `status`, `code` and `description` are undefined where
 * there was no answer, or where it has none. No message carries a token, and of a body at most the service's own description.
 */
export class PartnerError extends Error {
  override name = 'PartnerError';
  readonly [brand] = true;
  readonly requestId: string;
  readonly correlationId: string;
  /** How many requests were sent. */
  readonly attempts: number;
  /** Of a write, what became of it; undefined when the call only read. */
  readonly outcome: WriteOutcome | undefined;
  readonly status: number | undefined;
  readonly code: number | string | undefined;
  readonly description: string | undefined;

  constructor(call: Call, message: string, options: ErrorOptions & Partial<Refused> = {}) {
    super(
      `${message} (MS-RequestId ${call.requestId}, MS-CorrelationId ${call.correlationId})`,
      'cause' in options ? { cause: options.cause } : {},
    );
    this.requestId = call.requestId;
    this.correlationId = call.correlationId;
    this.attempts = call.attempts;
    this.outcome = call.outcome;
    this.status = options.status;
    this.code = options.code;
    this.description = options.description;
  }
}

/**
 * The service answered, and the answer is a refusal.
 *
 * Shape: `code` and `description` are undefined when the body was not one of the documented error bodies.
 * Source: SOURCES.md#error-response
 */
export class ServiceError extends PartnerError {
  override name = 'ServiceError';
  declare readonly status: number;
  readonly data: readonly unknown[];

  constructor(call: Call, message: string, refused: Refused) {
    super(call, message, refused);
    this.data = refused.data;
  }
}

/** The service throttles, and for longer than the call may wait. Try again after `retryAfterSeconds`. Source: SOURCES.md#throttling */
export class ThrottledError extends ServiceError {
  override name = 'ThrottledError';
  /** Undefined when the service did not say. */
  readonly retryAfterSeconds: number | undefined;

  constructor(call: Call, message: string, refused: Refused, retryAfterSeconds: number | undefined) {
    super(call, message, refused);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * Somebody wrote the profile after it was read; this write changed nothing. Read it again and reapply the change.
 *
 * Source: SOURCES.md#stale-etag
 */
export class StaleEtagError extends ServiceError {
  override name = 'StaleEtagError';
}

/** The profile was changed by somebody else in the same place, so that a person has to decide. */
export class ConflictError extends StaleEtagError {
  override name = 'ConflictError';
  /** The members that both changed, such as `defaultAddress.city`. */
  readonly members: readonly string[];
  /** As it was read first; undefined for `update`, which did not read. */
  readonly base: unknown;
  /** As it was to be written. */
  readonly mine: unknown;
  /** As it is now. */
  readonly theirs: unknown;

  constructor(
    call: Call,
    message: string,
    refused: Refused,
    versions: { members: readonly string[]; base: unknown; mine: unknown; theirs: unknown },
  ) {
    super(call, message, refused);
    this.members = versions.members;
    this.base = versions.base;
    this.mine = versions.mine;
    this.theirs = versions.theirs;
  }
}

/** No answer came, or only a part of one; `cause` is what `fetch` threw. After a PUT it is unknown whether it was stored. */
export class NetworkError extends PartnerError {
  override name = 'NetworkError';
}

/** The caller's signal, or the deadline, ended the call; `cause` is the reason. */
export class CancelledError extends PartnerError {
  override name = 'CancelledError';
}

/** There is no token to send; `cause` is what its source threw. Nothing was sent with it. */
export class TokenError extends PartnerError {
  override name = 'TokenError';
}

/** The service said that it succeeded, but what it answered breaks the contract. After a PUT the profile may be stored. */
export class ContractError extends PartnerError {
  override name = 'ContractError';
  declare readonly status: number;
}

/** Whether a value is an error of this package, also when it comes from another copy or realm, where `instanceof` fails. */
export function isPartnerError(value: unknown): value is PartnerError {
  return typeof value === 'object' && value !== null && brand in value;
}
