import { headerNames } from './headers.ts';

// The three forms of an HTTP date (RFC 9110, section 5.6.7). The last one, that of asctime, names no zone and means GMT.
const httpDate = /^[A-Z][a-z]+,? .* \d\d:\d\d:\d\d (GMT|\d{4})$/;
// Services of Microsoft send fractions. A proxy that joins two headers sends a list.
const seconds = /^\d+(?:\.\d+)?$/;

/** What a Retry-After that cannot be read counts as: longer than any guess of our own, so that a garbled header is no reason to hurry. */
const unreadableMs = 10_000;
/** Nothing asks to wait for longer: one absurd value must not stop a client for years. */
const longestMs = 3_600_000;

/**
 * How long the Retry-After header of a response asks to wait; undefined without one.
 *
 * Shape: seconds are rounded up to whole ones, fractions too; of several values the longest counts. An HTTP date is compared with the
 * Date of the same response, because two machines rarely agree on the time; without one, with `nowMs`. Anything else is 10 seconds.
 * Units: ms; from 0, for a date that has passed, to one hour.
 * Source: RFC 9110, sections 10.2.3 and 6.6.1
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const text = headers.get(headerNames.retryAfter)?.trim();
  if (!text) return text === undefined ? undefined : unreadableMs;
  const values = text.split(',').map((value) => value.trim());
  const ms = values.every((value) => seconds.test(value))
    ? Math.max(...values.map((value) => Math.ceil(Number(value)) * 1000))
    : toMs(text) - (toMs(headers.get('Date') ?? '') || nowMs);
  return Number.isNaN(ms) ? unreadableMs : Math.min(Math.max(0, ms), longestMs);
}

const toMs = (text: string): number => (httpDate.test(text) ? Date.parse(`${text.replace(' GMT', '')} GMT`) : NaN);
