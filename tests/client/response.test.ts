import { describe, expect, test } from 'vitest';
import { readRefusal, refusalError } from '../../src/client/response.ts';

const nowMs = Date.UTC(2026, 10, 23) + 400;
const plain = (text: string): string => text;
const facts = { method: 'GET', path: '/v1', requestId: 'r', correlationId: 'c', attempts: 1 } as const;

describe('how long a refusal asks to wait', () => {
  const gateway = { statusCode: 429, message: 'Rate limit is exceeded. Try again in 57 seconds.' };
  test.each<[string, string | undefined, unknown, number | undefined]>([
    ['nowhere', undefined, { code: 1, description: 'x' }, undefined],
    ['in the header, in seconds', '7', { code: 1, description: 'x' }, 7],
    ['in the header, as a date: never too short by a part of a second', new Date(nowMs + 8600).toUTCString(), {}, 9],
    ['in the header, as a date that has passed', new Date(nowMs - 9000).toUTCString(), {}, 0],
    ["in the gateway's words", undefined, gateway, 57],
    ["in both: the header's count", '3600', gateway, 3600],
    ['in a header that cannot be read: longer than a guess', 'in a while', gateway, 10],
    ['in a header that cannot be read', '-5', {}, 10],
    ['in the header, as a fraction', '1.5', {}, 2],
    ['in words that say no number', undefined, { statusCode: 429, message: 'Try again later' }, undefined],
  ])('%s (%s)', (_, retryAfter, body, seconds) => {
    const headers: HeadersInit = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
    const response = new Response(null, { status: 429, headers });
    expect(readRefusal(response, JSON.stringify(body), plain, nowMs).refused.retryAfterSeconds).toBe(seconds);
  });
});

describe('the error of a refusal', () => {
  test.each([
    [401, 10001, 'multifactor'],
    [401, 900420, 'meant for another API'],
    [401, 900421, 'multifactor'],
    [403, 900329, 'an app and a user'],
    [403, 20002, 'accepted your invitation'],
    [403, 900150, 'the role Admin agent'],
    [403, '900308', 'the role Admin agent'],
  ])('%i with code %s names the cure', (status, code, cure) => {
    const response = new Response(null, { status });
    const { refused } = readRefusal(response, JSON.stringify({ code, description: 'x' }), plain, nowMs);
    const error = refusalError(facts, response, refused, false, 'http://127.0.0.1:4010', plain);
    expect(error.message).toContain('http://127.0.0.1:4010');
    expect(error).toMatchObject({ status, code });
    expect(error.message).toContain(cure);
  });
});
