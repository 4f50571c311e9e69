import { describe, expect, test, vi } from 'vitest';
import {
  type AttemptEvent,
  CancelledError,
  createPartnerClient,
  NetworkError,
  type PartnerClientOptions,
  PartnerError,
  ServiceError,
  ThrottledError,
} from '../../src/index.ts';
import { fakeProfile } from '../support/fake.ts';
import { jsonResponse, observedFetch, type ObservedRequest } from '../support/observed-fetch.ts';
import { withVirtualClock } from '../support/virtual-clock.ts';

const customerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';
const profile = fakeProfile(3);
const nowMs = Date.UTC(2026, 10, 23);
const reset = () => new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
const throttle =
  (retryAfter?: string, body: unknown = { statusCode: 429, message: 'Slow down' }) =>
  () =>
    jsonResponse(body, { status: 429, headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter } });
const ok = () => jsonResponse(profile);
const answered = (status: number) => () => jsonResponse({ code: 1, description: 'x' }, { status });
const failed = () => Promise.reject(reset());

/** A client whose answers come in this order, the last one for ever, and whose waits are written down instead of made. */
function answering(answers: ((request: ObservedRequest) => Response | Promise<Response>)[], options: Partial<PartnerClientOptions> = {}) {
  let count = 0;
  const { fetch, requests } = observedFetch((request) => answers[Math.min(count++, answers.length - 1)]!(request));
  const waits: number[] = [];
  let time = nowMs;
  const partner = createPartnerClient({
    token: 'secret-token',
    fetch,
    random: () => 0.5,
    now: () => time,
    sleep: async (ms) => {
      waits.push(ms);
      time += ms;
    },
    ...options,
  });
  return { partner, billing: partner.customers.byId(customerId).profiles.billing, requests, waits };
}
const idsOf = (requests: ObservedRequest[]) => requests.map(({ headers }) => headers.get('MS-RequestId'));

describe('what is sent again', () => {
  test.each<[string, () => Response | Promise<Response>, boolean]>([
    ['no answer', failed, true],
    ['408', answered(408), true],
    ['502', answered(502), true],
    ['504', answered(504), true],
    ['429', throttle(), false],
    ['500', answered(500), false],
    ['503', answered(503), false],
  ])('%s: GET and PUT, with the same MS-RequestId: %3$s, and one MS-CorrelationId', async (_, answer, sameId) => {
    for (const how of ['get', 'update'] as const) {
      const { billing, requests } = answering([answer, answer, ok]);
      await (how === 'get' ? billing.get() : billing.update(profile));
      expect(requests).toHaveLength(3);
      expect(new Set(idsOf(requests)).size).toBe(sameId ? 1 : 3);
      expect(new Set(requests.map(({ headers }) => headers.get('MS-CorrelationId'))).size).toBe(1);
      expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    }
  });

  test.each([400, 401, 403, 404, 405, 409, 413, 415, 428, 501])('%i is not', async (status) => {
    const { billing, requests } = answering([answered(status)]);
    await expect(billing.update(profile)).rejects.toMatchObject({ status, attempts: 1, outcome: 'refused' });
    expect(requests).toHaveLength(1);
  });

  test('as often as asked, then the last answer is told, with how many there were', async () => {
    const { billing, requests } = answering([answered(503)]);
    await expect(billing.get()).rejects.toMatchObject({ status: 503, attempts: 4, outcome: undefined });
    expect(requests).toHaveLength(4);
    const none = answering([failed], { retries: 0 });
    await expect(none.billing.update(profile)).rejects.toMatchObject({ name: 'NetworkError', attempts: 1, outcome: 'unknown' });
    const one = answering([failed], { retries: 5 });
    await expect(one.billing.get({ retries: 1 })).rejects.toBeInstanceOf(NetworkError);
    expect(one.requests).toHaveLength(2);
  });

  test.each([[500, 'unknown'], [502, 'unknown'], [504, 'unknown'], [408, 'unknown'], [503, 'refused'], [429, 'refused']])('a PUT that ends with %i is %s', async (status, outcome) => {
    await expect(answering([answered(status)]).billing.update(profile)).rejects.toMatchObject({ status, outcome });
  }); // prettier-ignore
});

describe('the waits', () => {
  test('grow, with full jitter', async () => {
    const { billing, waits } = answering([failed], { retries: 7 });
    await expect(billing.get()).rejects.toBeInstanceOf(NetworkError);
    expect(waits).toEqual([125, 250, 500, 1000, 2000, 4000, 5000]);
    const none = answering([failed, ok], { random: () => 0 });
    await none.billing.get();
    expect(none.waits).toEqual([]);
  });

  test.each([
    ['seconds', '7', 7000],
    ['a date', new Date(nowMs + 9000).toUTCString(), 9000],
    ['a date that has passed', new Date(nowMs - 9000).toUTCString(), 0],
    ['nonsense', 'soon', 125],
    ['neither seconds nor a date', '1.5', 125],
    ['less than nothing', '-5', 125],
  ])('are as long as Retry-After says: %s', async (_, retryAfter, waitMs) => {
    for (const status of [429, 503]) {
      const { billing, waits } = answering([
        () => jsonResponse({ code: 1, description: 'x' }, { status, headers: { 'Retry-After': retryAfter } }),
        ok,
      ]);
      await billing.get();
      expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(status === 429 && waitMs === 125 ? 1000 : waitMs);
    }
  });

  test('until a date are never too short by a part of a second', async () => {
    let time = nowMs + 400;
    const waits: number[] = [];
    const { billing } = answering([throttle(new Date(nowMs + 9000).toUTCString()), ok], {
      now: () => time,
      sleep: async (ms) => {
        waits.push(ms);
        time += ms;
      },
    });
    await billing.get();
    expect(waits).toEqual([9000]);
  });

  test('of any length are those of a timer at most: one for ever would end at once', async () => {
    for (const ms of [Infinity, 2 ** 31]) {
      const slow = async (): Promise<Response> => new Promise((resolve) => setTimeout(() => resolve(ok()), 5));
      const fetch = vi.fn(slow);
      const { billing } = createPartnerClient({ token: 't', fetch, attemptTimeoutMs: ms, deadlineMs: ms }).customers.byId(
        customerId,
      ).profiles;
      await billing.get();
      expect(fetch).toHaveBeenCalledTimes(1);
    }
    const { billing } = answering([throttle('2'), ok], { deadlineMs: Infinity });
    await Promise.all([billing.get(), billing.get()]);
  });

  test('that are too long are not begun: the call fails at once and says how long', async () => {
    for (const [body, retryAfter, seconds] of [
      [{ statusCode: 429, message: 'Rate limit is exceeded. Try again in 3600 seconds.' }, '3600', 3600],
      [{ statusCode: 429, message: 'Rate limit is exceeded. Try again in 3600 seconds.' }, undefined, 3600],
      [{ code: 800, description: 'Too many' }, '61', 61],
    ] as const) {
      const { billing, waits, requests } = answering([throttle(retryAfter, body)]);
      const error = (await billing.update(profile).catch((thrown: unknown) => thrown)) as ThrottledError;
      expect(error).toBeInstanceOf(ThrottledError);
      expect(error).toBeInstanceOf(ServiceError);
      expect(error).toMatchObject({ retryAfterSeconds: seconds, status: 429, outcome: 'refused', attempts: 1 });
      expect(error.message).toContain(`${seconds} s`);
      expect(waits).toEqual([]);
      expect(requests).toHaveLength(1);
    }
    const past = answering([throttle(new Date(nowMs - 9000).toUTCString())], { retries: 0 });
    await expect(past.billing.get()).rejects.toMatchObject({ retryAfterSeconds: 0 });
    // No retry is left, so that nothing is too long for it.
    const last = answering([() => jsonResponse({ code: 1 }, { status: 503, headers: { 'Retry-After': '3600' } })], { retries: 0 });
    await expect(last.billing.get()).rejects.toMatchObject({ name: 'ServiceError', retryAfterSeconds: 3600 });
    const patient = answering([throttle('61'), ok], { maxWaitMs: 61_000 });
    await patient.billing.get();
    expect(patient.waits.reduce((sum, ms) => sum + ms, 0)).toBe(61_000);
  });
});

describe('the gate', () => {
  test('one 429 holds back every call of the client, until Retry-After has passed', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: nowMs });
    try {
      const sentAtMs: number[] = [];
      const fetch = async () => {
        sentAtMs.push(Date.now() - nowMs);
        return sentAtMs.length === 1 ? throttle('5')() : ok();
      };
      let onWait = (): void => {};
      const waits = new Promise<void>((resolve) => (onWait = resolve));
      const onAttempt = ({ type }: AttemptEvent): void => void (type === 'retry' && onWait());
      const partner = createPartnerClient({ token: 't', fetch, onAttempt });
      const calls = [partner.customers.byId(customerId).profiles.billing.get()];
      await waits;
      for (let index = 0; index < 6; index += 1)
        calls.push(partner.customers.byId('2ca7c44a-3f2b-4b8e-9a53-6d0c1f6b7e21').profiles.billing.get());
      await vi.advanceTimersByTimeAsync(4900);
      expect(sentAtMs).toEqual([0]);
      await vi.advanceTimersByTimeAsync(5000);
      await Promise.all(calls);
      expect(sentAtMs).toHaveLength(8);
      expect(sentAtMs.slice(1).every((ms) => ms >= 5000)).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  test('opens step by step: one request, then two at a time, then four', async () => {
    const open: ((response: Response) => void)[] = [];
    const { fetch } = observedFetch(() => new Promise<Response>((resolve) => open.push(resolve)));
    const { billing } = createPartnerClient({ token: 't', fetch, sleep: () => Promise.resolve() }).customers.byId(customerId).profiles;
    // They come when they come, and what goes on without time must bring no more.
    const expectOpen = async (count: number): Promise<void> => {
      await vi.waitFor(() => expect(open.length).toBeGreaterThanOrEqual(count), { interval: 1 });
      await new Promise((resolve) => setImmediate(resolve));
      expect(open).toHaveLength(count);
    };
    const first = billing.get({ retries: 0 }).catch((error: unknown) => error);
    await expectOpen(1);
    open.pop()!(throttle('0')());
    expect(await first).toBeInstanceOf(ThrottledError);

    const calls = Promise.all(Array.from({ length: 8 }, () => billing.get()));
    for (const width of [1, 2, 4]) {
      await expectOpen(width);
      open.shift()!(ok());
    }
    // Of eight, three are answered.
    await expectOpen(5);
    for (const answer of open) answer(ok());
    await calls;
  });

  test('lets the next one in when the one before got no answer', async () => {
    const { billing } = answering([throttle('0'), failed, ok], { retries: 0 });
    await expect(billing.get()).rejects.toBeInstanceOf(ThrottledError);
    const [before, next] = await Promise.allSettled([billing.get(), billing.get()]);
    expect([before.status, next.status]).toEqual(['rejected', 'fulfilled']);
  });

  test('stays shut for the longest time that was asked for', async () => {
    const { billing, waits } = answering([throttle('10'), throttle('1'), ok], { retries: 0 });
    await Promise.allSettled([billing.get(), billing.get()]);
    await billing.get();
    expect(waits).toEqual([10_000]);
  });

  test('is waited for as long as the call may, and no longer', async () => {
    for (const [maxWaitMs, count] of [[60_000, 2], [59_999, 1]] as const) {
      const { billing, requests } = answering([throttle('60'), ok], { retries: 0, maxWaitMs });
      await expect(billing.get()).rejects.toBeInstanceOf(ThrottledError);
      await billing.get().catch(() => {});
      expect(requests).toHaveLength(count);
    }
  }); // prettier-ignore

  test('a call that would have to wait too long is not sent, and says so', async () => {
    const { billing, requests } = answering([throttle('3600')]);
    await expect(billing.get()).rejects.toBeInstanceOf(ThrottledError);
    const error = (await billing.update(profile).catch((thrown: unknown) => thrown)) as ThrottledError;
    expect(error).toMatchObject({ name: 'ThrottledError', outcome: 'not-sent', attempts: 0, retryAfterSeconds: 3600 });
    expect(requests).toHaveLength(1);
  });

  test('opens on a clock that stands still, and to a sleep that takes no time', async () => {
    const { billing, requests } = answering([throttle('5'), throttle('1'), ok], { now: () => nowMs, sleep: async () => {} });
    await Promise.all(Array.from({ length: 5 }, () => billing.get()));
    expect(requests).toHaveLength(7);
  });

  test('is not held shut by calls that were ended before they went', async () => {
    const { billing, waits } = answering([throttle('1'), ok]);
    for (let count = 0; count < 3; count += 1) await expect(billing.get({ signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    await billing.get();
    expect(waits).toEqual([1000]);
  });

  test('maxRequestsPerMinute is kept', async () => {
    const { billing, waits } = answering([ok], { maxRequestsPerMinute: 2 });
    for (let count = 0; count < 5; count += 1) await billing.get();
    expect(waits).toEqual([60_000, 60_000]);
    expect(() => answering([ok], { maxRequestsPerMinute: 0 })).toThrow(TypeError);
  });
});

describe('the end of a call', () => {
  const never = () => new Promise<Response>(() => {});

  test('by its deadline, whatever it waits for', async () => {
    await withVirtualClock(async ({ until, sleep }) => {
      for (const [answer, outcome] of [[never, 'unknown'], [throttle('30'), 'refused'], [failed, 'unknown']] as const) {
        const { fetch } = observedFetch(answer);
        const { billing } = createPartnerClient({ token: 't', fetch, sleep, retries: 100 }).customers.byId(customerId).profiles;
        const startedAtMs = Date.now();
        const error = (await until(billing.update(profile, { deadlineMs: 2000 }).catch((thrown: unknown) => thrown))) as CancelledError;
        expect(error).toBeInstanceOf(CancelledError);
        expect(error.cause).toMatchObject({ name: 'TimeoutError', message: 'the call took 2000 ms' });
        expect(error.outcome).toBe(outcome);
        expect(Date.now() - startedAtMs).toBe(2000);
      }
    });
  }); // prettier-ignore

  test('by its signal while the last attempt is on its way is no failure of the network', async () => {
    const stop = new AbortController();
    const { billing } = answering([() => (queueMicrotask(() => stop.abort()), never())], { retries: 0 });
    await expect(billing.get({ signal: stop.signal })).rejects.toBeInstanceOf(CancelledError);
  });

  test('by an attempt that takes too long: the next one follows', async () => {
    let count = 0;
    const { billing, requests } = answering([() => ((count += 1) === 1 ? never() : ok())], { attemptTimeoutMs: 20, now: () => Date.now() });
    await billing.get();
    expect(idsOf(requests)[0]).toBe(idsOf(requests)[1]);
  });

  test('takes the connection of an attempt with it, and leaves neither a timer nor a listener behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const signals: AbortSignal[] = [];
      const fetch = async (request: Request): Promise<Response> => {
        signals.push(request.signal);
        return signals.length === 1 ? never() : ok();
      };
      const { signal } = new AbortController();
      const listeners = new Set<unknown>();
      const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
      signal.addEventListener = (...args: Parameters<typeof add>) => void (listeners.add(args[1]), add(...args));
      signal.removeEventListener = (...args: Parameters<typeof remove>) => void (listeners.delete(args[1]), remove(...args));
      const { billing } = createPartnerClient({ token: 't', fetch, attemptTimeoutMs: 20, sleep: async () => {} }).customers.byId(
        customerId,
      ).profiles;
      const call = billing.get({ signal });
      await vi.advanceTimersByTimeAsync(20);
      await call;
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
      expect(signals[0]!.reason).toMatchObject({ name: 'TimeoutError' });
      expect(vi.getTimerCount()).toBe(0);
      expect(listeners.size).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([
    ['before it begins', 'not-sent', 0, (stop: AbortController) => (stop.abort(new Error('enough')), ok)],
    [
      'while it is on its way',
      'unknown',
      1,
      (stop: AbortController) => () => (queueMicrotask(() => stop.abort(new Error('enough'))), never()),
    ],
    ['in a wait', 'refused', 1, (stop: AbortController) => () => (setTimeout(() => stop.abort(new Error('enough')), 5), throttle('50')())],
  ] as const)('by its signal, %s: at once, with the reason as cause', async (_, outcome, attempts, answer) => {
    const stop = new AbortController();
    const { fetch } = observedFetch(answer(stop));
    const { billing } = createPartnerClient({ token: 't', fetch }).customers.byId(customerId).profiles;
    const startedAtMs = performance.now();
    const error = (await billing.update(profile, { signal: stop.signal }).catch((thrown: unknown) => thrown)) as CancelledError;
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toMatchObject({ outcome, attempts, cause: { message: 'enough' } });
    expect(error.message).toContain('was ended: enough');
    expect(performance.now() - startedAtMs).toBeLessThan(5000);
  });
});

describe('the token', () => {
  test('is asked for once by calls at the same time, and renewed once after a 401', async () => {
    let given = 0;
    const token = async () => `token-${(given += 1)}`;
    const { fetch, requests } = observedFetch(({ headers }) =>
      headers.get('Authorization') === 'Bearer token-1' ? answered(401)() : ok(),
    );
    const { billing } = createPartnerClient({ token, fetch }).customers.byId(customerId).profiles;
    await Promise.all([billing.get(), billing.get(), billing.get()]);
    expect(given).toBe(2);
    expect(requests).toHaveLength(6);
    expect(new Set(idsOf(requests)).size).toBe(6);
  });

  test('is renewed once, too, when it is refused to one call after another', async () => {
    let given = 0;
    let answerLate = (): void => {};
    const answeredEarly = new Promise<void>((resolve) => (answerLate = resolve));
    const { fetch } = observedFetch(async ({ headers, url }) => {
      if (headers.get('Authorization') !== 'Bearer token-1') return ok();
      if (!url.includes(customerId)) await answeredEarly;
      return answered(401)();
    });
    const { customers } = createPartnerClient({ token: async () => `token-${(given += 1)}`, fetch });
    const late = customers.byId('2ca7c44a-3f2b-4b8e-9a53-6d0c1f6b7e21').profiles.billing.get();
    await customers.byId(customerId).profiles.billing.get();
    answerLate();
    await late;
    expect(given).toBe(2);
  });

  test('that is renewed costs none of the retries', async () => {
    let given = 0;
    const { billing, requests } = answering([answered(401), answered(503), ok], { retries: 1, token: () => `token-${(given += 1)}` });
    await billing.get();
    expect(requests).toHaveLength(3);
  });

  test('that is refused again, or is the same, is told', async () => {
    for (const token of ['fixed', () => 'same', () => String(Math.random())]) {
      const { billing, requests } = answering([answered(401)], { token });
      await expect(billing.update(profile)).rejects.toMatchObject({ status: 401, outcome: 'refused' });
      expect(requests.length).toBe(typeof token === 'function' && token() !== token() ? 2 : 1);
    }
  });

  test('that could not be had is asked for again by the next call', async () => {
    let asked = 0;
    const token = async (): Promise<string> => {
      if ((asked += 1) === 1) throw new Error('the vault is shut');
      return 'token';
    };
    const { billing } = answering([ok], { token });
    await expect(billing.get()).rejects.toMatchObject({ name: 'TokenError' });
    expect((await billing.get()).id).toBe(profile.id);
  });

  test('comes from a credential, for the scope of the service', async () => {
    const scopes: unknown[] = [];
    const credential = {
      getToken: async (scope: string | string[]) => (scopes.push(scope), { token: 'from-credential', expiresOnTimestamp: 0 }),
    };
    const { billing, requests } = answering([ok], { token: credential });
    await billing.get();
    expect(scopes).toEqual(['https://api.partnercenter.microsoft.com/.default']);
    expect(requests[0]!.headers.get('Authorization')).toBe('Bearer from-credential');
    const china = { token: credential, baseUrl: 'https://partner.partnercenterapi.microsoftonline.cn' };
    expect(() => createPartnerClient(china)).toThrow(TypeError);
    await createPartnerClient({ ...china, scope: 'own', fetch: async () => ok() })
      .customers.byId(customerId)
      .profiles.billing.get();
    expect(scopes.at(-1)).toBe('own');
    await expect(answering([ok], { token: { getToken: async () => null } }).billing.get()).rejects.toMatchObject({ name: 'TokenError' });
  });

  test.each([[undefined], [null], [{}], [7], ['']])('%j is none, which is a TypeError when the client is made', (token) => {
    expect(() => createPartnerClient({ token: token as unknown as string })).toThrow(
      new TypeError('The token is empty or has a character that cannot stand in a header.'),
    );
  });
});

describe('what can be seen', () => {
  test('every attempt, without a token or a value of the customer', async () => {
    const events: AttemptEvent[] = [];
    const { billing } = answering([failed, answered(503), ok], { onAttempt: (event) => events.push(event) });
    await billing.update(profile, { correlationId: '22222222-2222-4222-8222-222222222222' });
    expect(events.map(({ type, attempt }) => `${type} ${attempt}`)).toEqual([
      'start 1',
      'failure 1',
      'retry 1',
      'start 2',
      'response 2',
      'retry 2',
      'start 3',
      'response 3',
    ]);
    expect(events[1]).toMatchObject({
      method: 'PUT',
      path: `/v1/customers/${customerId}/profiles/billing`,
      reason: 'read ECONNRESET',
      correlationId: '22222222-2222-4222-8222-222222222222',
    });
    expect(events[2]).toMatchObject({ delayMs: 125 });
    expect(events[4]).toMatchObject({ status: 503 });
    expect(JSON.stringify(events)).not.toContain('secret-token');
    expect(JSON.stringify(events)).not.toContain(profile.email);
  });

  test('a listener that throws changes nothing', async () => {
    const { billing } = answering([ok], { onAttempt: () => { throw new Error('listener'); } }); // prettier-ignore
    expect((await billing.get()).id).toBe(profile.id);
  });

  test('the ids that are given are sent; with() gives one correlation id to many calls', async () => {
    const { partner, requests } = answering([ok]);
    const correlationId = '33333333-3333-4333-8333-333333333333';
    const { billing } = partner.with({ correlationId }).customers.byId(customerId).profiles;
    await billing.get({ requestId: '44444444-4444-4444-8444-444444444444' });
    await billing.update(profile);
    expect(requests.map(({ headers }) => headers.get('MS-CorrelationId'))).toEqual([correlationId, correlationId]);
    expect(idsOf(requests)[0]).toBe('44444444-4444-4444-8444-444444444444');
    expect(idsOf(requests)[1]).not.toBe(idsOf(requests)[0]);
  });

  test('the request id that is given to an edit is that of its write', async () => {
    const { billing, requests } = answering([ok]);
    const requestId = '44444444-4444-4444-8444-444444444444';
    await billing.edit({ companyName: 'Other' }, { requestId });
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(idsOf(requests)[0]).not.toBe(requestId);
    expect(idsOf(requests)[1]).toBe(requestId);
  });
});

test.each([
  { retries: -1 },
  { retries: NaN },
  { deadlineMs: '5' },
  { maxWaitMs: -5 },
  { onConflict: 'merge' },
  { validate: 'always' },
  { validate: 'throw' },
])('the option %j is a TypeError', (options) => {
  expect(() => createPartnerClient({ token: 't', ...(options as object) })).toThrow(TypeError);
});

test.each([
  [401, 900420, 'meant for another API'],
  [401, 900421, 'multifactor'],
  [403, 900329, 'an app and a user'],
  [403, 20002, 'accepted your invitation'],
  [403, 900150, 'the role Admin agent'],
  [403, '900308', 'the role Admin agent'],
])('%i with code %s names the cure', async (status, code, cure) => {
  const { billing } = answering([() => jsonResponse({ code, description: 'x' }, { status })]);
  const error = (await billing.get().catch((thrown: unknown) => thrown)) as PartnerError;
  expect(error).toMatchObject({ status, code });
  expect(error.message).toContain(cure);
});
