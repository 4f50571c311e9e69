import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/contract/retry-after.ts';

const nowMs = Date.UTC(2026, 10, 23, 12, 0, 0, 400);

test.each<[string, string | null | undefined, number | undefined]>([
  ['absent', null, undefined],
  ['left out', undefined, undefined],
  ['empty', '', undefined],
  ['spaces', '  ', undefined],
  ['no wait', '0', 0],
  ['seconds', '7', 7000],
  ['a part of a second', '1.5', undefined],
  ['less than nothing', '-5', undefined],
  ['with a sign', '+5', undefined],
  ['hexadecimal', '0x10', undefined],
  ['with a unit', '7 s', undefined],
  ['words', 'soon', undefined],
  ['words that Date.parse takes for a date', 'soon 5', undefined],
  ['a date in the form of today', 'Mon, 23 Nov 2026 12:00:09 GMT', 8600],
  ['a date in the form of RFC 850', 'Monday, 23-Nov-26 12:00:09 GMT', 8600],
  ['a date in the form of asctime, which is in GMT', 'Mon Nov 23 12:00:09 2026', 8600],
  ['a date in the form of asctime, with one digit', 'Wed Dec  2 12:00:00 2026', 9 * 86_400_000 - 400],
  ['a date that has passed', 'Mon, 23 Nov 2026 11:59:00 GMT', 0],
  ['a date that does not exist', 'Mon, 23 Foo 2026 12:00:09 GMT', undefined],
  ['a date of another zone', 'Mon, 23 Nov 2026 12:00:09 +0100', undefined],
  ['a date of ISO 8601', '2026-11-23T12:00:09Z', undefined],
])('%s: %j', (_, value, waitMs) => {
  expect(retryAfterMs(value, nowMs)).toBe(waitMs);
});
