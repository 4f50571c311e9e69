import { type CallFacts, CancelledError, reasonOf } from '../errors.ts';
import { type ResolvedOptions, sleepFor } from '../options.ts';

/** The time of one call: its deadline, its signal, its waits, and how long each request may take. */
export type Clock = ReturnType<typeof startClock>;

/** Starts the clock of a call. */
export function startClock(call: CallFacts, options: ResolvedOptions) {
  const { deadlineMs, attemptTimeoutMs, maxQueueMs, signal: stop, sleep, now: systemNow } = options;
  let [skippedMs, queuedMs] = [0, 0];
  const now = (): number => systemNow() + skippedMs;
  let deadlineAtMs = now() + deadlineMs;

  const deadlineError = (): Error => timeoutError(`the call took ${deadlineMs} ms (deadlineMs)`);

  /** Errors: `CancelledError` when the signal or the deadline has ended the call. */
  function throwIfEnded(): void {
    if (stop?.aborted) throw cancelled(call, stop.reason);
    if (now() >= deadlineAtMs) throw cancelled(call, deadlineError());
  }

  /** Sleeps until a time, or until `changed` is aborted. Errors: `CancelledError` when the signal has ended the call. */
  async function sleepUntil(untilMs: number, changed?: AbortSignal, sleeper = sleep): Promise<void> {
    const signal = AbortSignal.any([stop, changed].filter((one) => !!one));
    await sleeper(untilMs - now(), signal);
    // A test's sleep may take no time: it has passed all the same.
    if (!signal.aborted) skippedMs += Math.max(0, untilMs - now());
    if (stop?.aborted) throw cancelled(call, stop.reason);
  }

  /** Waits, but not beyond the deadline. Errors: those of `throwIfEnded`. */
  async function wait(ms: number, changed?: AbortSignal): Promise<void> {
    throwIfEnded();
    await sleepUntil(Math.min(now() + ms, deadlineAtMs), changed);
    throwIfEnded();
  }

  /**
   * Waits for a turn in the client's own rate limit. This time does not count against the deadline: the service is not the one that is
   * slow. `changed` ends the wait.
   *
   * Errors: `CancelledError` at the limit for such waits, or when the signal has ended the call.
   */
  async function queue(ms: number, changed: AbortSignal): Promise<void> {
    const startedAtMs = now();
    const leftMs = maxQueueMs - queuedMs;
    // What ends a wait without a time of its own is real: a test's sleep, which may take no time, cannot stand in for it.
    await sleepUntil(startedAtMs + Math.min(ms, leftMs), changed, ms === Infinity ? sleepFor : sleep);
    const tookMs = now() - startedAtMs;
    queuedMs += tookMs;
    deadlineAtMs += tookMs;
    if (queuedMs < maxQueueMs) return;
    throw cancelled(call, timeoutError(`it waited ${maxQueueMs} ms (maxQueueMs) for its turn in the client's own rate limit`));
  }

  /**
   * Does work that may take a limited time, and ends it early when the call is ended.
   *
   * Errors: those of the work; what `toError` makes of a `TimeoutError` or of the reason of the signal. Work that ignores its own signal
   * is left behind.
   */
  async function limit<T>(work: (signal: AbortSignal) => T | Promise<T>, mostMs = attemptTimeoutMs, toError = (cause: unknown) => cause) {
    const limitMs = Math.min(mostMs, deadlineAtMs - now());
    const over = new AbortController();
    let end: (cause: unknown) => void;
    const onStop = (): void => end(stop!.reason);
    const timer = setTimeout(() => end(timeoutError(`no complete response within ${limitMs} ms`)), limitMs);
    const forget = stop && onAbort(stop, onStop);
    try {
      return await new Promise<T>((resolve, reject) => {
        end = (cause) => {
          reject(toError(cause) as Error);
          over.abort(cause);
        };
        if (stop?.aborted) return onStop();
        Promise.resolve(work(over.signal)).then(resolve, reject);
      });
    } finally {
      clearTimeout(timer);
      forget?.();
    }
  }

  /** Awaits what is not a request, such as a token, until the call is ended. Errors: its own; `CancelledError`. */
  const within = <T>(work: () => T | Promise<T>): Promise<T> =>
    limit(work, Infinity, (cause) => cancelled(call, stop?.aborted ? cause : deadlineError()));

  return { now, throwIfEnded, wait, queue, limit, within };
}

const timeoutError = (words: string): Error => new DOMException(words, 'TimeoutError');

/** The error of a call that its signal or its time has ended. */
export function cancelled(call: CallFacts, cause: unknown): CancelledError {
  return new CancelledError(call, `was ended: ${reasonOf(cause)}`, { cause });
}

const watched = new WeakMap<AbortSignal, { callbacks: Set<() => void>; callAll: () => void }>();

/**
 * Calls back when a signal is aborted, until the returned function is called. All calls with one signal share one listener: Node warns of
 * a leak from the eleventh on.
 */
function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const { callbacks, callAll } = watched.get(signal) ?? watch(signal);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size > 0) return;
    watched.delete(signal);
    signal.removeEventListener('abort', callAll);
  };
}

function watch(signal: AbortSignal) {
  const callbacks = new Set<() => void>();
  const entry = { callbacks, callAll: (): void => callbacks.forEach((one) => one()) };
  watched.set(signal, entry);
  signal.addEventListener('abort', entry.callAll);
  return entry;
}
