// The three forms of an HTTP date (RFC 9110, section 5.6.7). The last one, that of asctime, names no zone and means GMT.
const httpDate = /^[A-Z][a-z]+,? .* \d\d:\d\d:\d\d (GMT|\d{4})$/;

/**
 * How long a Retry-After header asks to wait: whole seconds, or until an HTTP date; undefined when it is absent or anything else.
 *
 * Units: ms; 0 for a date that has passed.
 * Source: RFC 9110, section 10.2.3
 */
export function retryAfterMs(value: string | null | undefined, nowMs: number): number | undefined {
  const text = value ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const atMs = httpDate.test(text) ? Date.parse(text.replace(' GMT', '') + ' GMT') : NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
