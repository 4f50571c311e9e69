import * as headerNames from '../contract/headers.ts';

/** Whether a request that was answered so may be sent again. */
export function isRetried(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}

/** Whether the API itself gave the answer. Where it did not, the next request carries the same MS-RequestId. Source: SOURCES.md#headers */
export function isFromApi(status: number): boolean {
  return ![408, 502, 504].includes(status);
}

/** Whether a PUT that was answered so may be stored all the same: the answer is not about the write, or is a failure in its midst. */
export function mayBeStored(status: number): boolean {
  return !isFromApi(status) || status === 500;
}

const baseMs = 250;
const capMs = 10_000;

/** How long to wait before the nth retry: exponential, with full jitter. */
export function backoffMs(retry: number, random: () => number): number {
  return Math.floor(random() * Math.min(capMs, baseMs * 2 ** retry));
}

/**
 * How long the service asks to wait; undefined when it does not say.
 *
 * Shape: Retry-After as seconds or a date; else "Try again in 57 seconds." in the words of the gateway.
 * Source: RFC 9110, section 10.2.3; SOURCES.md#throttling
 */
export function secondsToWait(headers: Headers, words: string | undefined, nowMs: number): number | undefined {
  const header = headers.get(headerNames.retryAfter)?.trim() ?? '';
  const dateMs = /^\d+$/.test(header) ? nowMs + Number(header) * 1000 : /[a-z]/i.test(header) ? Date.parse(header) : NaN;
  if (!Number.isNaN(dateMs)) return Math.max(0, Math.ceil((dateMs - nowMs) / 1000));
  const seconds = /\btry again in (\d+) second/i.exec(words ?? '');
  return seconds ? Number(seconds[1]) : undefined;
}
