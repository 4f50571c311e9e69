/** One call, as an error speaks of it. */
export interface Call {
  method: 'GET' | 'PUT';
  /** Path of the resource, without the host. */
  path: string;
  /** MS-RequestId: the one the service answered with, else the one that was sent. */
  requestId: string;
  /** MS-CorrelationId: the one the service answered with, else the one that was sent. */
  correlationId: string;
}

const brand = Symbol.for('partner-center-billing-profile.PartnerError');

/**
 * Everything that can go wrong with a call. Misuse is a `TypeError` instead, thrown before anything is sent.
 *
 * Shape: `requestId` and `correlationId` find the call in the service's logs. No message carries a token, and of a body at most
 * the service's own description.
 */
export class PartnerError extends Error {
  override name = 'PartnerError';
  readonly [brand] = true;
  readonly requestId: string;
  readonly correlationId: string;

  constructor(call: Call, message: string, options?: ErrorOptions) {
    super(`${message} (MS-RequestId ${call.requestId}, MS-CorrelationId ${call.correlationId})`, options);
    this.requestId = call.requestId;
    this.correlationId = call.correlationId;
  }
}

/** What a refusal carried. `code` is a number or a string, as it came; the set of codes is open. */
export interface Refused {
  status: number;
  code?: number | string;
  description?: string;
  data: readonly unknown[];
}

/**
 * The service answered, and the answer is a refusal.
 *
 * Shape: `code` and `description` are undefined when the body was not one of the documented error bodies.
 * Source: SOURCES.md#error-response
 */
export class ServiceError extends PartnerError {
  override name = 'ServiceError';
  readonly status: number;
  readonly code: number | string | undefined;
  readonly description: string | undefined;
  readonly data: readonly unknown[];

  constructor(call: Call, message: string, refused: Refused) {
    super(call, message);
    this.status = refused.status;
    this.code = refused.code;
    this.description = refused.description;
    this.data = refused.data;
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

/** No answer came, or only a part of one; `cause` is what `fetch` threw. After a PUT it is unknown whether it was stored. */
export class NetworkError extends PartnerError {
  override name = 'NetworkError';
}

/** The service said that it succeeded, but what it answered breaks the contract. After a PUT the profile may be stored. */
export class ContractError extends PartnerError {
  override name = 'ContractError';
  readonly status: number;

  constructor(call: Call, message: string, status: number) {
    super(call, message);
    this.status = status;
  }
}

/** Whether a value is an error of this package, also when it comes from another copy or realm, where `instanceof` fails. */
export function isPartnerError(value: unknown): value is PartnerError {
  return value instanceof Error && brand in value;
}
