import { expect, test } from 'vitest';
import type { RecordedExchange } from '../../src/conformance/index.ts';
import { stepsUpTo } from '../../src/report/curl.ts';

const exchange = (method: string, status: number, { url = 'http://127.0.0.1/a', correlationId = 'same' } = {}): RecordedExchange => ({
  request: { method, url, headers: { 'ms-correlationid': correlationId } },
  response: { status, headers: {} },
});
const [get, put] = [exchange('GET', 200), exchange('PUT', 200)];

test.each<[string, RecordedExchange[], number, number[]]>([
  ['a write', [get, put], 1, [1]],
  ['a read that was refused', [get, exchange('GET', 404)], 1, [1]],
  ['a read after a write: both', [get, put, get, get], 3, [1, 3]],
  ['a read after the same read: both', [put, get, get].slice(1), 1, [0, 1]],
  ['a read after a read of another customer', [exchange('GET', 200, { url: 'http://127.0.0.1/b' }), get], 1, [1]],
  ['a read after one that was refused', [exchange('GET', 404), get], 1, [1]],
  ['one of many at the same time', ['a', 'b', 'c'].map((correlationId) => exchange('GET', 200, { correlationId })), 2, [2]],
  ['three in a row', [get, get, get], 2, [1, 2]],
  ['what was never sent', [get], 1, []],
])('%s is seen again by the steps that it takes', (_, exchanges, shown, steps) => {
  expect(stepsUpTo(exchanges, shown)).toEqual(steps);
});
