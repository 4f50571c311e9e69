/** Throttling is per partner, so all calls of a client share one rate limiter. */
export interface RateLimiter {
  /** How long the service still throttles. */
  throttledForMs(nowMs: number): number;
  /** How long the next request has to wait; 0 when it may go; Infinity when other requests have to end first. */
  waitMs(nowMs: number): number;
  /** Aborted when it is worth asking again before that time has passed. */
  changed(): AbortSignal;
  /** Called before a request is sent. */
  onRequest(nowMs: number): void;
  /** Called when a request has ended, with a response or without. */
  onRequestEnd(): void;
  /** Called after a response with status 429. */
  onThrottled(untilMs: number): void;
  /** Called after a response with another status. */
  onUnthrottledResponse(): void;
}

// After a throttling one request goes first, then two, four …; this many are as good as all.
const fullWidth = 64;
const minuteMs = 60_000;

/** Makes a rate limiter. Errors: `TypeError` for a number of requests below one. */
export function createRateLimiter(maxRequestsPerMinute = Infinity): RateLimiter {
  if (!(maxRequestsPerMinute >= 1)) throw new TypeError('maxRequestsPerMinute has to be one or more.');
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
    throttledForMs: (nowMs) => Math.max(0, throttledUntilMs - nowMs),
    waitMs(nowMs) {
      if (throttledUntilMs > nowMs) return throttledUntilMs - nowMs;
      if (inFlight >= width) return Infinity;
      while (sentAtMs[0]! <= nowMs - minuteMs) sentAtMs.shift();
      return sentAtMs.length < maxRequestsPerMinute ? 0 : sentAtMs[0]! + minuteMs - nowMs;
    },
    changed: () => changed.signal,
    onRequest(nowMs) {
      inFlight += 1;
      if (maxRequestsPerMinute !== Infinity) sentAtMs.push(nowMs);
    },
    onRequestEnd() {
      inFlight -= 1;
      if (width !== Infinity) wake();
    },
    onThrottled(untilMs) {
      throttledUntilMs = Math.max(throttledUntilMs, untilMs);
      width = 1;
    },
    onUnthrottledResponse() {
      if (width === Infinity) return;
      width = width * 2 >= fullWidth ? Infinity : width * 2;
      wake();
    },
  };
}
