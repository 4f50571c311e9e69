import { describe, expect, test } from 'vitest';
import {
  exitCodeOf,
  type Report,
  type Requirement,
  requirements,
  runConformance,
  type Target,
  TargetError,
} from '../../src/conformance/index.ts';
import { modeFor } from '../../src/conformance/mode.ts';
import { createMockService } from '../../src/mock/index.ts';
import { jsonResponse } from '../support/observed-fetch.ts';
import { socketServer } from '../support/socket-server.ts';
import { targetOf } from '../support/target.ts';

/** A target that answers what the test says. */
const answering = (answer: (request: Request) => Response | Promise<Response>): Target => ({
  ...targetOf(createMockService()),
  fetch: async (request) => answer(request),
});
const withVerdict = (report: Report, verdict: string): string[] =>
  report.results.filter((result) => result.verdict === verdict).map(({ id }) => id);

describe('what a server sends is never our defect: nothing is broken, nothing throws, exit 1', () => {
  const profile = () => structuredClone(createMockService().customers.get('4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04')!);
  const garbage: [string, () => Response][] = [
    ['HTML', () => new Response('<html></html>', { headers: { 'Content-Type': 'text/html' } })],
    ['HTML that says it is JSON', () => new Response('<html></html>', { headers: { 'Content-Type': 'application/json' } })],
    ['204', () => new Response(null, { status: 204 })],
    ['an empty 200', () => new Response('')],
    ['a redirect', () => new Response(null, { status: 302, headers: { Location: 'https://login.example' } })],
    ['500', () => new Response('oops', { status: 500 })],
    ['404 with the gateway’s body', () => jsonResponse({ statusCode: 404, message: 'Resource not found' }, { status: 404 })],
    ['429', () => jsonResponse({ statusCode: 429, message: 'Slow down' }, { status: 429, headers: { 'Retry-After': '57' } })],
    ['null', () => jsonResponse(null)],
    ['a number', () => jsonResponse(5)],
    ['an array', () => jsonResponse([profile()])],
    ['an empty object', () => jsonResponse({})],
    ['members of the wrong type', () => jsonResponse({ attributes: [], defaultAddress: 'x', links: 3, id: {} })],
    ['an ETag that is a number', () => jsonResponse({ ...profile(), attributes: { etag: 5, objectType: 'x' } })],
    ['an ETag that cannot travel', () => jsonResponse({ ...profile(), attributes: { etag: 'a"\n', objectType: 'x' } })],
    ['an ETag of another alphabet', () => jsonResponse({ ...profile(), attributes: { etag: '漢字', objectType: 'x' } })],
    ['both spellings of a member', () => jsonResponse({ ...profile(), Email: 'x', attributes: { etag: 'a', Etag: 'b' } })],
    ['a good profile, always the same', () => jsonResponse(profile())],
    ['JSON a thousand deep', () => new Response('['.repeat(1000) + ']'.repeat(1000), { headers: { 'Content-Type': 'application/json' } })],
    ['members named __proto__', () => new Response(`{"__proto__":{"a":1},${JSON.stringify(profile()).slice(1)}`, { headers: { 'Content-Type': 'application/json' } })],
    ['invalid UTF-8', () => new Response(new Uint8Array([0xff, 0xfe, 0x7b]), { headers: { 'Content-Type': 'application/json' } })],
    ['five megabytes', () => new Response('x'.repeat(5 * 1024 * 1024))],
  ]; // prettier-ignore

  test.each(garbage)('%s', async (_, answer) => {
    const report = await runConformance(answering(answer));
    expect(report.summary.broken).toBe(0);
    expect(report.summary.fail + report.summary.untestable).toBeGreaterThan(0);
    expect(exitCodeOf(report)).toBe(1);
    expect(report.results).toHaveLength(requirements.length);
  });

  // Each check by itself, without the requirements that would have stopped it.
  test.each(garbage)('%s, given to every check in turn', async (_, answer) => {
    const alone = requirements.map((requirement): Requirement => ({ ...requirement, needs: [] }));
    const report = await runConformance(answering(answer), { requirements: alone });
    expect(withVerdict(report, 'broken')).toEqual([]);
  });

  test.each([
    ['hangs up', ''],
    ['sends no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['sends half an answer', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{'],
  ])('a server that %s', async (_, bytes) => {
    const server = await socketServer((socket) => socket.end(bytes));
    try {
      const report = await runConformance({ ...targetOf(createMockService(), server.url), fetch: globalThis.fetch });
      expect(report.summary.broken).toBe(0);
      expect(report.results[0]).toMatchObject({ id: 'read.answers-one-object', verdict: 'fail' });
      expect(report.results[0]!.reason).toContain('not answered');
      expect(exitCodeOf(report)).toBe(1);
    } finally {
      await server.close();
    }
  });
});

describe('a run that cannot be made', () => {
  test('says that nobody listens', async () => {
    const server = await socketServer(() => {});
    await server.close();
    const run = runConformance({ ...targetOf(createMockService(), server.url), fetch: globalThis.fetch });
    await expect(run).rejects.toBeInstanceOf(TargetError);
    await expect(run).rejects.toThrow('ECONNREFUSED');
  });

  test('says that nothing comes', async () => {
    const server = await socketServer(() => {});
    try {
      const run = runConformance({ ...targetOf(createMockService(), server.url), fetch: globalThis.fetch }, { timeoutMs: 50 });
      await expect(run).rejects.toThrow('no complete answer within 50 ms');
    } finally {
      await server.close();
    }
  });

  test("says in the service's words that our own token is refused, without the token", async () => {
    const target = { ...targetOf(createMockService()), token: 'expired-token' };
    const run = runConformance(target);
    await expect(run).rejects.toBeInstanceOf(TargetError);
    await expect(run).rejects.toThrow('401, code 400, "Access denied"');
    await expect(run).rejects.not.toThrow('expired-token');
  });

  test('is broken from the moment at which the target goes away', async () => {
    const mock = createMockService();
    let left = 10;
    const report = await runConformance({
      ...targetOf(mock),
      fetch: (request) => {
        left -= 1;
        if (left >= 0) return mock.fetch(request);
        return Promise.reject(
          new TypeError('fetch failed', { cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) }),
        );
      },
    });
    expect(report.summary.pass).toBeGreaterThan(0);
    expect(report.summary.broken).toBeGreaterThan(0);
    expect(report.summary.fail).toBe(0);
    expect(exitCodeOf(report)).toBe(2);
  });

  test('because a check of ours throws is broken, and says so', async () => {
    const [first] = requirements as [Requirement];
    const faulty: Requirement = { ...first, check: () => Promise.reject(new RangeError('ours')) };
    const report = await runConformance(targetOf(createMockService()), { requirements: [faulty] });
    expect(report.results[0]).toMatchObject({ verdict: 'broken', reason: 'The check itself failed: ours' });
    expect(exitCodeOf(report)).toBe(2);
  });

  test.each([
    [{ customerId: 'contoso' }, 'not a GUID'],
    [{ otherCustomerId: 'contoso' }, 'not a GUID'],
    [{ baseUrl: 'nonsense' }, 'not a URL'],
    [{ baseUrl: 'http://api.partnercenter.microsoft.com' }, 'clear text'],
    [{ token: 'line\nend' }, 'cannot stand in a header'],
  ])('%j is a TypeError, and nothing is sent', async (change, why) => {
    let sent = 0;
    const target = { ...answering(() => ((sent += 1), jsonResponse({}))), ...change };
    const run = runConformance(target);
    await expect(run).rejects.toBeInstanceOf(TypeError);
    await expect(run).rejects.toThrow(why);
    expect(sent).toBe(0);
  });
});

describe('modes', () => {
  const live = 'https://api.partnercenter.microsoft.com';

  test('are race on this machine and read elsewhere; more than read elsewhere is refused', () => {
    expect(modeFor('http://127.0.0.1:1')).toBe('race');
    expect(modeFor('http://localhost', 'read')).toBe('read');
    expect(modeFor(live)).toBe('read');
    expect(modeFor(live, 'read')).toBe('read');
    for (const mode of ['write', 'race'] as const) expect(() => modeFor(live, mode)).toThrow(TypeError);
  });

  test('read sends GETs only, and says of the rest why it was skipped', async () => {
    const mock = createMockService();
    const methods = new Set<string>();
    const report = await runConformance({
      ...targetOf(mock, live),
      fetch: (request) => {
        methods.add(request.method);
        return mock.fetch(request);
      },
    });
    expect([...methods]).toEqual(['GET']);
    expect(withVerdict(report, 'pass')).toEqual(requirements.filter(({ mode }) => mode === 'read').map(({ id }) => id));
    expect(
      report.results.filter(({ verdict }) => verdict === 'skipped').every(({ reason }) => /^needs mode (write|race)$/.test(reason!)),
    ).toBe(true);
    expect(exitCodeOf(report)).toBe(0);
  });

  test('write leaves the races out', async () => {
    const report = await runConformance(targetOf(createMockService()), { mode: 'write' });
    expect(withVerdict(report, 'skipped')).toEqual(['race.lets-one-writer-win']);
  });
});

describe('a selection', () => {
  test('runs what it stands on, and reports only what was asked for', async () => {
    const report = await runConformance(targetOf(createMockService({ faults: ['drops-etag'] })), { only: 'etag.refuses-*' });
    expect(report.results.filter(({ reason }) => reason !== 'not selected')).toMatchObject([
      { id: 'etag.refuses-stale-write', verdict: 'untestable', because: 'etag.carries-etag' },
    ]);
    expect(report.results).toHaveLength(requirements.length);
  });

  test('that nothing fits is refused; a dot is a dot', async () => {
    for (const only of ['nothing', 'etag', 'etagxcarries-etag', '']) {
      await expect(runConformance(targetOf(createMockService()), { only })).rejects.toThrow('No requirement fits');
    }
  });

  test('without another customer one requirement is skipped, and that is no failure', async () => {
    const { otherCustomerId: _, ...target } = targetOf(createMockService());
    const report = await runConformance(target);
    expect(withVerdict(report, 'skipped')).toEqual(['write.leaves-other-customer-alone']);
    expect(exitCodeOf(report)).toBe(0);
  });

  test('another customer that cannot be read makes it untestable', async () => {
    const target = { ...targetOf(createMockService()), otherCustomerId: '00000000-0000-4000-8000-000000000000' };
    expect(withVerdict(await runConformance(target), 'untestable')).toEqual(['write.leaves-other-customer-alone']);
  });
});

describe('the exit code', () => {
  const reportOf = (...verdicts: [Requirement['level'], string][]): Report => {
    const summary = { pass: 0, fail: 0, untestable: 0, skipped: 0, broken: 0, known: 0 };
    for (const [, verdict] of verdicts) summary[verdict as 'pass'] += 1;
    return { summary, results: verdicts.map(([level, verdict]) => ({ level, verdict })) } as unknown as Report;
  };

  test.each<[[Requirement['level'], string][], number, number]>([
    [[['must', 'pass']], 0, 0],
    [[['must', 'pass'], ['must', 'skipped']], 0, 0],
    [[['must', 'fail'], ['must', 'pass']], 1, 1],
    [[['must', 'untestable']], 1, 1],
    [[['must', 'pass'], ['should', 'fail']], 0, 1],
    [[['must', 'pass'], ['should', 'untestable']], 0, 1],
    [[['must', 'pass'], ['observe', 'fail']], 0, 0],
    [[['must', 'skipped']], 2, 2],
    [[['should', 'pass']], 2, 2],
    [[], 2, 2],
    [[['must', 'fail'], ['must', 'broken']], 2, 2],
  ])('of %j is %i, with strict %i', (verdicts, exitCode, strictExitCode) => {
    expect(exitCodeOf(reportOf(...verdicts))).toBe(exitCode);
    expect(exitCodeOf(reportOf(...verdicts), { strict: true })).toBe(strictExitCode);
  });
}); // prettier-ignore

describe('a report', () => {
  test('carries what others build on', async () => {
    let ms = Date.UTC(2026, 10, 23);
    const report = await runConformance(targetOf(createMockService()), { now: () => (ms += 250) });
    expect(report).toMatchObject({
      schemaVersion: 1,
      suite: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/), contractSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      target: { baseUrl: 'http://mock.localhost', customerId: '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04', mode: 'race' },
      startedAt: '2026-11-23T00:00:00.250Z',
      durationMs: 250,
      summary: { pass: requirements.length, fail: 0, untestable: 0, skipped: 0, broken: 0, known: 0 },
    });
    expect(report.requests).toBeGreaterThan(requirements.length);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test.each([
    ['observed', { stale: { status: 400, code: 2055 }, byteOrderMark: true, errorCode: 'integer', linkPrefix: '' }],
    ['documented', { stale: { status: 412 }, byteOrderMark: false, errorCode: 'string', linkPrefix: '/v1' }],
  ] as const)('writes down how a service that behaves as %s behaves', async (behaviour, seen) => {
    expect((await runConformance(targetOf(createMockService({ behaviour })))).behaviour).toEqual(seen);
  });

  test('says nothing of what was not seen', async () => {
    expect((await runConformance(targetOf(createMockService()), { only: 'auth.*' })).behaviour).toEqual({});
  });

  test('of any fault carries neither the token nor a value of the customer', async () => {
    const token = 'canary-token-8d1f';
    const person = 'Canary-Person-77aa';
    const profile = {
      id: 'id-canary',
      firstName: person,
      email: `${person}@example.com`,
      culture: 'en-US',
      language: 'en',
      companyName: person,
      defaultAddress: { country: 'US', addressLine1: person, phoneNumber: person },
    };
    for (const fault of [
      undefined,
      'answers-nulls',
      'answers-collection',
      'accepts-stale-etag',
      'answers-pascal-case',
      'writes-to-every-customer',
    ] as const) {
      const mock = createMockService({
        token,
        faults: fault === undefined ? [] : [fault],
        customers: ['4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04', '2ca7c44a-3f2b-4b8e-9a53-6d0c1f6b7e21'].map((customerId) => ({
          customerId,
          profile,
        })),
      });
      const text = JSON.stringify(await runConformance(targetOf(mock)));
      expect(text).not.toContain(token);
      expect(text).not.toContain(person);
      expect(text).not.toContain('id-canary');
    }
  });

  test('of a server that repeats the token in its answers does not', async () => {
    const target = {
      ...answering((request) =>
        jsonResponse(
          { code: 1, description: `Bad ${request.headers.get('Authorization')}`, data: ['canary-token'] },
          { status: 400, headers: { 'Content-Type': 'application/json', 'WWW-Authenticate': 'canary-token' } },
        ),
      ),
      token: 'canary-token',
    };
    expect(JSON.stringify(await runConformance(target))).not.toContain('canary-token');
  });
});
