import { MisuseError } from '../../contract/misuse.ts';

/** Throttling is per partner, so all calls of a client share one rate limiter. */
export type RateLimiter = ReturnType<typeof createRateLimiter>;

// After a throttling one request goes first, then two, four …; this many are as good as all.
const fullWidth = 64;
const minuteMs = 60_000;
// However long a service asks for: after this, one request may try, so that one response cannot stop a client for hours.
const longestHoldMs = 60_000;

/** Makes a rate limiter. Errors: `TypeError` for a number of requests below one. */
export function createRateLimiter(maxRequestsPerMinute = Infinity) {
  if (!(maxRequestsPerMinute >= 1)) throw new MisuseError('maxRequestsPerMinute has to be one or more.');
  const sentAtMs: number[] = [];
  let throttledUntilMs = 0;
  let width = Infinity;
  let inFlight = 0;
  let changed = new AbortController();

  /** Wakes the calls that wait, to look again. */
  function wake(): void {
    const woken = changed;
    changed = new AbortController();
    woken.abort();
  }

  return {
    /** How long the service still throttles. */
    throttledForMs: (nowMs: number): number => Math.max(0, throttledUntilMs - nowMs),
    /** How long the next request has to wait; 0 when it may go; Infinity when other requests have to end first. */
    waitMs(nowMs: number): number {
      if (throttledUntilMs > nowMs) return throttledUntilMs - nowMs;
      if (inFlight >= width) return Infinity;
      while (sentAtMs[0]! <= nowMs - minuteMs) sentAtMs.shift();
      return sentAtMs.length < maxRequestsPerMinute ? 0 : sentAtMs[0]! + minuteMs - nowMs;
    },
    /** Aborted when it is worth asking again before that time has passed. */
    changed: (): AbortSignal => changed.signal,
    /** Called before a request is sent. */
    onRequest(nowMs: number): void {
      inFlight += 1;
      if (maxRequestsPerMinute !== Infinity) sentAtMs.push(nowMs);
    },
    /** Called when a request has ended, with a response or without. */
    onRequestEnd(): void {
      inFlight -= 1;
      if (width !== Infinity) wake();
    },
    /** Called after a response with status 429. */
    onThrottled(nowMs: number, forMs: number): void {
      throttledUntilMs = Math.max(throttledUntilMs, nowMs + Math.min(forMs, longestHoldMs));
      width = 1;
    },
    /** Called after a response with another status. */
    onUnthrottledResponse(): void {
      if (width === Infinity) return;
      width = width * 2 >= fullWidth ? Infinity : width * 2;
      wake();
    },
  };
}
