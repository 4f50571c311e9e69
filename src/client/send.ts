import { isStaleRefusal } from '../contract/error-body.ts';
import * as headerNames from '../contract/headers.ts';
import { parseJson } from '../contract/json.ts';
import { billingProfilePath, billingProfilePathOf } from '../contract/profile.ts';
import type { CustomerBillingProfileUpdate } from '../contract/profile.ts';
import { checkToken } from '../contract/token.ts';
import { callAnswered, readRefusal, refusal } from './answer.ts';
import type { PartnerApi } from './client.ts';
import type { AttemptEvent, AttemptStep } from './attempt-events.ts';
import { type Call, CancelledError, NetworkError, type StaleEtagError, ThrottledError, TokenError } from './errors.ts';
import type { Gate } from './gate.ts';
import { type SettledOptions, sleepFor } from './options.ts';
import { backoffMs, isFromApi, isRetried, mayBeStored } from './retry.ts';
import type { TokenSource } from './token-source.ts';

/** What all calls of a client share. */
export interface Transport {
  api: PartnerApi;
  token: TokenSource;
  gate: Gate;
  newId: () => string;
  onAttempt?: ((event: AttemptEvent) => void) | undefined;
}

/** An answer, with what its body says: JSON, or undefined where there was none; of a refusal, what openapi-fetch made of it. */
interface Answer {
  response: Response;
  body: unknown;
}

/** A success. */
export interface Success {
  call: Call;
  response: Response;
  json: unknown;
}

/** A write that was refused for its ETag; `ambiguous` when an earlier request of it may have been stored. */
export interface Stale {
  error: StaleEtagError;
  ambiguous: boolean;
}

/** What a PUT carries. */
export interface Put {
  ifMatch: string;
  body: CustomerBillingProfileUpdate;
}

/** One call of the user's, over all of its requests: its ids, its clock, and what became of its write. */
export interface Conversation {
  /** Sends a request until it is answered for good. Errors: those of the client, but for a stale ETag of a PUT, which is a result. */
  send(): Promise<Success>;
  send(put: Put): Promise<Success | Stale>;
  /** The call as an error speaks of it. */
  readonly call: Call;
}

/** Begins a call. `writes` when it is to end in a PUT. Errors: `TypeError` for an id that no header can carry. */
export function converse(transport: Transport, customerId: string, writes: boolean, options: SettledOptions): Conversation {
  const { api, gate, newId, token } = transport;
  const { signal: stop } = options;
  let skippedMs = 0;
  const now = (): number => options.now() + skippedMs;
  const path = billingProfilePathOf(customerId);
  let givenRequestId = options.requestId && checkToken(options.requestId, 'requestId');
  const call: Call = {
    method: 'GET',
    path,
    requestId: '',
    correlationId: checkToken(options.correlationId ?? newId(), 'correlationId'),
    attempts: 0,
    outcome: writes ? 'not-sent' : undefined,
  };
  const deadlineAtMs = now() + options.deadlineMs;

  function throwIfStopped(): void {
    if (!stop?.aborted && now() < deadlineAtMs) return;
    const cause: unknown = stop?.aborted ? stop.reason : timeout(`the call took ${options.deadlineMs} ms`);
    throw new CancelledError(call, `was ended: ${reasonOf(cause)}`, { cause });
  }

  /** Waits, but no longer than the call may take; for ever means until the gate has changed. */
  async function wait(ms: number, changed?: AbortSignal): Promise<void> {
    throwIfStopped();
    const untilMs = Math.min(now() + ms, deadlineAtMs);
    const signal = AbortSignal.any([stop, changed].filter((one) => !!one));
    await (ms === Infinity ? sleepFor : options.sleep)(untilMs - now(), signal);
    // A test's sleep may take no time: it has passed all the same.
    if (!signal.aborted) skippedMs += Math.max(0, untilMs - now());
    throwIfStopped();
  }

  function tell(step: AttemptStep): void {
    try {
      const { method, requestId, correlationId, attempts } = call;
      transport.onAttempt?.({ ...step, method, path, attempt: attempts, requestId, correlationId });
    } catch {
      // Somebody who looks on must not change what happens.
    }
  }

  async function tokenForNext(refused?: string): Promise<string> {
    try {
      return await token(refused);
    } catch (cause) {
      throw new TokenError(call, `was not sent, because there is no token: ${reasonOf(cause)}`, { cause });
    }
  }

  /** One request: its answer. It does not outlast its time, even if `fetch` would. */
  async function attempt(put: Put | undefined, bearer: string): Promise<Answer> {
    const over = new AbortController();
    const timeoutMs = Math.min(options.attemptTimeoutMs, deadlineAtMs - now());
    let timer: ReturnType<typeof setTimeout> | undefined;
    let onStop = (): void => {};
    try {
      return await new Promise<Answer>((resolve, reject) => {
        // Not by the signal alone: a `fetch` that does not heed it must not hold the call.
        const end = (reason: Error): void => {
          reject(reason);
          over.abort(reason);
        };
        timer = setTimeout(() => end(timeout(`no complete answer within ${timeoutMs} ms`)), timeoutMs);
        onStop = () => end(stop!.reason as Error);
        stop?.addEventListener('abort', onStop);
        const init = {
          params: { path: { 'customer-tenant-id': customerId } },
          headers: {
            Authorization: `Bearer ${bearer}`,
            [headerNames.requestId]: call.requestId,
            [headerNames.correlationId]: call.correlationId,
          },
          signal: over.signal,
          parseAs: 'stream',
        } as const;
        const answer = put
          ? api.PUT(billingProfilePath, { ...init, params: { ...init.params, header: { 'If-Match': put.ifMatch } }, body: put.body })
          : api.GET(billingProfilePath, init);
        answer.then(bodyOf).then(resolve, reject);
      });
    } finally {
      clearTimeout(timer);
      stop?.removeEventListener('abort', onStop);
      gate.leave();
    }
  }

  async function send(put?: Put): Promise<Success | Stale> {
    const isWrite = put !== undefined;
    const method = isWrite ? 'PUT' : 'GET';
    call.method = method;
    call.requestId = newId();
    if (isWrite === writes && givenRequestId) [call.requestId, givenRequestId] = [givenRequestId, undefined];
    let ambiguous = false;
    let renewed = false;
    let bearer = await tokenForNext();
    for (let retry = 0; ; retry += 1) {
      for (let ms = gate.waitMs(now()); ms > 0; ms = gate.waitMs(now())) {
        const closedMs = gate.closedForMs(now());
        if (closedMs > options.maxWaitMs) {
          const retryAfterSeconds = Math.ceil(closedMs / 1000);
          const words = `was not sent, because the service throttles for ${retryAfterSeconds} s more`;
          throw new ThrottledError(call, words, { status: 429, data: [], retryAfterSeconds });
        }
        await wait(ms, gate.changed());
      }
      throwIfStopped();
      gate.enter(now());
      call.attempts += 1;
      const startedAtMs = now();
      tell({ type: 'start' });
      let answer: Answer;
      try {
        answer = await attempt(put, bearer);
      } catch (cause) {
        const reason = reasonOf(cause);
        tell({ type: 'failure', reason, durationMs: now() - startedAtMs });
        // Whether it was sent, and how far it came, nobody can tell.
        if (isWrite) [ambiguous, call.outcome] = [true, 'unknown'];
        throwIfStopped();
        if (retry >= options.retries) throw new NetworkError(call, `got no complete answer: ${reason}`, { cause });
        await pauseBefore(retry);
        continue;
      }

      const { response } = answer;
      const { status } = response;
      tell({ type: 'answer', status, durationMs: now() - startedAtMs });
      if (status !== 429) gate.open();
      if (isWrite) {
        ambiguous ||= mayBeStored(status);
        // A success too: what it answers may still break the contract.
        call.outcome = ambiguous || response.ok ? 'unknown' : 'refused';
      }
      const answered = callAnswered(call, response, bearer);
      if (response.ok) return { call: answered, response, json: answer.body };

      const refused = readRefusal(response, answer.body, bearer, now());
      const isOver = !isRetried(status) || retry >= options.retries;
      const askedMs = refused.retryAfterSeconds === undefined ? undefined : refused.retryAfterSeconds * 1000;
      const tooLong = !isOver && askedMs !== undefined && askedMs > options.maxWaitMs;
      const error = refusal(answered, response, refused, tooLong);
      if (isWrite && isStaleRefusal(status, refused.code)) return { error: error as StaleEtagError, ambiguous };
      if (status === 401 && !renewed) {
        renewed = true;
        const other = await tokenForNext(bearer);
        if (other !== bearer) {
          bearer = other;
          call.requestId = newId();
          retry -= 1;
          continue;
        }
      }
      if (status === 429) gate.close(now() + (askedMs ?? 1000));
      if (isOver || tooLong) throw error;
      if (isFromApi(status)) call.requestId = newId();
      await pauseBefore(retry, askedMs);
    }
  }

  /** As long as the service asks, else longer each time; but never beyond the deadline, where the call would only fail later. */
  async function pauseBefore(retry: number, askedMs?: number): Promise<void> {
    const delayMs = askedMs ?? backoffMs(retry, options.random);
    tell({ type: 'retry', delayMs });
    if (delayMs > 0) await wait(delayMs);
  }

  return { send: send as Conversation['send'], call };
}

async function bodyOf({ response, error }: { response: Response; error?: unknown }): Promise<Answer> {
  return { response, body: response.ok ? parseJson(await response.text()) : error };
}

const timeout = (words: string): Error => new DOMException(words, 'TimeoutError');

/** fetch says no more than "fetch failed"; what failed stands in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ((error.cause as Error | undefined)?.message || error.message).replace(/\.$/, '');
}
