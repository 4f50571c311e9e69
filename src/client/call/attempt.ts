import { headerNames } from '../../contract/headers.ts';
import { parseJson } from '../../contract/json.ts';
import { billingProfilePath, type CustomerBillingProfileUpdate } from '../../contract/profile.ts';
import type { PartnerApi } from '../api.ts';
import { type CallFacts, reasonOf, type Refused } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';
import { readRefusal } from '../response.ts';
import type { ResponseValidation } from '../response-validation.ts';
import type { Clock } from './clock.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { TokenSource } from './token-source.ts';

/** What all calls of a client share. */
export interface Transport {
  api: PartnerApi;
  token: TokenSource;
  rateLimiter: RateLimiter;
  newId: () => string;
  onAttempt: AttemptListener | undefined;
  validateResponse: ResponseValidation | undefined;
}

/** What all requests of a call share. */
export interface CallContext {
  transport: Transport;
  customerId: string;
  options: ResolvedOptions;
  /** The call as an error speaks of it, kept up to date. */
  facts: CallFacts;
  clock: Clock;
}

/** What a PUT carries. */
export interface Put {
  ifMatch: string;
  body: CustomerBillingProfileUpdate;
}

/**
 * What came of an attempt: a complete response, or the cause why there is none. `body` is that of a success as JSON, undefined when it is
 * not JSON, or that of a refusal as openapi-fetch read it.
 */
export type Attempt =
  { response: Response; body: unknown; refused: Refused | undefined } | { response?: undefined; refused?: undefined; cause: unknown };

/** What happens to one request. It carries no header but the two ids, and nothing of a body. */
export type AttemptEvent = AttemptStep &
  Pick<CallFacts, 'method' | 'path' | 'requestId' | 'correlationId'> & {
    /** From one, over all requests of the call. */
    attempt: number;
  };

export type AttemptStep =
  | { type: 'start' }
  | { type: 'response'; status: number; durationMs: number }
  | { type: 'failure'; reason: string; durationMs: number }
  | { type: 'retry'; delayMs: number };

export type AttemptListener = (event: AttemptEvent) => void;

// How long a service throttles that does not say it.
const throttledSeconds = 1;

/** Sends one request, which has its place in the rate limiter, and tells that and the listener what came of it. */
export async function attempt(context: CallContext, put: Put | undefined, token: string): Promise<Attempt> {
  const { transport, facts, clock } = context;
  facts.attempts += 1;
  const startedAtMs = clock.now();
  tell(transport.onAttempt, facts, { type: 'start' });
  let received: Awaited<ReturnType<typeof exchange>>;
  try {
    received = await clock.limit((signal) => exchange(context, put, token, signal));
  } catch (cause) {
    tell(transport.onAttempt, facts, { type: 'failure', reason: reasonOf(cause), durationMs: clock.now() - startedAtMs });
    return { cause };
  } finally {
    transport.rateLimiter.onRequestEnd();
  }
  const { response, body } = received;
  tell(transport.onAttempt, facts, { type: 'response', status: response.status, durationMs: clock.now() - startedAtMs });
  const refused = response.ok ? undefined : readRefusal(response, body, token, clock.now());
  if (refused?.status !== 429) transport.rateLimiter.onUnthrottledResponse();
  else transport.rateLimiter.onThrottled(clock.now() + (refused.retryAfterSeconds ?? throttledSeconds) * 1000);
  return { ...received, refused };
}

/** One request and its complete response. */
async function exchange({ transport, customerId, facts }: CallContext, put: Put | undefined, token: string, signal: AbortSignal) {
  const path = { 'customer-tenant-id': customerId };
  const headers = {
    Authorization: `Bearer ${token}`,
    [headerNames.requestId]: facts.requestId,
    [headerNames.correlationId]: facts.correlationId,
  };
  const init = { params: { path }, headers, signal, parseAs: 'stream' } as const;
  const { response, error } = await (put
    ? transport.api.PUT(billingProfilePath, { ...init, params: { path, header: { 'If-Match': put.ifMatch } }, body: put.body })
    : transport.api.GET(billingProfilePath, init));
  return { response, body: response.ok ? parseJson(await response.text()) : error };
}

/** Tells a listener. An error that it throws must not change the call. */
export function tell(listener: AttemptListener | undefined, call: CallFacts, step: AttemptStep): void {
  try {
    const { method, path, requestId, correlationId, attempts } = call;
    listener?.({ ...step, method, path, attempt: attempts, requestId, correlationId });
  } catch {
    // The listener's own concern.
  }
}
