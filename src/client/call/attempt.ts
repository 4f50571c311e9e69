import { headerNames } from '../../contract/headers.ts';
import { billingProfilePath, type CustomerBillingProfile, type CustomerBillingProfileUpdate } from '../../contract/profile.ts';
import { type PartnerApi, readText } from '../api.ts';
import { type CallFacts, reasonOf, type Refused } from '../errors.ts';
import { isDefect } from '../environment.ts';
import { isolated } from '../observer.ts';
import type { ResolvedOptions } from '../options.ts';
import { readProfile, readRefusal } from '../response.ts';
import type { ResponseValidation } from '../response-validation.ts';
import { type Clean, createClean } from '../secrets.ts';
import type { Clock } from './clock.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { TokenSource } from './token-source.ts';

/** What all calls of a client share. */
export interface Transport {
  api: PartnerApi;
  baseUrl: string;
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
  /** The profiles that the call has read or sent, and its last token: no error may repeat what stands in them. */
  profiles: unknown[];
  token: string;
}

/** What a PUT carries. */
export interface Put {
  /** As it was read. */
  etag: string;
  ifMatch: string;
  body: CustomerBillingProfileUpdate;
}

/** What came of an attempt: a complete response with what was read from it, or the cause why there is none. */
export type Attempt = { clean: Clean } & (
  | ({ response: Response; cause?: undefined; isDefect?: undefined } & Read)
  | ({ response?: undefined; cause: unknown; isDefect: boolean } & Partial<Record<keyof Read, undefined>>)
);

/** What was read from a complete response: a profile, what is wrong with a success, or a refusal. */
export interface Read {
  profile?: CustomerBillingProfile | undefined;
  problem?: string | undefined;
  refused?: Refused | undefined;
  /** Whether a refusal is the throttling response of the gateway. */
  isFromGateway?: boolean | undefined;
}

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

/** May be async: what it throws, or rejects with, changes nothing. */
export type AttemptListener = (event: AttemptEvent) => void;

// How long a service throttles that does not say it.
const throttledSeconds = 1;

/** Sends one request, which has its place in the rate limiter, and tells that and the listener what came of it. */
export async function attempt(context: CallContext, put: Put | undefined): Promise<Attempt> {
  const { transport, facts, clock, token } = context;
  facts.attempts += 1;
  const startedAtMs = clock.now();
  // Made when it is needed, once: most requests succeed, and a refusal has many texts.
  let made: Clean | undefined;
  const clean: Clean = (text) => (made ??= createClean(token, context.profiles))(text);
  tell(transport.onAttempt, facts, { type: 'start' });
  let received: Awaited<ReturnType<typeof exchange>>;
  try {
    received = await clock.limit((signal) => exchange(context, put, signal));
  } catch (cause) {
    tell(transport.onAttempt, facts, { type: 'failure', reason: clean(reasonOf(cause)), durationMs: clock.now() - startedAtMs });
    return { cause, isDefect: isDefect(cause), clean };
  } finally {
    transport.rateLimiter.onRequestEnd();
  }
  const { response, text } = received;
  tell(transport.onAttempt, facts, { type: 'response', status: response.status, durationMs: clock.now() - startedAtMs });
  const read: Read = response.ok ? readProfile(response, text) : readRefusal(response, text, clean, clock.now());
  if (read.profile) context.profiles.push(read.profile);
  if (response.status !== 429) transport.rateLimiter.onUnthrottledResponse();
  else transport.rateLimiter.onThrottled(clock.now(), (read.refused?.retryAfterSeconds ?? throttledSeconds) * 1000);
  return { response, clean, ...read };
}

/** One request and its complete response. `text` is undefined when the body is too large. */
async function exchange({ transport, customerId, facts, token }: CallContext, put: Put | undefined, signal: AbortSignal) {
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
  return { response, text: response.ok ? await readText(response) : (error as unknown as string | undefined) };
}

/** Tells a listener. What it throws, or what its promise is rejected with, must not change the call. */
export function tell(listener: AttemptListener | undefined, call: CallFacts, step: AttemptStep): void {
  if (!listener) return;
  const { method, path, requestId, correlationId, attempts } = call;
  isolated(() => listener({ ...step, method, path, attempt: attempts, requestId, correlationId }));
}
