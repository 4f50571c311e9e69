import { checkToken } from '../../contract/headers.ts';
import { billingProfilePathOf, type CustomerBillingProfile } from '../../contract/profile.ts';
import {
  type CallFacts,
  CancelledError,
  causeOf,
  ContractError,
  EnvironmentError,
  NetworkError,
  type PartnerError,
  reasonOf,
  StaleEtagError,
  ThrottledError,
  TokenError,
} from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';
import type { ProfileResult } from '../profile-call.ts';
import { refusalError, withIdsOf } from '../response.ts';
import { type Clean, createClean } from '../secrets.ts';
import { type Attempt, attempt, type CallContext, type Put, tell, type Transport } from './attempt.ts';
import { cancelled, Clock } from './clock.ts';
import { backoffMs, type Decision, decide } from './retry.ts';

/** One call of the user's, over all of its requests: its ids, its clock, and what became of its write. */
export interface Call {
  /** The call as an error speaks of it. */
  readonly facts: Readonly<CallFacts>;
  readonly customerId: string;
  readonly options: ResolvedOptions;
  /** Takes the values of the customer out of a text. */
  readonly clean: Clean;
  /** Reads the profile. With the ETag of a write that was refused as stale once more, should that still be there: a read may lag behind. */
  read(staleEtag?: string): Promise<ProfileResult>;
  /** Sends a PUT, again where that is safe. Errors: those of the client, but for a stale ETag without doubt, which is a result. */
  write(write: Write): Promise<ProfileResult | StaleEtagError>;
  /** Does the caller's own work until the call is ended. Errors: those of the work; `CancelledError`. */
  within<T>(work: () => T | Promise<T>): Promise<T>;
}

/** A PUT, and how to find out what became of it while it is in doubt whether it was stored. */
export interface Write extends Put {
  /** Whether a profile is that of this customer, and as it was before the write: the same request may be sent again. */
  isAsRead(profile: CustomerBillingProfile): boolean;
  /** What the write came to, by a profile that is not as it was. Errors: `ConflictError`, made with the error of the write. */
  settle(there: ProfileResult, written: PartnerError): Promise<ProfileResult>;
}

/** Begins a call. `writes` when it is to end in a PUT. Errors: `TypeError` for an id that no header can carry. */
export function createCall(transport: Transport, customerId: string, writes: boolean, options: ResolvedOptions): Call {
  let givenRequestId = options.requestId && checkToken(options.requestId, 'requestId');
  const facts: CallFacts = {
    method: 'GET',
    path: billingProfilePathOf(customerId),
    requestId: '',
    correlationId: checkToken(options.correlationId ?? transport.newId(), 'correlationId'),
    attempts: 0,
    outcome: writes ? 'not-sent' : undefined,
  };
  const context: CallContext = { transport, customerId, options, facts, clock: new Clock(facts, options), profiles: [], token: '' };

  function begin(method: 'GET' | 'PUT'): void {
    facts.method = method;
    facts.requestId = transport.newId();
    if ((method === 'PUT') === writes && givenRequestId) [facts.requestId, givenRequestId] = [givenRequestId, undefined];
  }

  async function read(staleEtag?: string): Promise<ProfileResult> {
    begin('GET');
    const there = (await send(context)) as ProfileResult;
    if (there.profile.attributes.etag !== staleEtag) return there;
    await context.clock.wait(lagMs(0, options));
    return read();
  }

  return {
    facts,
    customerId,
    options,
    clean: (text) => createClean(context.token, context.profiles)(text),
    read,
    write(write) {
      begin('PUT');
      context.profiles.push(write.body);
      return send(context, write);
    },
    within: (work) => context.clock.within(work),
  };
}

/** Sends a request until it is decided that the call has its result, or fails. */
async function send(context: CallContext, write?: Write): Promise<ProfileResult | StaleEtagError> {
  const { transport, facts, clock, options } = context;
  let [retries, isTokenRenewed] = [0, false];
  context.token = await tokenFor(context);
  for (;;) {
    await takeTurn(context);
    const made = await attempt(context, write);
    const decision = decide(made, { outcome: write && facts.outcome, retries, isTokenRenewed }, options);
    if (write) facts.outcome = decision.outcome;
    if (!made.response) clock.throwIfEnded();
    if (decision.next === 'renew-token') {
      const other = await tokenFor(context, context.token);
      if (other !== context.token) {
        [context.token, isTokenRenewed, facts.requestId] = [other, true, transport.newId()];
        continue;
      }
    }
    if (decision.next !== 'retry' || made.isDefect) return resultOf(context, made, decision, write);
    tell(transport.onAttempt, facts, { type: 'retry', delayMs: decision.afterMs });
    if (decision.afterMs > 0) await clock.wait(decision.afterMs);
    if (decision.looksFirst && write) {
      const there = await look(context, () => errorOf(context, made, decision));
      if (!write.isAsRead(there.profile)) return write.settle(there, errorOf(context, made, decision));
    }
    retries += 1;
    if (decision.newRequestId) facts.requestId = transport.newId();
  }
}

/** The result of a request that is not sent again. Errors: `errorOf`, unless it is the stale refusal of a write. */
async function resultOf(context: CallContext, made: Attempt, decision: Decision, write: Write | undefined) {
  const { transport, facts } = context;
  if (!made.response || !made.profile) {
    const error = errorOf(context, made, decision);
    if (decision.next !== 'done' || !(error instanceof StaleEtagError) || !write) throw error;
    return facts.outcome === 'unknown' ? settleStale(context, write, error) : error;
  }
  const { response, profile, clean } = made;
  const named = withIdsOf(response, facts, clean);
  transport.validateResponse?.(named, response.status, profile);
  const { method, requestId, correlationId, attempts } = named;
  const result: ProfileResult['result'] = method === 'GET' ? 'read' : 'stored';
  return { profile, response, requestId, correlationId, attempts, result, normalised: [] };
}

/** The error of an attempt that gave no profile. */
function errorOf({ facts, transport }: CallContext, made: Attempt, decision: Decision): PartnerError {
  const { clean } = made;
  if (!made.response) {
    const [reason, options] = [clean(reasonOf(made.cause)), { cause: causeOf(made.cause, clean) }];
    if (!made.isDefect) return new NetworkError(facts, `got no complete response: ${reason}`, options);
    return new EnvironmentError(facts, `failed in this environment, not in the network: ${reason}. Check its fetch`, options);
  }
  const named = withIdsOf(made.response, facts, clean);
  if (made.refused) return refusalError(named, made.response, made.refused, decision.next === 'throttled', transport.baseUrl, clean);
  return new ContractError(named, made.response.status, made.problem!);
}

/**
 * Reads the profile while it is in doubt whether a write was stored.
 *
 * Errors: that of the write, when the read fails: the write is what the caller has to know of; `CancelledError`.
 */
async function look(context: CallContext, errorOfWrite: () => PartnerError): Promise<ProfileResult> {
  const { facts, transport } = context;
  const reading: CallFacts = { ...facts, method: 'GET', requestId: transport.newId() };
  try {
    return (await send({ ...context, facts: reading })) as ProfileResult;
  } catch (error) {
    facts.attempts = reading.attempts;
    throw error instanceof CancelledError ? cancelled(facts, error.cause) : errorOfWrite();
  } finally {
    facts.attempts = reading.attempts;
  }
}

/**
 * What became of a write that was in doubt and is then refused as stale.
 *
 * The refusal proves that the ETag that was read is gone, so a read that still shows it lags behind.
 * Errors: those of `settle` and `look`; `CancelledError` when all reads lag until the deadline.
 */
async function settleStale(context: CallContext, write: Write, error: StaleEtagError): Promise<ProfileResult> {
  for (let round = 0; ; round += 1) {
    const there = await look(context, () => error);
    if (there.profile.attributes.etag !== write.etag) return write.settle(there, error);
    await context.clock.wait(lagMs(round, context.options));
  }
}

/** How long to wait for a read that lags behind. Never nothing: the reads would follow one another without a pause. */
const lagMs = (round: number, { random }: ResolvedOptions): number => 100 + backoffMs(round, random);

/** Waits until the rate limiter lets a request go, and takes its place. Errors: `ThrottledError` when the call may not wait so long. */
async function takeTurn({ transport: { rateLimiter }, facts, clock, options }: CallContext): Promise<void> {
  for (let ms = rateLimiter.waitMs(clock.now()); ms > 0; ms = rateLimiter.waitMs(clock.now())) {
    const throttledMs = rateLimiter.throttledForMs(clock.now());
    if (throttledMs > options.maxWaitMs) {
      const retryAfterSeconds = Math.ceil(throttledMs / 1000);
      const words = `was not sent, because the service throttles for ${retryAfterSeconds} s more. Wait that long before the next call`;
      throw new ThrottledError(facts, words, { status: 429, data: [], retryAfterSeconds });
    }
    if (throttledMs > 0) await clock.wait(ms, rateLimiter.changed());
    else await clock.queue(ms, rateLimiter.changed());
  }
  clock.throwIfEnded();
  // Before anything is awaited: another call that waits would take the same place.
  rateLimiter.onRequest(clock.now());
}

/** The token for a request; after a refusal another one, or the same when there is no other. Errors: `TokenError`, `CancelledError`. */
async function tokenFor(context: CallContext, refused?: string): Promise<string> {
  const { facts, clock } = context;
  const { token } = context.transport;
  try {
    const given = token.get(refused);
    return typeof given === 'string' ? given : await clock.within(() => given);
  } catch (cause) {
    if (cause instanceof CancelledError) {
      token.forget();
      throw cause;
    }
    const clean = createClean(context.token, context.profiles);
    throw new TokenError(facts, `was not sent, because there is no token: ${clean(reasonOf(cause))}`, { cause: causeOf(cause, clean) });
  }
}
