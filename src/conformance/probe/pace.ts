import { headerNames } from '../../contract/headers.ts';
import { retryAfterMs } from '../../contract/retry-after.ts';
import { Untestable } from './check-errors.ts';
import type { ProbeResponse } from './exchange.ts';

// No document says what a 429 without Retry-After means.
const defaultWaitMs = 1000;

/** Waits as long as the service asks, and in all no longer than the run may. */
export class Pace {
  readonly #maxWaitMs: number;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #now: () => number;
  #waitedMs = 0;

  constructor({ maxWaitMs, sleep, now }: { maxWaitMs: number; sleep: (ms: number) => Promise<void>; now: () => number }) {
    this.#maxWaitMs = maxWaitMs;
    this.#sleep = sleep;
    this.#now = now;
  }

  /** Resolves when it is time to try again. Errors: `Untestable` when that would take too long. */
  async waitFor({ headers }: ProbeResponse): Promise<void> {
    const waitMs = retryAfterMs(headers.get(headerNames.retryAfter), this.#now()) ?? defaultWaitMs;
    if (this.#waitedMs + waitMs > this.#maxWaitMs) {
      throw new Untestable(
        `The service throttles and asks to wait ${Math.ceil(waitMs / 1000)} s. Run again later, or raise \`maxWaitMs\`.`,
      );
    }
    // At least something, so that a service that always says zero comes to an end too.
    this.#waitedMs += Math.max(waitMs, defaultWaitMs);
    await this.#sleep(waitMs);
  }
}
