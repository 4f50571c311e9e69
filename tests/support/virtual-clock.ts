import { vi } from 'vitest';

/** A clock that stands still until nothing else is to be done, then goes to the next moment at which something is. */
export interface VirtualClock {
  sleep(ms: number): Promise<void>;
  /** Lets time pass until the work is done. Errors: when it waits for nothing that will come. */
  until<T>(work: Promise<T>): Promise<T>;
}

/** Runs something on a virtual clock: `Date`, `performance` and `setTimeout` are its own meanwhile. */
export async function withVirtualClock(act: (clock: VirtualClock) => Promise<void>): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'], now: Date.UTC(2026, 10, 23) });
  try {
    await act({
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      async until(work) {
        const progress = { done: false };
        const end = (): void => void (progress.done = true);
        work.then(end, end);
        for (let idle = 0; !progress.done; idle += 1) {
          // Everything that goes on without time: promises, and the streams of bodies, which take a few turns of the loop.
          for (let turn = 0; turn < 4 && !progress.done; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          if (vi.getTimerCount() > 0) {
            vi.advanceTimersToNextTimer();
            idle = 0;
          } else if (idle > 50) throw new Error('The work waits for nothing that will come.');
        }
        return work;
      },
    });
  } finally {
    vi.useRealTimers();
  }
}
