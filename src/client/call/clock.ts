import { type CallFacts, CancelledError, reasonOf } from '../errors.ts';
import { type ResolvedOptions, sleepFor } from '../options.ts';

/** The time of one call: its deadline, its signal, its waits, and how long each request may take. */
export type Clock = ReturnType<typeof startClock>;

/** Starts the clock of a call. */
export function startClock(call: CallFacts, { deadlineMs, attemptTimeoutMs, signal: stop, sleep, now: systemNow }: ResolvedOptions) {
  let skippedMs = 0;
  const now = (): number => systemNow() + skippedMs;
  const deadlineAtMs = now() + deadlineMs;

  /** Errors: `CancelledError` when the signal or the deadline has ended the call. */
  function throwIfEnded(): void {
    if (!stop?.aborted && now() < deadlineAtMs) return;
    const cause: unknown = stop?.aborted ? stop.reason : timeoutError(`the call took ${deadlineMs} ms`);
    throw new CancelledError(call, `was ended: ${reasonOf(cause)}`, { cause });
  }

  /** Waits, but not beyond the deadline; Infinity waits until `changed` is aborted. Errors: those of `throwIfEnded`. */
  async function wait(ms: number, changed?: AbortSignal): Promise<void> {
    throwIfEnded();
    const untilMs = Math.min(now() + ms, deadlineAtMs);
    const signal = AbortSignal.any([stop, changed].filter((one) => !!one));
    await (ms === Infinity ? sleepFor : sleep)(untilMs - now(), signal);
    // A test's sleep may take no time: it has passed all the same.
    if (!signal.aborted) skippedMs += Math.max(0, untilMs - now());
    throwIfEnded();
  }

  /**
   * Sends a request, which may take a limited time, and ends it early when the call is ended.
   *
   * Errors: those of the work; a `TimeoutError`; the reason of the signal. Work that ignores its own signal is left behind.
   */
  async function limit<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limitMs = Math.min(attemptTimeoutMs, deadlineAtMs - now());
    const over = new AbortController();
    let end: (reason: unknown) => void;
    const onStop = (): void => end(stop!.reason);
    const timer = setTimeout(() => end(timeoutError(`no complete answer within ${limitMs} ms`)), limitMs);
    stop?.addEventListener('abort', onStop);
    try {
      return await new Promise<T>((resolve, reject) => {
        end = (reason) => {
          reject(reason as Error);
          over.abort(reason);
        };
        if (stop?.aborted) onStop();
        work(over.signal).then(resolve, reject);
      });
    } finally {
      clearTimeout(timer);
      stop?.removeEventListener('abort', onStop);
    }
  }

  return { now, throwIfEnded, wait, limit };
}

const timeoutError = (words: string): Error => new DOMException(words, 'TimeoutError');
