import { checkToken } from '../../contract/headers.ts';
import { billingProfilePathOf } from '../../contract/profile.ts';
import { type CallFacts, NetworkError, reasonOf, type StaleEtagError, ThrottledError, TokenError } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';
import type { ProfileResult } from '../profile-call.ts';
import { readProfile, refusalError, withIdsOf } from '../response.ts';
import { type Attempt, attempt, type CallContext, type Put, tell, type Transport } from './attempt.ts';
import { startClock } from './clock.ts';
import { type Decision, decide } from './retry.ts';

/** One call of the user's, over all of its requests: its ids, its clock, and what became of its write. */
export interface Call {
  /** The call as an error speaks of it. */
  readonly facts: Readonly<CallFacts>;
  readonly options: ResolvedOptions;
  /** Sends a GET, or the PUT, again where that helps. Errors: those of the client, but for a stale ETag of a PUT, which is a result. */
  send(): Promise<ProfileResult>;
  send(put: Put): Promise<ProfileResult | StaleEtagError>;
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
  const context: CallContext = { transport, customerId, options, facts, clock: startClock(facts, options) };

  return {
    facts,
    options,
    send: ((put?: Put) => {
      facts.method = put ? 'PUT' : 'GET';
      facts.requestId = transport.newId();
      if (!!put === writes && givenRequestId) [facts.requestId, givenRequestId] = [givenRequestId, undefined];
      return send(context, put);
    }) as Call['send'],
  };
}

/** Sends a request until it is decided that the call has its result, or fails. */
async function send(context: CallContext, put: Put | undefined): Promise<ProfileResult | StaleEtagError> {
  const { transport, facts, clock, options } = context;
  let [retries, isTokenRenewed] = [0, false];
  let token = await tokenFor(context);
  for (;;) {
    await takeTurn(context);
    const made = await attempt(context, put, token);
    const decision = decide(made.refused ?? made.response, { outcome: put && facts.outcome, retries, isTokenRenewed }, options);
    if (put) facts.outcome = decision.outcome;
    if (!made.response) clock.throwIfEnded();
    if (decision.next === 'renew-token') {
      const other = await tokenFor(context, token);
      if (other !== token) {
        [token, isTokenRenewed, facts.requestId] = [other, true, transport.newId()];
        continue;
      }
    }
    if (decision.next !== 'retry') return resultOf(context, made, token, decision);
    retries += 1;
    if (decision.newRequestId) facts.requestId = transport.newId();
    tell(transport.onAttempt, facts, { type: 'retry', delayMs: decision.afterMs });
    if (decision.afterMs > 0) await clock.wait(decision.afterMs);
  }
}

/**
 * The result of a request that is not sent again.
 *
 * Errors: its refusal, unless that is a result; `NetworkError` without a response; `ContractError` for a success without a profile.
 */
function resultOf({ transport, facts }: CallContext, made: Attempt, token: string, decision: Decision): ProfileResult | StaleEtagError {
  if (!made.response) throw new NetworkError(facts, `got no complete answer: ${reasonOf(made.cause)}`, { cause: made.cause });
  const { response, refused, body } = made;
  const named = withIdsOf(response, facts, token);
  if (refused) {
    const error = refusalError(named, response, refused, decision.next === 'throttled');
    if (decision.next === 'done') return error;
    throw error;
  }
  const profile = readProfile(named, response, body);
  transport.validateResponse?.(named, response.status, profile);
  const { method, requestId, correlationId, attempts } = named;
  return { profile, response, requestId, correlationId, attempts, result: method === 'GET' ? 'read' : 'stored' };
}

/** Waits until the rate limiter lets a request go, and takes its place. Errors: `ThrottledError` when the call may not wait so long. */
async function takeTurn({ transport: { rateLimiter }, facts, clock, options }: CallContext): Promise<void> {
  for (let ms = rateLimiter.waitMs(clock.now()); ms > 0; ms = rateLimiter.waitMs(clock.now())) {
    const throttledMs = rateLimiter.throttledForMs(clock.now());
    if (throttledMs > options.maxWaitMs) {
      const retryAfterSeconds = Math.ceil(throttledMs / 1000);
      const words = `was not sent, because the service throttles for ${retryAfterSeconds} s more`;
      throw new ThrottledError(facts, words, { status: 429, data: [], retryAfterSeconds });
    }
    await clock.wait(ms, rateLimiter.changed());
  }
  clock.throwIfEnded();
  // Before anything is awaited: another call that waits would take the same place.
  rateLimiter.onRequest(clock.now());
}

/** The token for a request; after a refusal another one, or the same when there is no other. Errors: `TokenError`. */
async function tokenFor({ transport, facts }: CallContext, refused?: string): Promise<string> {
  try {
    return await transport.token(refused);
  } catch (cause) {
    throw new TokenError(facts, `was not sent, because there is no token: ${reasonOf(cause)}`, { cause });
  }
}
