import { readErrorBody } from '../contract/error-body.ts';
import { headerNames } from '../contract/headers.ts';
import { parseJson } from '../contract/json.ts';
import type { AttemptEvent } from './attempt-events.ts';
import { callAnswered, refusal } from './answer.ts';
import { type Call, CancelledError, NetworkError, type ServiceError, StaleEtagError, ThrottledError, TokenError } from './errors.ts';
import type { Gate } from './gate.ts';
import type { SettledOptions } from './options.ts';
import { backoffMs, isFromApi, isRetried, mayBeStored, retryAfterMs } from './retry.ts';
import type { TokenSource } from './token-source.ts';

/** What all calls of a client share. */
export interface Transport {
  token: TokenSource;
  gate: Gate;
  newId: () => string;
  onAttempt?: ((event: AttemptEvent) => void) | undefined;
}

/** What openapi-fetch gives back, its body as text. */
export interface ApiAnswer {
  response: Response;
  data?: string | undefined;
  error?: unknown;
}

/** A success. */
export interface Success {
  call: Call;
  response: Response;
  body: string | undefined;
}

/** A write that was refused for its ETag; `ambiguous` when an earlier request of it may have been stored. */
export interface Stale {
  error: StaleEtagError;
  ambiguous: boolean;
}

/** Sends one request. */
type Send = (headers: Record<string, string>, signal: AbortSignal) => Promise<ApiAnswer>;

/** One call of the user's, over all of its requests: its ids, its clock, and what became of its write. */
export interface Conversation {
  /** Sends a request until it is answered for good. Errors: those of the client, but for a stale ETag of a PUT, which is a result. */
  send(method: 'GET', send: Send): Promise<Success>;
  send(method: 'PUT', send: Send): Promise<Success | Stale>;
  /** The call as an error speaks of it now. */
  now(): Call;
}

/** Begins a call. `writes` when it is to end in a PUT. */
export function converse(transport: Transport, path: string, writes: boolean, options: SettledOptions): Conversation {
  const { sleep, random, now } = options;
  const { gate, newId } = transport;
  const call: Call = {
    method: 'GET',
    path,
    requestId: '',
    correlationId: options.correlationId ?? newId(),
    attempts: 0,
    outcome: writes ? 'not-sent' : undefined,
  };
  let givenRequestId = options.requestId;

  const stop = options.signal;
  const deadlineAtMs = now() + options.deadlineMs;

  function throwIfStopped(): void {
    const isLate = now() >= deadlineAtMs;
    if (!stop?.aborted && !isLate) return;
    const cause: unknown = stop?.aborted ? stop.reason : new DOMException(`The call took ${options.deadlineMs} ms.`, 'TimeoutError');
    throw new CancelledError(call, `The call was ended: ${reasonOf(cause)}.${afterwards(call)}`, { cause });
  }

  /** Waits, but no longer than the call may take. */
  async function wait(ms: number, until?: AbortSignal): Promise<void> {
    throwIfStopped();
    const signals = [stop, until].filter((one) => one !== undefined);
    const signal = signals.length === 1 ? signals[0]! : AbortSignal.any(signals);
    await sleep(Math.min(ms, deadlineAtMs - now()), signal);
    throwIfStopped();
  }

  function tell(
    event:
      | { type: 'start' }
      | { type: 'answer'; status: number; durationMs: number }
      | { type: 'failure'; reason: string; durationMs: number }
      | { type: 'retry'; delayMs: number },
  ): void {
    const { method, requestId, correlationId, attempts } = call;
    try {
      transport.onAttempt?.({ ...event, method, path, attempt: attempts, requestId, correlationId });
    } catch {
      // Somebody who looks on must not change what happens.
    }
  }

  async function tokenFor(acquire: () => Promise<string | undefined>): Promise<string | undefined> {
    try {
      return await acquire();
    } catch (cause) {
      if (cause instanceof TypeError && cause.message.startsWith('The token ')) throw cause;
      throw new TokenError(call, `There is no access token: ${reasonOf(cause)}.${afterwards(call)}`, { cause });
    }
  }

  /** One request: its answer, or why there is none. It does not outlast its time, even if `fetch` would. */
  async function attempt(request: Send, bearer: string): Promise<ApiAnswer | { failure: unknown }> {
    await gate.enter(now, (ms, changed) => {
      if (ms > options.maxWaitMs && gate.closedForMs(now()) > options.maxWaitMs) throw throttledBefore(ms);
      return wait(ms, changed);
    });
    throwIfStopped();
    call.attempts += 1;
    const startedAtMs = now();
    tell({ type: 'start' });
    const over = new AbortController();
    const timeoutMs = Math.min(options.attemptTimeoutMs, deadlineAtMs - startedAtMs);
    let end = (): void => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<ApiAnswer>((resolve, reject) => {
        // Not by the signal alone: a `fetch` that does not heed it must not hold the call.
        const endWith = (reason: unknown): void => {
          reject(reason as Error);
          over.abort(reason);
        };
        timer = setTimeout(() => endWith(new DOMException(`no complete answer within ${timeoutMs} ms`, 'TimeoutError')), timeoutMs);
        end = () => endWith(stop?.reason);
        stop?.addEventListener('abort', end);
        const headers = {
          Authorization: `Bearer ${bearer}`,
          [headerNames.requestId]: call.requestId,
          [headerNames.correlationId]: call.correlationId,
        };
        request(headers, over.signal).then(resolve, reject);
      });
    } catch (failure) {
      tell({ type: 'failure', reason: reasonOf(failure), durationMs: now() - startedAtMs });
      return { failure };
    } finally {
      clearTimeout(timer);
      stop?.removeEventListener('abort', end);
      gate.leave();
    }
  }

  function throttledBefore(ms: number): ThrottledError {
    const seconds = Math.ceil(ms / 1000);
    return new ThrottledError(
      call,
      `${call.method} ${path} was not sent: the service throttles this partner for ${seconds} s more.${afterwards(call)}`,
      { status: 429, data: [] },
      seconds,
    );
  }

  async function send(method: 'GET' | 'PUT', request: Send): Promise<Success | Stale> {
    call.method = method;
    const mine = method === 'PUT' || !writes;
    call.requestId = (mine ? givenRequestId : undefined) ?? newId();
    if (mine) givenRequestId = undefined;
    let ambiguous = false;
    let renewed = false;
    let bearer = (await tokenFor(() => transport.token.get()))!;
    for (let retry = 0; ; retry += 1) {
      const before = call.outcome;
      throwIfStopped();
      const answer = await attempt(request, bearer);
      if ('failure' in answer) {
        // Whether it was sent, and how far it came, nobody can tell.
        if (method === 'PUT') [ambiguous, call.outcome] = [true, 'unknown'];
        throwIfStopped();
        if (retry >= options.retries) throw networkError(answer.failure);
        await pauseBefore(retry, undefined);
        continue;
      }

      const { response } = answer;
      const { status } = response;
      const answered = callAnswered(call, response, bearer);
      tell({ type: 'answer', status, durationMs: 0 });
      if (response.ok) {
        gate.open();
        call.outcome = writes && method === 'PUT' ? 'unknown' : before;
        return { call: { ...answered, outcome: call.outcome }, response, body: answer.data };
      }
      if (method === 'PUT') {
        ambiguous ||= mayBeStored(status);
        call.outcome = ambiguous ? 'unknown' : 'refused';
      }
      const error = refusal({ ...answered, outcome: call.outcome }, response, answer.error, bearer, now());
      if (status !== 429) gate.open();
      if (method === 'PUT' && error instanceof StaleEtagError) return { error, ambiguous };
      if (status === 401 && !renewed) {
        renewed = true;
        const other = await tokenFor(() => transport.token.renew(bearer));
        if (other !== undefined) {
          bearer = other;
          call.requestId = newId();
          retry -= 1;
          continue;
        }
      }
      const waitMs = retryAfterMs(response, wordsOf(answer.error), now());
      if (status === 429) gate.close(now() + (waitMs ?? 1000));
      if (!isRetried(status) || retry >= options.retries) throw error;
      if (waitMs !== undefined && waitMs > options.maxWaitMs) throw throttled(error, waitMs);
      if (isFromApi(status)) call.requestId = newId();
      await pauseBefore(retry, waitMs);
    }
  }

  /** As long as the service asks, else longer each time; but never beyond the deadline, where the call would only fail later. */
  async function pauseBefore(retry: number, askedMs: number | undefined): Promise<void> {
    const delayMs = askedMs ?? backoffMs(retry, random);
    tell({ type: 'retry', delayMs });
    if (delayMs > 0) await wait(delayMs);
  }

  function networkError(cause: unknown): NetworkError {
    return new NetworkError(call, `No complete answer to ${call.method} ${path}: ${reasonOf(cause)}.${afterwards(call)}`, { cause });
  }

  function throttled(error: ServiceError, waitMs: number): ThrottledError {
    const seconds = Math.ceil(waitMs / 1000);
    const { status, code, description, data } = error;
    const refused = { status, data, ...(code === undefined ? {} : { code }), ...(description === undefined ? {} : { description }) };
    const words = `${call.method} ${path} was answered ${status}, to be tried again in ${seconds} s, which is longer than maxWaitMs allows.${afterwards(call)}`;
    return new ThrottledError(call, words, refused, seconds);
  }

  return {
    send: send as Conversation['send'],
    now: () => ({ ...call }),
  };
}

/** What the reader of an error has to do about a write whose fate is not known. */
function afterwards({ outcome }: Call): string {
  return outcome === 'unknown' ? ' It is unknown whether the profile was stored; read it before trying again' : '';
}

/** fetch says no more than "fetch failed"; what failed stands in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return (cause instanceof Error && cause.message !== '' ? cause.message : error.message).replace(/\.$/, '');
}

function wordsOf(body: unknown): string | undefined {
  return readErrorBody(typeof body === 'string' ? parseJson(body) : body).description;
}
