import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/contract/retry-after.ts';

const nowMs = Date.UTC(2026, 10, 23, 12, 0, 0, 400);

const unreadable = 10_000;
const anHour = 3_600_000;

test.each<[string, string | undefined, number | undefined]>([
  ['absent', undefined, undefined],
  ['empty', '', unreadable],
  ['spaces', '  ', unreadable],
  ['no wait', '0', 0],
  ['seconds', '7', 7000],
  ['a fraction, rounded up', '1.5', 2000],
  ['a fraction of a second', '0.249', 1000],
  ['nearly whole', '299.997', 300_000],
  ['the same twice, as a proxy joins it', '5, 5', 5000],
  ['two that differ: the longer one', '5, 7', 7000],
  ['more than an hour', '99999999999', anHour],
  ['more than a number', '9'.repeat(400), anHour],
  ['an exponent', '1e3', unreadable],
  ['less than nothing', '-5', unreadable],
  ['with a sign', '+5', unreadable],
  ['hexadecimal', '0x10', unreadable],
  ['with a unit', '7 s', unreadable],
  ['words', 'soon', unreadable],
  ['words that Date.parse takes for a date', 'soon 5', unreadable],
  ['a date in the form of today', 'Mon, 23 Nov 2026 12:00:09 GMT', 8600],
  ['a date in the form of RFC 850', 'Monday, 23-Nov-26 12:00:09 GMT', 8600],
  ['a date in the form of asctime, which is in GMT', 'Mon Nov 23 12:00:09 2026', 8600],
  ['a date in the form of asctime, with one digit', 'Wed Dec  2 12:00:00 2026', anHour],
  ['a date that has passed', 'Mon, 23 Nov 2026 11:59:00 GMT', 0],
  ['a date that does not exist', 'Mon, 23 Foo 2026 12:00:09 GMT', unreadable],
  ['a date of another zone', 'Mon, 23 Nov 2026 12:00:09 +0100', unreadable],
  ['a date of ISO 8601', '2026-11-23T12:00:09Z', unreadable],
])('%s: %j', (_, value, waitMs) => {
  expect(retryAfterMs(new Headers(value === undefined ? {} : { 'Retry-After': value }), nowMs)).toBe(waitMs);
});

test('a date is compared with the Date of the same response, whose clock may be ten minutes ahead', () => {
  const headers = new Headers({ 'Retry-After': 'Mon, 23 Nov 2026 12:10:09 GMT', Date: 'Mon, 23 Nov 2026 12:10:04 GMT' });
  expect(retryAfterMs(headers, nowMs)).toBe(5000);
  headers.set('Date', 'yesterday');
  expect(retryAfterMs(headers, nowMs)).toBe(608_600);
});
