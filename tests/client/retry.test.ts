import { describe, expect, test } from 'vitest';
import { decide, type Decision, type AttemptFacts, type RequestState } from '../../src/client/call/retry.ts';

const options = { retries: 3, maxWaitMs: 60_000, random: () => 0.5 };
const first: RequestState = { outcome: undefined, retries: 0, isTokenRenewed: false };

/** A decision in words; of a write with what is known of it. */
function inWords(decision: Decision): string {
  const { next, outcome } = decision;
  const words =
    next === 'retry'
      ? `${decision.looksFirst ? 'look, ' : ''}retry after ${decision.afterMs}, ${decision.newRequestId ? 'new' : 'same'} id`
      : next;
  return outcome === undefined ? words : `${words}; ${outcome}`;
}

type Refusal = Partial<NonNullable<AttemptFacts['refused']>>;
const none: AttemptFacts = {};
const profile = (status: number): AttemptFacts => ({ response: { status }, profile: {} });
const response = (status: number, { code, retryAfterSeconds }: Refusal = {}): AttemptFacts => ({
  response: { status },
  refused: { code, retryAfterSeconds },
});
const gateway = (refusal?: Refusal): AttemptFacts => ({ ...response(429, refusal), isFromGateway: true });

describe('after the first attempt', () => {
  // What came, what a read does, what a write does and what is known of it then.
  test.each<[string, AttemptFacts, string, string]>([
    ['no response', none, 'retry after 125, same id', 'look, retry after 125, same id; unknown'],
    ['200 with a profile', profile(200), 'done', 'done; unknown'],
    ['200 without one', response(200), 'fail', 'look, retry after 125, new id; unknown'],
    ['204 with a profile', profile(204), 'done', 'done; unknown'],
    ['204 without one', response(204), 'fail', 'look, retry after 125, new id; unknown'],
    ['299 with a profile', profile(299), 'done', 'done; unknown'],
    ['299 without one', response(299), 'fail', 'look, retry after 125, new id; unknown'],
    ['a redirect that a browser hides', response(0), 'fail', 'look, retry after 125, new id; unknown'],
    ['304', response(304), 'fail', 'look, retry after 125, new id; unknown'],
    ['307', response(307), 'fail', 'look, retry after 125, new id; unknown'],
    ['400', response(400), 'fail', 'fail; refused'],
    ['400 with another code', response(400, { code: 2056 }), 'fail', 'fail; refused'],
    ['400 with code 2055', response(400, { code: 2055 }), 'fail', 'done; refused'],
    ["400 with code '2055'", response(400, { code: '2055' }), 'fail', 'done; refused'],
    ['401', response(401), 'renew-token', 'renew-token; refused'],
    ['403', response(403), 'fail', 'fail; refused'],
    ['404', response(404), 'fail', 'fail; refused'],
    ['405', response(405), 'fail', 'fail; refused'],
    ['408', response(408), 'retry after 125, same id', 'look, retry after 125, same id; unknown'],
    ['409', response(409), 'fail', 'fail; refused'],
    ['409 with code 2055', response(409, { code: 2055 }), 'fail', 'fail; refused'],
    ['412', response(412), 'fail', 'done; refused'],
    ['413', response(413), 'fail', 'fail; refused'],
    ['415', response(415), 'fail', 'fail; refused'],
    ['428', response(428), 'fail', 'fail; refused'],
    ['429 of the gateway', gateway(), 'retry after 125, new id', 'retry after 125, new id; refused'],
    ['429 of something else', response(429), 'retry after 125, new id', 'retry after 125, new id; unknown'],
    ['500', response(500), 'retry after 125, new id', 'look, retry after 125, new id; unknown'],
    ['501', response(501), 'fail', 'look, retry after 125, new id; unknown'],
    ['a 4xx that no document names', response(499), 'fail', 'fail; refused'],
    ['a 5xx that no document names', response(599), 'fail', 'look, retry after 125, new id; unknown'],
    ['a status beyond HTTP', response(999), 'fail', 'look, retry after 125, new id; unknown'],
    ['502', response(502), 'retry after 125, same id', 'look, retry after 125, same id; unknown'],
    ['503', response(503), 'retry after 125, new id', 'look, retry after 125, new id; unknown'],
    ['504', response(504), 'retry after 125, same id', 'look, retry after 125, same id; unknown'],
  ])('%s', (_, came, read, write) => {
    expect(inWords(decide(came, first, options))).toBe(read);
    expect(inWords(decide(came, { ...first, outcome: 'not-sent' }, options))).toBe(write);
  });
});

describe('when no retry is left', () => {
  test.each<[string, AttemptFacts, string]>([
    ['no response', none, 'fail; unknown'],
    ['200 with a profile', profile(200), 'done; unknown'],
    ['200 without one', response(200), 'fail; unknown'],
    ['307', response(307), 'fail; unknown'],
    ['401', response(401), 'renew-token; refused'],
    ['408', response(408), 'fail; unknown'],
    ['412', response(412), 'done; refused'],
    ['429 of the gateway', gateway(), 'fail; refused'],
    ['429 of something else', response(429), 'fail; unknown'],
    ['429 that asks for too long, which no retry has to wait for', gateway({ retryAfterSeconds: 3600 }), 'fail; refused'],
    ['500', response(500), 'fail; unknown'],
    ['502', response(502), 'fail; unknown'],
    ['503', response(503), 'fail; unknown'],
    ['503 that asks for too long', response(503, { retryAfterSeconds: 3600 }), 'fail; unknown'],
    ['504', response(504), 'fail; unknown'],
  ])('%s', (_, came, expected) => {
    const last: RequestState = { ...first, outcome: 'not-sent', retries: 3 };
    expect(inWords(decide(came, last, options))).toBe(expected);
    expect(inWords(decide(came, { ...last, retries: 0 }, { ...options, retries: 0 }))).toBe(expected);
  });
});

describe('the wait', () => {
  test.each<[string, number, number, string]>([
    ['grows', 1, 0.5, 'retry after 250, same id'],
    ['grows', 2, 0.5, 'retry after 500, same id'],
    ['grows', 5, 0.5, 'retry after 4000, same id'],
    ['grows no more', 6, 0.5, 'retry after 5000, same id'],
    ['grows no more', 60, 0.5, 'retry after 5000, same id'],
    ['has full jitter: none', 3, 0, 'retry after 0, same id'],
    ['has full jitter: nearly all', 0, 0.9999, 'retry after 249, same id'],
  ])('%s after %i retries, at random %d', (_, retries, random, expected) => {
    expect(inWords(decide(none, { ...first, retries }, { ...options, retries: 100, random: () => random }))).toBe(expected);
  });

  test.each<[number, number, number, string]>([
    [429, 0, 60_000, 'retry after 0, new id'],
    [429, 7, 60_000, 'retry after 7000, new id'],
    [502, 7, 60_000, 'retry after 7000, same id'],
    [503, 7, 60_000, 'retry after 7000, new id'],
    [429, 60, 60_000, 'retry after 60000, new id'],
    [429, 61, 60_000, 'throttled'],
    [429, 61, 61_000, 'retry after 61000, new id'],
    [503, 61, 60_000, 'throttled'],
    [429, 3600, 60_000, 'throttled'],
    [429, Infinity, 60_000, 'throttled'],
    [429, 1, 0, 'throttled'],
    [403, 7, 60_000, 'fail'],
    [403, 61, 60_000, 'fail'],
  ])('of a %i that asks for %d s, where %i ms are allowed', (status, retryAfterSeconds, maxWaitMs, expected) => {
    expect(inWords(decide(response(status, { retryAfterSeconds }), first, { ...options, maxWaitMs }))).toBe(expected);
  });

  test('of its own is not measured by what the service may ask for', () => {
    expect(inWords(decide(response(429), first, { ...options, maxWaitMs: 0 }))).toBe('retry after 125, new id');
  });
});

test.each<[string, Partial<RequestState>, AttemptFacts, string]>([
  ['a 401 with another token', { isTokenRenewed: true }, response(401), 'fail'],
  ['a 503 with another token', { isTokenRenewed: true }, response(503), 'retry after 125, new id'],
  ['a refusal of a write that a service has refused before', { outcome: 'refused' }, response(412), 'done; refused'],
  ['a lost response to a write that a service has refused before', { outcome: 'refused' }, none, 'look, retry after 125, same id; unknown'],
  ['a stale refusal, in doubt', { outcome: 'unknown' }, response(412), 'done; unknown'],
  ['a clear refusal, in doubt', { outcome: 'unknown' }, response(403), 'fail; unknown'],
  ['a 401, in doubt', { outcome: 'unknown' }, response(401), 'renew-token; unknown'],
  ['a 429, in doubt', { outcome: 'unknown' }, response(429), 'retry after 125, new id; unknown'],
  ['a 503, in doubt', { outcome: 'unknown' }, response(503), 'look, retry after 125, new id; unknown'],
])('%s', (_, state, came, expected) => {
  expect(inWords(decide(came, { ...first, ...state }, options))).toBe(expected);
});
