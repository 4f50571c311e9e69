import { type CallFacts, CancelledError, reasonOf } from '../errors.ts';
import { type ResolvedOptions, sleepFor } from '../options.ts';
import { onAbort } from './on-abort.ts';

/** The time of one call: its deadline, its signal, its waits, and how long each request may take. */
export class Clock {
  readonly #call: CallFacts;
  readonly #options: ResolvedOptions;
  #skippedMs = 0;
  #queuedMs = 0;
  #deadlineAtMs: number;

  /** Starts the clock of a call. */
  constructor(call: CallFacts, options: ResolvedOptions) {
    this.#call = call;
    this.#options = options;
    this.#deadlineAtMs = this.now() + options.deadlineMs;
  }

  now(): number {
    return this.#options.now() + this.#skippedMs;
  }

  /** Errors: `CancelledError` when the signal or the deadline has ended the call. */
  throwIfEnded(): void {
    this.#throwIfStopped();
    if (this.now() >= this.#deadlineAtMs) throw this.#cancelled(this.#deadlineError());
  }

  /** Waits, but not beyond the deadline, and until `changed` is aborted. Errors: those of `throwIfEnded`. */
  async wait(ms: number, changed?: AbortSignal): Promise<void> {
    this.throwIfEnded();
    await this.#sleepUntil(Math.min(this.now() + ms, this.#deadlineAtMs), changed);
    this.throwIfEnded();
  }

  /**
   * Waits for a turn in the client's own rate limit. This time does not count against the deadline: the service is not the one that is
   * slow. `changed` ends the wait.
   *
   * Errors: `CancelledError` at the limit for such waits, or when the signal has ended the call.
   */
  async queue(ms: number, changed: AbortSignal): Promise<void> {
    const { maxQueueMs, sleep } = this.#options;
    const startedAtMs = this.now();
    // What ends a wait without a time of its own is real: a test's sleep, which may take no time, cannot stand in for it.
    const sleeper = ms === Infinity ? sleepFor : sleep;
    await this.#sleepUntil(startedAtMs + Math.min(ms, maxQueueMs - this.#queuedMs), changed, sleeper);
    const tookMs = this.now() - startedAtMs;
    this.#queuedMs += tookMs;
    this.#deadlineAtMs += tookMs;
    if (this.#queuedMs < maxQueueMs) return;
    throw this.#cancelled(timeoutError(`it waited ${maxQueueMs} ms (maxQueueMs) for its turn in the client's own rate limit`));
  }

  /**
   * Does work that may take a limited time, and ends it early when the call is ended.
   *
   * Errors: those of the work; what `toError` makes of a `TimeoutError` or of the reason of the signal. Work that ignores its own signal
   * is left behind.
   */
  async limit<T>(
    work: (signal: AbortSignal) => T | Promise<T>,
    mostMs = this.#options.attemptTimeoutMs,
    toError = (cause: unknown) => cause,
  ): Promise<T> {
    const { signal: stop } = this.#options;
    const limitMs = Math.min(mostMs, this.#deadlineAtMs - this.now());
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
  within<T>(work: () => T | Promise<T>): Promise<T> {
    const toError = (cause: unknown): Error => this.#cancelled(this.#options.signal?.aborted ? cause : this.#deadlineError());
    return this.limit(work, Infinity, toError);
  }

  /** Sleeps until a time, or until `changed` is aborted. Errors: `CancelledError` when the signal has ended the call. */
  async #sleepUntil(untilMs: number, changed?: AbortSignal, sleeper = this.#options.sleep): Promise<void> {
    const signal = AbortSignal.any([this.#options.signal, changed].filter((one) => !!one));
    await sleeper(untilMs - this.now(), signal);
    // A test's sleep may take no time: it has passed all the same.
    if (!signal.aborted) this.#skippedMs += Math.max(0, untilMs - this.now());
    this.#throwIfStopped();
  }

  #throwIfStopped(): void {
    const { signal } = this.#options;
    if (signal?.aborted) throw this.#cancelled(signal.reason);
  }

  #cancelled(cause: unknown): CancelledError {
    return cancelled(this.#call, cause);
  }

  #deadlineError(): Error {
    return timeoutError(`the call took ${this.#options.deadlineMs} ms (deadlineMs)`);
  }
}

const timeoutError = (words: string): Error => new DOMException(words, 'TimeoutError');

/** The error of a call that its signal or its time has ended. */
export function cancelled(call: CallFacts, cause: unknown): CancelledError {
  return new CancelledError(call, `was ended: ${reasonOf(cause)}`, { cause });
}
