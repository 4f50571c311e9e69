import { describe, expect, test } from 'vitest';
import { exitCodeOf, requirements, runConformance, type RunOptions, type SnapshotStore, type Target } from '../../src/conformance/index.ts';
import { packageVersion } from '../../src/contract/generated.ts';
import { memorySnapshots } from '../../src/conformance/restore/snapshot.ts';
import { createMockService, type MockService, type MockServiceOptions } from '../../src/mock/index.ts';
import { jsonResponse } from '../support/observed-fetch.ts';
import { targetOf } from '../support/target.ts';

const live = 'https://api.partnercenter.microsoft.com';
const tenant = '11111111-2222-4333-8444-555555555555';
const jwtOf = (claims: unknown): string =>
  `e30.${btoa(JSON.stringify(claims)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}.c2ln`;
const sleep = (): Promise<void> => Promise.resolve();

/** A mock at the address of the live service, and what it was sent. */
function liveTarget(options: MockServiceOptions = {}): { target: Target; sent: { method: string; body: string; request: Request }[] } {
  const token = options.token ?? jwtOf({ tid: tenant });
  const mock = createMockService({ ...options, token });
  const sent: { method: string; body: string; request: Request }[] = [];
  return {
    sent,
    target: {
      ...targetOf(mock, live),
      fetch: async (request) => {
        sent.push({ method: request.method, body: await request.clone().text(), request });
        return mock.fetch(request);
      },
    },
  };
}

const [customerId] = createMockService().customers.ids() as [string];
const allowed = {
  mode: 'write',
  allowWritesTo: customerId,
  partnerTenant: tenant,
  snapshots: memorySnapshots,
  sleep,
} as const satisfies RunOptions;

describe('mode read, the default off this machine', () => {
  test('sends GETs only, and says of the rest why it was skipped', async () => {
    const { target, sent } = liveTarget();
    const report = await runConformance(target);
    expect(new Set(sent.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(report.subject.mode).toBe('read');
    const skipped = report.results.filter(({ verdict }) => verdict === 'skipped');
    expect(skipped.map(({ id }) => id)).toEqual(requirements.filter(({ mode }) => mode !== 'read').map(({ id }) => id));
    expect(skipped.every(({ mode, reason }) => reason === `needs mode ${mode}`)).toBe(true);
    expect(report.restoration).toBeUndefined();
    expect(exitCodeOf(report)).toBe(0);
  });

  test('is the default on this machine, too, with a token that names a partner tenant: a gateway there leads elsewhere', async () => {
    const mock = createMockService({ token: jwtOf({ tid: tenant }) });
    const methods: string[] = [];
    const fetch = async (request: Request): Promise<Response> => (methods.push(request.method), mock.fetch(request));
    const target = { ...targetOf(mock, 'http://127.0.0.1:4010'), fetch };
    expect((await runConformance(target)).subject.mode).toBe('read');
    expect(new Set(methods)).toEqual(new Set(['GET']));
    await expect(runConformance(target, { mode: 'write' })).rejects.toThrow('`allowWritesTo`');
    const own = createMockService({ token: 'opaque' });
    expect((await runConformance(targetOf(own, 'http://127.0.0.1:4010'), { only: 'read', sleep })).subject.mode).toBe('race');
  });

  test('asks for no lock and keeps no snapshot', async () => {
    const snapshots: SnapshotStore = { open: () => Promise.reject(new Error('not to be opened')) };
    expect(exitCodeOf(await runConformance(liveTarget().target, { snapshots }))).toBe(0);
  });
});

describe('more than read off this machine', () => {
  test.each<[string, RunOptions, string]>([
    ['without naming the customer once more', { allowWritesTo: undefined as never }, '`allowWritesTo`'],
    ['naming another customer', { allowWritesTo: '2ca7c44a-3f2b-4b8e-9a53-6d0c1f6b7e21' }, '`allowWritesTo`'],
    ['without the partner tenant', { partnerTenant: undefined as never }, '`partnerTenant`'],
    [
      'with the tenant of another partner',
      { partnerTenant: '99999999-2222-4333-8444-555555555555' },
      `belongs to the partner tenant ${tenant}`,
    ],
    ['with "none" for a token that does say', { partnerTenant: 'none' }, `belongs to the partner tenant ${tenant}`],
    ['without a place for the snapshot', { snapshots: undefined as never }, 'a place for the snapshot'],
  ])('%s is refused before anything is sent', async (_, change, words) => {
    for (const mode of ['write', 'race'] as const) {
      const { target, sent } = liveTarget();
      const run = runConformance(target, { ...allowed, mode, ...change });
      await expect(run).rejects.toBeInstanceOf(TypeError);
      await expect(run).rejects.toThrow(words);
      expect(sent).toEqual([]);
    }
  });

  test.each(['opaque', 'a.b.c', 'a.!!.c', jwtOf({ sub: 'x' }), jwtOf({ tid: 5 }), jwtOf(null)])(
    'the token %s says no tenant: "none" has to be said',
    async (token) => {
      const refused = liveTarget({ token });
      await expect(runConformance(refused.target, allowed)).rejects.toThrow('does not say which partner tenant');
      expect(refused.sent).toEqual([]);
      const only = 'write.takes-pascal-case';
      expect(exitCodeOf(await runConformance(liveTarget({ token }).target, { ...allowed, partnerTenant: 'none', only }))).toBe(0);
    },
  );

  test('is done when all of it is said, letter case aside, and changes first and last name only', async () => {
    const { target, sent } = liveTarget();
    const report = await runConformance(target, {
      ...allowed,
      mode: 'race',
      allowWritesTo: customerId.toUpperCase(),
      partnerTenant: tenant.toUpperCase(),
    });
    expect(report.results.filter(({ level, verdict }) => level === 'must' && !['pass', 'skipped'].includes(verdict))).toEqual([]);
    expect(report.restoration).toEqual({ state: 'restored' });

    const [first, ...bodies] = sent.filter(({ method, body }) => method === 'PUT' && isJson(body)).map(({ body }) => normalized(body));
    expect(bodies.length).toBeGreaterThan(50);
    for (const body of bodies) expect(body).toEqual(first);

    const skipped = report.results.filter(({ verdict }) => verdict === 'skipped').map(({ id }) => id);
    expect(skipped).toEqual(requirements.filter(({ touchesMore }) => touchesMore).map(({ id }) => id));
    expect(skipped).toContain('write.stores-email');
    expect(new Set(sent.filter(({ method }) => method === 'PUT').map(({ request }) => new URL(request.url).pathname))).toEqual(
      new Set([`/v1/customers/${customerId}/profiles/billing`]),
    );
  });

  test('changes the other members when that is asked for', async () => {
    const report = await runConformance(liveTarget().target, { ...allowed, allMembers: true });
    expect(report.results.filter(({ mode, verdict }) => mode !== 'race' && verdict !== 'pass')).toEqual([]);
    expect(report.restoration).toEqual({ state: 'restored' });
  });

  test('does not blame a service that refuses the value of a probe', async () => {
    const refusing = (mock: MockService) => async (request: Request) => {
      const body = await request.clone().text();
      const response = /שלום|zzz|hi z"/.test(body)
        ? jsonResponse({ code: 3000, description: 'Names have letters' }, { status: 400 })
        : undefined;
      return response ?? mock.fetch(request);
    };
    const mock = createMockService({ token: jwtOf({ tid: tenant }) });
    const report = await runConformance({ ...targetOf(mock, live), fetch: refusing(mock) }, allowed);
    expect(report.results.find(({ id }) => id === 'write.keeps-unicode')).toMatchObject({
      verdict: 'skipped',
      reason: 'value refused: 400 with code 3000',
    });
    expect(exitCodeOf(report)).toBe(0);
    const own = createMockService();
    const here = await runConformance({ ...targetOf(own), fetch: refusing(own) }, { mode: 'write', sleep });
    expect(here.results.find(({ id }) => id === 'write.keeps-unicode')).toMatchObject({ verdict: 'fail' });
  });

  test('writes nothing to a profile without names, because names that were added might not go away again', async () => {
    const { profile } = { profile: createMockService().customers.get(createMockService().customers.ids()[2]!)! };
    const { target, sent } = liveTarget({ customers: [{ customerId, profile }] });
    const report = await runConformance(target, allowed);
    expect(sent.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(report.results.find(({ id }) => id === 'write.takes-pascal-case')).toMatchObject({
      verdict: 'untestable',
      reason: expect.stringContaining('no first and last name'),
    });
    expect(exitCodeOf(report)).toBe(1);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A body with everything that a probe may change taken out. */
function normalized(body: string): unknown {
  const {
    FirstName: _,
    LastName: __,
    firstName: ___,
    lastName: ____,
    Attributes,
    attributes,
    ...rest
  } = JSON.parse(body) as Record<string, unknown>;
  expect(Attributes ?? attributes).toBeDefined();
  const lower = (value: unknown): unknown =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), lower(member)]))
      : value;
  return lower(rest);
}

describe('every request', () => {
  test('names the run, and its correlation id names run and requirement', async () => {
    const { target, sent } = liveTarget();
    const report = await runConformance(target, allowed);
    const runPart = report.runId.slice(0, 24);
    for (const { request } of sent) {
      expect(request.headers.get('User-Agent')).toBe(`pc-billing-conformance/${packageVersion} (run ${report.runId})`);
      expect(request.redirect).toBe('manual');
    }
    const ids = sent.map(({ request }) => request.headers.get('MS-CorrelationId')).filter((id) => id !== null);
    expect(ids.every((id) => id.startsWith(runPart))).toBe(true);
    expect(new Set(ids).size).toBeGreaterThan(30);
    const requestIds = sent.map(({ request }) => request.headers.get('MS-RequestId')).filter((id) => id !== null);
    // One of them is sent twice on purpose.
    expect(new Set(requestIds).size).toBe(requestIds.length - 1);
  });

  test('of a failure carries the correlation id that the result names', async () => {
    const { results } = await runConformance(targetOf(createMockService({ faults: ['answers-nulls'] })), { only: 'read.answers-no-nulls' });
    const failed = results.find(({ verdict }) => verdict === 'fail')!;
    expect(failed.exchanges![0]!.request.headers['ms-correlationid']).toBe(failed.correlationId);
  });

  test('goes to no other host: a redirect is not followed', async () => {
    const mock = createMockService();
    const seen: string[] = [];
    const fetch = async (request: Request) => {
      seen.push(new URL(request.url).host);
      return new Response(null, { status: 307, headers: { Location: 'https://elsewhere.example/' } });
    };
    const report = await runConformance({ ...targetOf(mock), fetch }, { sleep });
    expect(new Set(seen)).toEqual(new Set(['mock.localhost']));
    expect(report.results[0]!.reason).toContain('307, a redirect, which is not followed');
  });
});

describe('a service that throttles', () => {
  const throttling = (times: number, retryAfter?: string) => {
    const mock = createMockService();
    let left = times;
    const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
    return {
      ...targetOf(mock),
      fetch: async (request: Request) =>
        (left -= 1) >= 0 ? jsonResponse({ statusCode: 429, message: 'Slow down' }, { status: 429, headers }) : mock.fetch(request),
    };
  };

  test('is waited for as long as it asks, in seconds or until a date', async () => {
    for (const [retryAfter, expected] of [
      ['7', 7000],
      [new Date(Date.UTC(2026, 10, 23, 0, 0, 9)).toUTCString(), 9000],
      [undefined, 1000],
      // What cannot be read is no reason to hurry.
      ['soon', 10_000],
    ] as const) {
      const waits: number[] = [];
      // The preflight takes the first.
      const report = await runConformance(throttling(2, retryAfter), {
        mode: 'read',
        sleep: async (ms) => void waits.push(ms),
        now: () => Date.UTC(2026, 10, 23),
      });
      expect(waits).toEqual([expected]);
      expect(exitCodeOf(report)).toBe(0);
    }
  });

  test('is not waited for longer than the run may', async () => {
    const waits: number[] = [];
    const report = await runConformance(throttling(1e6, '50'), {
      mode: 'read',
      sleep: async (ms) => void waits.push(ms),
      maxWaitMs: 120_000,
    });
    expect(waits).toEqual([50_000, 50_000]);
    expect(report.results[0]).toMatchObject({ verdict: 'untestable', reason: expect.stringContaining('asks to wait 50 s') });
    expect(exitCodeOf(report)).toBe(1);
  });

  test('every fifth time is no news about anything else', async () => {
    const mock = createMockService();
    let count = 0;
    const fetch = async (request: Request) =>
      (count += 1) % 5 === 0
        ? jsonResponse({ statusCode: 429, message: 'Slow down' }, { status: 429, headers: { 'Retry-After': '1' } })
        : mock.fetch(request);
    const report = await runConformance({ ...targetOf(mock), fetch }, { sleep, mode: 'write', maxWaitMs: 1e9 });
    expect(report.results.filter(({ mode, verdict }) => mode !== 'race' && verdict !== 'pass')).toEqual([]);
  });

  test('makes a race void, three times at most', async () => {
    const mock = createMockService();
    let racing = 0;
    const fetch = async (request: Request) => {
      if (request.method !== 'PUT') return mock.fetch(request);
      racing += 1;
      const isRace = racing > 1;
      queueMicrotask(() => (racing -= 1));
      return isRace ? jsonResponse({ statusCode: 429, message: 'Slow down' }, { status: 429 }) : mock.fetch(request);
    };
    const report = await runConformance({ ...targetOf(mock), fetch }, { sleep, only: 'race.lets-one-writer-win' });
    expect(report.results.find(({ id }) => id === 'race.lets-one-writer-win')).toMatchObject({
      verdict: 'untestable',
      reason: expect.stringContaining('3 times'),
    });
  });
});

describe('the number of requests', () => {
  test('is kept, and enough is left to put the profile back', async () => {
    for (const maxRequests of [20, 40, 100]) {
      let sent = 0;
      const mock = createMockService();
      const before = mock.customers.get(customerId)!.firstName;
      const fetch = (request: Request) => ((sent += 1), mock.fetch(request));
      const report = await runConformance({ ...targetOf(mock), fetch }, { maxRequests });
      expect(sent).toBeLessThanOrEqual(maxRequests);
      expect(report.requests).toBe(sent);
      expect(mock.customers.get(customerId)!.firstName).toBe(before);
      const skipped = report.results.filter(({ verdict }) => verdict === 'skipped');
      expect(skipped.length).toBeGreaterThan(0);
      expect(skipped.every(({ reason }) => reason === 'the run has sent as many requests as it may')).toBe(true);
      expect(exitCodeOf(report)).toBe(0);
    }
  });
});

test('nothing is on its way any more when the profile is put back, though a racer was not answered', async () => {
  const mock = createMockService();
  const before = mock.customers.get(customerId)!.firstName;
  let racing = 0;
  let late = 0;
  const fetch = async (request: Request) => {
    if (request.method !== 'PUT') {
      late += racing;
      return mock.fetch(request);
    }
    racing += 1;
    try {
      if (racing === 2) throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return await mock.fetch(request);
    } finally {
      racing -= 1;
    }
  };
  const report = await runConformance({ ...targetOf(mock), fetch }, { only: 'race.lets-one-writer-win', sleep });
  expect(report.results.find(({ id }) => id === 'race.lets-one-writer-win')!.verdict).toBe('fail');
  expect(late).toBe(0);
  expect(mock.customers.get(customerId)!.firstName).toBe(before);
});

describe('our own token', () => {
  test('that expires in the middle stops the run, and nothing more is asked', async () => {
    const mock = createMockService();
    let left = 60;
    let refused = 0;
    const fetch = (request: Request) => {
      if ((left -= 1) >= 0) return mock.fetch(request);
      refused += 1;
      return Promise.resolve(jsonResponse({ code: 900420, description: 'The token has expired' }, { status: 401 }));
    };
    const report = await runConformance({ ...targetOf(mock), fetch }, { sleep });
    expect(exitCodeOf(report)).toBe(2);
    const broken = report.results.filter(({ verdict }) => verdict === 'broken');
    expect(broken[0]!.reason).toContain('401, code 900420, "The token has expired"');
    expect(report.restoration).toMatchObject({ state: 'unverified', reason: expect.stringContaining('900420') });
    // One that met it, and one that wanted to put the profile back.
    expect(refused).toBe(2);
  });

  test('that is refused where a probe asks for it is an answer', async () => {
    const report = await runConformance(targetOf(createMockService()), { only: 'auth.*' });
    expect(report.results.filter(({ id, verdict }) => id.startsWith('auth.') && verdict !== 'pass')).toEqual([]);
  });
});

describe('a run that is stopped', () => {
  test('ends after the requirement that is being checked, and puts the profile back', async () => {
    const mock = createMockService();
    const before = mock.customers.get(customerId)!;
    const stop = new AbortController();
    const checked: string[] = [];
    const report = await runConformance(targetOf(mock), {
      signal: stop.signal,
      onResult: ({ id, verdict }) => {
        if (verdict === 'pass') checked.push(id);
        if (id === 'write.takes-pascal-case') stop.abort();
      },
    });
    expect(checked).toContain('write.takes-pascal-case');
    expect(report.results.filter(({ mode, verdict }) => mode === 'race' && verdict !== 'broken')).toEqual([]);
    expect(report.results.find(({ verdict }) => verdict === 'broken')!.reason).toBe('The run was stopped.');
    expect(report.restoration).toEqual({ state: 'restored' });
    expect(mock.customers.get(customerId)!.firstName).toBe(before.firstName);
    expect(exitCodeOf(report)).toBe(2);
  });

  test('does not wait to the end of what a throttling service asks for', async () => {
    const stop = new AbortController();
    const fetch = async () => jsonResponse({ statusCode: 429, message: 'x' }, { status: 429, headers: { 'Retry-After': '60' } });
    const run = runConformance(
      { ...targetOf(createMockService()), fetch },
      { signal: stop.signal, sleep: () => new Promise(() => {}), onWait: () => stop.abort() },
    );
    expect(exitCodeOf(await run)).toBe(2);
  });

  test('sends nothing more for the check that is under way, and waits for a service that throttles until the profile is back', async () => {
    const mock = createMockService();
    const before = mock.customers.get(customerId)!.firstName;
    const stop = new AbortController();
    let nowMs = 0;
    let freeAtMs = 0;
    let sent = 0;
    const fetch = (request: Request): Promise<Response> => {
      if (stop.signal.aborted) sent += 1;
      if (nowMs < freeAtMs) {
        return Promise.resolve(jsonResponse({ statusCode: 429, message: 'x' }, { status: 429, headers: { 'Retry-After': '30' } }));
      }
      if (request.method === 'PUT' && !stop.signal.aborted) {
        stop.abort();
        freeAtMs = nowMs + 60_000;
      }
      return mock.fetch(request);
    };
    const report = await runConformance(
      { ...targetOf(mock), fetch },
      {
        signal: stop.signal,
        now: () => nowMs,
        sleep: async (ms) => {
          for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          nowMs += ms;
        },
      },
    );
    expect(report.restoration).toEqual({ state: 'restored' });
    expect(mock.customers.get(customerId)!.firstName).toBe(before);
    // Two that were throttled, a read, the write, and the read that proves it.
    expect(sent).toBe(5);
    expect(report.results.find(({ verdict }) => verdict === 'broken')).toMatchObject({ reason: 'The run was stopped.' });
    expect(report.results.find(({ verdict }) => verdict === 'broken')).not.toHaveProperty('exchanges');
    expect(report.summary.fail).toBe(0);
  });
});
