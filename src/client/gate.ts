/** Throttling is per partner, so all calls of a client go through one gate. */
export interface Gate {
  /** How long the gate stays shut. */
  closedForMs(nowMs: number): number;
  /** How long the next request has to wait; 0 when it may go; for ever when others have to come back first. */
  waitMs(nowMs: number): number;
  /** Aborted when it is worth asking again before that time has passed. */
  changed(): AbortSignal;
  /** A request goes. */
  enter(nowMs: number): void;
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
  if (!(maxRequestsPerMinute >= 1)) throw new TypeError('maxRequestsPerMinute has to be one or more.');
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

  return {
    closedForMs: (nowMs) => Math.max(0, closedUntilMs - nowMs),
    waitMs(nowMs) {
      if (closedUntilMs > nowMs) return closedUntilMs - nowMs;
      if (inside >= width) return Infinity;
      while (entered[0]! <= nowMs - minuteMs) entered.shift();
      return entered.length < maxRequestsPerMinute ? 0 : entered[0]! + minuteMs - nowMs;
    },
    changed: () => changed.signal,
    enter(nowMs) {
      inside += 1;
      if (maxRequestsPerMinute !== Infinity) entered.push(nowMs);
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
