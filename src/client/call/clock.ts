import { type CallFacts, CancelledError } from '../errors.ts';
import { type ResolvedOptions, sleepFor } from '../options.ts';
import { reasonOf, timeoutError } from './time-limit.ts';

/** The time of one call: its deadline, its signal and its waits. */
export interface Clock {
  now(): number;
  /** When the call ends at the latest. */
  readonly deadlineAtMs: number;
  /** Errors: `CancelledError` when the signal or the deadline has ended the call. */
  throwIfEnded(): void;
  /** Waits, but not beyond the deadline; Infinity waits until `changed` is aborted. Errors: those of `throwIfEnded`. */
  wait(ms: number, changed?: AbortSignal): Promise<void>;
}

/** Starts the clock of a call. */
export function startClock(call: CallFacts, { deadlineMs, signal: stop, sleep, now: systemNow }: ResolvedOptions): Clock {
  let skippedMs = 0;
  const now = (): number => systemNow() + skippedMs;
  const deadlineAtMs = now() + deadlineMs;

  function throwIfEnded(): void {
    if (!stop?.aborted && now() < deadlineAtMs) return;
    const cause: unknown = stop?.aborted ? stop.reason : timeoutError(`the call took ${deadlineMs} ms`);
    throw new CancelledError(call, `was ended: ${reasonOf(cause)}`, { cause });
  }

  async function wait(ms: number, changed?: AbortSignal): Promise<void> {
    throwIfEnded();
    const untilMs = Math.min(now() + ms, deadlineAtMs);
    const signal = AbortSignal.any([stop, changed].filter((one) => !!one));
    await (ms === Infinity ? sleepFor : sleep)(untilMs - now(), signal);
    // A test's sleep may take no time: it has passed all the same.
    if (!signal.aborted) skippedMs += Math.max(0, untilMs - now());
    throwIfEnded();
  }

  return { now, deadlineAtMs, throwIfEnded, wait };
}
