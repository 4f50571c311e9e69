import { describe, expect, test, vi } from 'vitest';
import { type AttemptEvent, CancelledError, createPartnerClient, NetworkError, ServiceError, ThrottledError } from '../../src/index.ts';
import { jsonResponse, observedFetch } from '../support/observed-fetch.ts';
import {
  customerId,
  failed,
  nowMs,
  ok,
  otherCustomerId,
  profile,
  refused,
  requestIdsOf,
  scriptedClient,
  throttled,
  toPuts,
} from '../support/scripted-client.ts';
import { withVirtualClock } from '../support/virtual-clock.ts';

describe('a request that is sent again', () => {
  test.each(['get', 'update'] as const)('by %s: with the ids and the body that its attempts share', async (how) => {
    const responses = [failed, refused(502), refused(503), ok];
    const { billing, requests: all, waits } = scriptedClient(how === 'get' ? responses : toPuts(...responses));
    await (how === 'get' ? billing.get() : billing.update(profile));
    // Between two PUTs the profile is read, to see that it is still as it was.
    expect(all.map(({ method }) => method)).toEqual(
      how === 'get' ? Array(4).fill('GET') : ['PUT', 'GET', 'PUT', 'GET', 'PUT', 'GET', 'PUT'],
    );
    const requests = all.filter(({ method }) => method === (how === 'get' ? 'GET' : 'PUT'));
    const [first, second, third, fourth] = requestIdsOf(requests);
    // Until the API itself has sent a response, it may not know the request id.
    expect([second, third]).toEqual([first, first]);
    expect(fourth).not.toBe(first);
    expect(new Set(all.map(({ headers }) => headers.get('MS-CorrelationId'))).size).toBe(1);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    expect(waits).toEqual([125, 250, 500]);
  });

  test('as often as asked, then the last refusal is told, with how many attempts there were', async () => {
    const { billing, requests } = scriptedClient([refused(503)]);
    await expect(billing.get()).rejects.toMatchObject({ status: 503, attempts: 4, outcome: undefined });
    expect(requests).toHaveLength(4);
    const none = scriptedClient([failed], { retries: 0 });
    await expect(none.billing.update(profile)).rejects.toMatchObject({ name: 'NetworkError', attempts: 1, outcome: 'unknown' });
    const one = scriptedClient([failed], { retries: 5 });
    await expect(one.billing.get({ retries: 1 })).rejects.toBeInstanceOf(NetworkError);
    expect(one.requests).toHaveLength(2);
  });

  test('or not: a refusal that no repetition cures is told at once', async () => {
    const { billing, requests } = scriptedClient([refused(409)]);
    await expect(billing.update(profile)).rejects.toMatchObject({ status: 409, attempts: 1, outcome: 'refused' });
    expect(requests).toHaveLength(1);
  });

  test('is in doubt as soon as one attempt was', async () => {
    const { billing } = scriptedClient(toPuts(refused(500), refused(403)));
    await expect(billing.update(profile)).rejects.toMatchObject({ status: 403, outcome: 'unknown' });
  });
});

describe('the waits', () => {
  test('are none at a random zero', async () => {
    const { billing, waits } = scriptedClient([failed, ok], { random: () => 0 });
    await billing.get();
    expect(waits).toEqual([]);
  });

  test('are as long as Retry-After says, on any status', async () => {
    const { billing, waits } = scriptedClient([refused(503, '7'), refused(429, new Date(nowMs + 16_000).toUTCString()), ok]);
    await billing.get();
    expect(waits).toEqual([7000, 9000]);
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
    const { billing } = scriptedClient([throttled('2'), ok], { deadlineMs: Infinity });
    await Promise.all([billing.get(), billing.get()]);
  });

  test('that are too long are not begun: the call fails at once and says how long', async () => {
    const { billing, waits, requests } = scriptedClient([throttled('61')]);
    const error = (await billing.update(profile).catch((thrown: unknown) => thrown)) as ThrottledError;
    expect(error).toBeInstanceOf(ThrottledError);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ retryAfterSeconds: 61, status: 429, outcome: 'refused', attempts: 1 });
    expect(error.message).toContain('61 s');
    expect(waits).toEqual([]);
    expect(requests).toHaveLength(1);
    // No retry is left, so that nothing is too long for it.
    const last = scriptedClient([refused(503, '3600')], { retries: 0 });
    await expect(last.billing.get()).rejects.toMatchObject({ name: 'ServiceError', retryAfterSeconds: 3600 });
  });
});

describe('the end of a call', () => {
  const never = () => new Promise<Response>(() => {});

  test('by its deadline, whatever it waits for', async () => {
    await withVirtualClock(async ({ until, sleep }) => {
      for (const [answer, outcome] of [[never, 'unknown'], [throttled('30'), 'refused'], [failed, 'unknown']] as const) {
        const { fetch } = observedFetch(answer);
        const { billing } = createPartnerClient({ token: 't', fetch, sleep, retries: 100 }).customers.byId(customerId).profiles;
        const startedAtMs = Date.now();
        const error = (await until(billing.update(profile, { deadlineMs: 2000 }).catch((thrown: unknown) => thrown))) as CancelledError;
        expect(error).toBeInstanceOf(CancelledError);
        expect(error.cause).toMatchObject({ name: 'TimeoutError', message: 'the call took 2000 ms (deadlineMs)' });
        expect(error.outcome).toBe(outcome);
        expect(Date.now() - startedAtMs).toBe(2000);
      }
    });
  }); // prettier-ignore

  test('by its signal while the last attempt is on its way is no failure of the network', async () => {
    const stop = new AbortController();
    const { billing } = scriptedClient([() => (queueMicrotask(() => stop.abort()), never())], { retries: 0 });
    await expect(billing.get({ signal: stop.signal })).rejects.toBeInstanceOf(CancelledError);
  });

  test('by an attempt that takes too long: the next one follows', async () => {
    let count = 0;
    const { billing, requests } = scriptedClient([() => ((count += 1) === 1 ? never() : ok())], {
      attemptTimeoutMs: 20,
      now: () => Date.now(),
    });
    await billing.get();
    expect(requestIdsOf(requests)[0]).toBe(requestIdsOf(requests)[1]);
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
    ['in a wait', 'refused', 1, (stop: AbortController) => () => (setTimeout(() => stop.abort(new Error('enough')), 5), throttled('50')())],
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
    const { fetch, requests } = observedFetch(({ headers }) => (headers.get('Authorization') === 'Bearer token-1' ? refused(401)() : ok()));
    const { billing } = createPartnerClient({ token, fetch }).customers.byId(customerId).profiles;
    await Promise.all([billing.get(), billing.get(), billing.get()]);
    expect(given).toBe(2);
    expect(requests).toHaveLength(6);
    expect(new Set(requestIdsOf(requests)).size).toBe(6);
  });

  test('is renewed once, too, when it is refused to one call after another', async () => {
    let given = 0;
    let answerLate = (): void => {};
    const answeredEarly = new Promise<void>((resolve) => (answerLate = resolve));
    const { fetch } = observedFetch(async ({ headers, url }) => {
      if (headers.get('Authorization') !== 'Bearer token-1') return ok();
      if (!url.includes(customerId)) await answeredEarly;
      return refused(401)();
    });
    const { customers } = createPartnerClient({ token: async () => `token-${(given += 1)}`, fetch });
    const late = customers.byId(otherCustomerId).profiles.billing.get();
    await customers.byId(customerId).profiles.billing.get();
    answerLate();
    await late;
    expect(given).toBe(2);
  });

  test('that is renewed costs none of the retries', async () => {
    let given = 0;
    const { billing, requests } = scriptedClient([refused(401), refused(503), ok], { retries: 1, token: () => `token-${(given += 1)}` });
    await billing.get();
    expect(requests).toHaveLength(3);
  });

  test('that is refused again, or is the same, is told', async () => {
    for (const token of ['fixed', () => 'same', () => String(Math.random())]) {
      const { billing, requests } = scriptedClient([refused(401)], { token });
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
    const { billing } = scriptedClient([ok], { token });
    await expect(billing.get()).rejects.toMatchObject({ name: 'TokenError' });
    expect((await billing.get()).id).toBe(profile.id);
  });

  test('comes from a credential, for the scope of the service', async () => {
    const scopes: unknown[] = [];
    const credential = {
      getToken: async (scope: string | string[]) => (scopes.push(scope), { token: 'from-credential', expiresOnTimestamp: 0 }),
    };
    const { billing, requests } = scriptedClient([ok], { token: credential });
    await billing.get();
    expect(scopes).toEqual(['https://api.partnercenter.microsoft.com/.default']);
    expect(requests[0]!.headers.get('Authorization')).toBe('Bearer from-credential');
    const china = { token: credential, baseUrl: 'https://partner.partnercenterapi.microsoftonline.cn' };
    expect(() => createPartnerClient(china)).toThrow(TypeError);
    await createPartnerClient({ ...china, scope: 'own', fetch: async () => ok() })
      .customers.byId(customerId)
      .profiles.billing.get();
    expect(scopes.at(-1)).toBe('own');
    await expect(scriptedClient([ok], { token: { getToken: async () => null } }).billing.get()).rejects.toMatchObject({
      name: 'TokenError',
    });
  });

  const unset = 'Sign in first, or set the variable that it is read from.';
  const wrong: [unknown, string][] = [
    [undefined, `is undefined. ${unset}`],
    [null, `is null. ${unset}`],
    ['', `is empty. ${unset}`],
    ['Bearer abc', 'begins with "Bearer". Give the token alone.'],
  ];
  test.each(wrong)('%j is none, and the error says why: when the client is made, or, of a source, by the call', async (token, why) => {
    expect(() => createPartnerClient({ token: token as string })).toThrow(new TypeError(`The token ${why}`));
    const { billing } = scriptedClient([ok], { token: () => token as string });
    await expect(billing.get()).rejects.toThrow(`The result of the token function ${why.slice(0, -1)}`);
  });

  test('that a credential does not give is named as such', async () => {
    const { billing } = scriptedClient([ok], { token: { getToken: async () => null } });
    await expect(billing.get()).rejects.toThrow('The token of the credential is undefined. Sign in first');
    const none = scriptedClient([ok], { token: { getToken: async () => ({}) as { token: string } } });
    await expect(none.billing.get()).rejects.toThrow('The token of the credential is undefined');
  });
});

describe('what can be seen', () => {
  test('every attempt, without a token or a value of the customer', async () => {
    const events: AttemptEvent[] = [];
    const { billing } = scriptedClient(toPuts(failed, refused(503), ok), { onAttempt: (event) => events.push(event) });
    await billing.update(profile, { correlationId: '22222222-2222-4222-8222-222222222222' });
    expect(events.map(({ type, attempt }) => `${type} ${attempt}`)).toEqual([
      'start 1',
      'failure 1',
      'retry 1',
      'start 2',
      'response 2',
      'start 3',
      'response 3',
      'retry 3',
      'start 4',
      'response 4',
      'start 5',
      'response 5',
    ]);
    expect(events.filter(({ type }) => type === 'start').map(({ method }) => method)).toEqual(['PUT', 'GET', 'PUT', 'GET', 'PUT']);
    expect(events[1]).toMatchObject({
      method: 'PUT',
      path: `/v1/customers/${customerId}/profiles/billing`,
      reason: 'read ECONNRESET',
      correlationId: '22222222-2222-4222-8222-222222222222',
    });
    expect(events[2]).toMatchObject({ delayMs: 125 });
    expect(events[6]).toMatchObject({ status: 503 });
    expect(JSON.stringify(events)).not.toContain('secret-token');
    expect(JSON.stringify(events)).not.toContain(profile.email);
  });

  test('a listener that throws changes nothing', async () => {
    for (const onAttempt of [
      () => {
        throw new Error('listener');
      },
      async () => {
        throw new Error('async listener');
      },
    ]) {
      // prettier-ignore
      const { billing } = scriptedClient([ok], { onAttempt });
      expect((await billing.get()).id).toBe(profile.id);
    }
  });

  test('the ids that are given are sent; with() gives one correlation id to many calls', async () => {
    const { partner, requests } = scriptedClient([ok]);
    const correlationId = '33333333-3333-4333-8333-333333333333';
    const { billing } = partner.with({ correlationId }).customers.byId(customerId).profiles;
    await billing.get({ requestId: '44444444-4444-4444-8444-444444444444' });
    await billing.update(profile);
    expect(requests.map(({ headers }) => headers.get('MS-CorrelationId'))).toEqual([correlationId, correlationId]);
    expect(requestIdsOf(requests)[0]).toBe('44444444-4444-4444-8444-444444444444');
    expect(requestIdsOf(requests)[1]).not.toBe(requestIdsOf(requests)[0]);
  });

  test('the request id that is given to an edit is that of its write', async () => {
    const { billing, requests } = scriptedClient(toPuts(() => jsonResponse({ ...profile, companyName: 'Other' })));
    const requestId = '44444444-4444-4444-8444-444444444444';
    await billing.edit({ companyName: 'Other' }, { requestId });
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(requestIdsOf(requests)[0]).not.toBe(requestId);
    expect(requestIdsOf(requests)[1]).toBe(requestId);
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
