/** Throttling is per partner, so all calls of a client go through one gate. */
export interface Gate {
  /** How long the gate stays shut. */
  closedForMs(nowMs: number): number;
  /**
   * Lets a request through when it is its turn. `wait` ends early when the call does, by throwing.
   *
   * Errors: those of `wait`.
   */
  enter(now: () => number, wait: (ms: number, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** The request was answered, or not. */
  leave(): void;
  /** It was answered that all have to wait. */
  close(untilMs: number): void;
  /** It was answered that all is well. */
  open(): void;
}

// After a throttling one request goes first, then two, four …; this many are as good as all.
const openWidth = 64;
const minuteMs = 60_000;

/** Makes a gate. Errors: `TypeError` for a number of requests below one. */
export function createGate(maxRequestsPerMinute = Infinity): Gate {
  if (!(maxRequestsPerMinute >= 1)) throw new TypeError('maxRequestsPerMinute has to be a number, one or more.');
  const entered: number[] = [];
  let closedUntilMs = 0;
  let width = Infinity;
  let inside = 0;
  let changed = new AbortController();

  /** Wakes those who wait, to look again. */
  function wake(): void {
    const woken = changed;
    changed = new AbortController();
    woken.abort();
  }

  /** How long the next request has to wait; 0 when it may go. */
  function waitMs(nowMs: number): number {
    if (closedUntilMs > nowMs) return closedUntilMs - nowMs;
    if (inside >= width) return minuteMs;
    while (entered[0]! <= nowMs - minuteMs) entered.shift();
    return entered.length < maxRequestsPerMinute ? 0 : entered[0]! + minuteMs - nowMs;
  }

  return {
    closedForMs: (nowMs) => Math.max(0, closedUntilMs - nowMs),
    async enter(now, wait) {
      for (let ms = waitMs(now()); ms > 0; ms = waitMs(now())) await wait(ms, changed.signal);
      inside += 1;
      if (maxRequestsPerMinute !== Infinity) entered.push(now());
    },
    leave() {
      inside -= 1;
      if (width !== Infinity) wake();
    },
    close(untilMs) {
      closedUntilMs = Math.max(closedUntilMs, untilMs);
      width = 1;
    },
    open() {
      if (width === Infinity) return;
      width = width * 2 >= openWidth ? Infinity : width * 2;
      wake();
    },
  };
}
