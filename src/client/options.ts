import type { WritableProfile } from '../contract/profile.ts';
import { MisuseError } from '../contract/misuse.ts';

/** How one call is made; what is left out, or undefined, is as in the client's options, or as said here. */
export interface CallOptions {
  /** How often a request is sent again after no response, 408, 429, 500, 502, 503 or 504, or while it is in doubt whether a write was stored. Default: 3. */
  retries?: number | undefined;
  /** How long one request may take. Default: 30,000. */
  attemptTimeoutMs?: number | undefined;
  /** How long the call may take in all: requests, waits, tokens and change functions. Default: 120,000. */
  deadlineMs?: number | undefined;
  /** How long to wait at once when the service throttles; when it asks for more the call fails instead. Default: 60,000. */
  maxWaitMs?: number | undefined;
  /** How long the call may wait in all for its turn in the client's own rate limit, beside `deadlineMs`. Default: 3,600,000. */
  maxQueueMs?: number | undefined;
  /** Ends the call at once, in a wait too. */
  signal?: AbortSignal | undefined;
  /** MS-RequestId of the first request; of `edit`, of the first PUT. Default: a new one. */
  requestId?: string | undefined;
  /** MS-CorrelationId of the call. Default: a new one. */
  correlationId?: string | undefined;
  /** Resolves after a time, or as soon as the signal is aborted. Default: `setTimeout`. */
  sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** A number from 0 up to 1, for the jitter of waits. Default: `Math.random`. */
  random?: (() => number) | undefined;
  /** Milliseconds since 1970, on a clock that never goes back. Default: `performance.timeOrigin + performance.now()`. */
  now?: (() => number) | undefined;
}

/** A profile that was read earlier. What the service makes itself may be left out. */
export type EditBase = Omit<WritableProfile, 'attributes' | 'id' | 'links'> &
  Partial<Pick<WritableProfile, 'id' | 'links'>> & { attributes?: object | null | undefined };

/** How `edit` is made. */
export interface EditOptions extends CallOptions {
  /** How often to write, reading again in between, when others write too. Default: 3. */
  maxAttempts?: number | undefined;
  /** What to do when another writer changed the same place: throw a `ConflictError` (the default), or apply the change again over theirs. */
  onConflict?: 'throw' | 'rerun' | undefined;
  /**
   * A profile that was read earlier, such as the one that a form showed: the change is what differs from it, and it is merged with what is
   * there now. Default: what the call reads first.
   */
  base?: EditBase | undefined;
  /** The ETag that was read earlier, where that is all that is known: write only if it is still the current one. Nothing is merged. */
  ifMatch?: string | undefined;
}

/** Options with all defaults applied. */
export type ResolvedOptions = Omit<EditOptions, keyof typeof defaults> & {
  [Name in keyof typeof defaults]-?: NonNullable<EditOptions[Name]>;
};

const defaults = {
  retries: 3,
  attemptTimeoutMs: 30_000,
  deadlineMs: 120_000,
  maxWaitMs: 60_000,
  maxQueueMs: 3_600_000,
  maxAttempts: 3,
  onConflict: 'throw' as 'throw' | 'rerun',
  sleep: sleepFor,
  random: Math.random,
  // Date.now() steps back when the time of the machine is set. Looked up late, like fetch: a test may replace the clock.
  now: () => performance.timeOrigin + performance.now(),
} satisfies EditOptions;

// A timer takes no more: beyond it, or for ever, it would ring at once.
const longestMs = 0x7fffffff;

/** Options over others; undefined leaves one as it is. Errors: `TypeError` for a number that is none, or below zero. */
export function resolveOptions(options: EditOptions | undefined, over: ResolvedOptions = defaults): ResolvedOptions {
  if (options === undefined) return over;
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved: ResolvedOptions = { ...over, ...Object.fromEntries(given) };
  for (const [name, value] of Object.entries(resolved)) {
    const kind = typeof defaults[name as keyof typeof defaults];
    if (kind === 'function' && typeof value !== 'function') throw new MisuseError(`${name} has to be a function.`);
    if (kind !== 'number') continue;
    if (!(typeof value === 'number' && value >= 0)) throw new MisuseError(`${name} has to be zero or more.`);
    Object.assign(resolved, { [name]: Math.min(value, longestMs) });
  }
  if (!/^(?:throw|rerun)$/.test(resolved.onConflict)) throw new MisuseError('onConflict has to be "throw" or "rerun".');
  if (resolved.signal && typeof resolved.signal.addEventListener !== 'function') {
    throw new MisuseError('signal has to be an AbortSignal, such as controller.signal.');
  }
  if (resolved.base !== undefined && resolved.ifMatch !== undefined) {
    throw new MisuseError('Give base or ifMatch, not both.');
  }
  return resolved;
}

/** Resolves after a time, or as soon as the signal is aborted. */
export function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
  });
}
