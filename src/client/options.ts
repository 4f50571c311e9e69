/** How one call is made; what is left out is as in the client's options, or as said here. */
export interface CallOptions {
  /** How often a request is sent again after no answer, 408, 429, 500, 502, 503 or 504. Default: 3. */
  retries?: number;
  /** How long one request may take. Default: 30,000. */
  attemptTimeoutMs?: number;
  /** How long the call may take in all, waits included. Default: 120,000. */
  deadlineMs?: number;
  /** How long to wait at once when the service throttles; when it asks for more the call fails instead. Default: 60,000. */
  maxWaitMs?: number;
  /** Ends the call at once, in a wait too. */
  signal?: AbortSignal;
  /** MS-RequestId of the first request; of `edit`, of the first PUT. Default: a new one. */
  requestId?: string;
  /** MS-CorrelationId of the call. Default: a new one. */
  correlationId?: string;
  /** Resolves after a time, or as soon as the signal is aborted. Default: `setTimeout`. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A number from 0 up to 1, for the jitter of waits. Default: `Math.random`. */
  random?: () => number;
  /** Milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
}

/** How `edit` is made. */
export interface EditOptions extends CallOptions {
  /** How often to write, reading again in between, when others write too. Default: 3. */
  maxAttempts?: number;
  /** What to do when somebody else changed the same place: throw a `ConflictError` (the default), or apply the change again over theirs. */
  onConflict?: 'throw' | 'rerun';
}

/** Options with all defaults applied. */
export type ResolvedOptions = EditOptions & Required<Pick<EditOptions, keyof typeof defaults>>;

const defaults = {
  retries: 3,
  attemptTimeoutMs: 30_000,
  deadlineMs: 120_000,
  maxWaitMs: 60_000,
  maxAttempts: 3,
  onConflict: 'throw',
  sleep: sleepFor,
  random: Math.random,
  // Looked up late, like fetch: a test may replace the clock after this was loaded.
  now: () => Date.now(),
} satisfies EditOptions;

// A timer takes no more: beyond it, or for ever, it would ring at once.
const longestMs = 0x7fffffff;

/** Options over others; undefined leaves one as it is. Errors: `TypeError` for a number that is none, or below zero. */
export function resolveOptions(options: EditOptions | undefined, over: ResolvedOptions = defaults): ResolvedOptions {
  if (options === undefined) return over;
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved: ResolvedOptions = { ...over, ...Object.fromEntries(given) };
  for (const [name, value] of Object.entries(resolved)) {
    if (typeof defaults[name as keyof typeof defaults] !== 'number') continue;
    if (!(typeof value === 'number' && value >= 0)) throw new TypeError(`${name} has to be zero or more.`);
    Object.assign(resolved, { [name]: Math.min(value, longestMs) });
  }
  if (!/^(?:throw|rerun)$/.test(resolved.onConflict)) throw new TypeError('onConflict is throw or rerun.');
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
