import { describe, expect, test, vi } from 'vitest';
import {
  exitCodeOf,
  type Report,
  type Requirement,
  requirements,
  runConformance,
  type Target,
  TargetError,
} from '../../src/conformance/index.ts';
import { packageVersion } from '../../src/contract/generated.ts';
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

test('a run that waits many times listens to its signal once', async () => {
  const { signal } = new AbortController();
  const listen = vi.spyOn(signal, 'addEventListener');
  let waits = 0;
  const sleep = async (): Promise<void> => void (waits += 1);
  await runConformance(targetOf(createMockService({ faults: ['shows-writes-late'] })), { sleep, signal });
  expect(waits).toBeGreaterThan(10);
  expect(listen.mock.calls).toHaveLength(1);
});

describe('a run that cannot be made', () => {
  test('says that nobody listens', async () => {
    const server = await socketServer(() => {});
    await server.close();
    const run = runConformance({ ...targetOf(createMockService(), server.url), fetch: globalThis.fetch });
    await expect(run).rejects.toBeInstanceOf(TargetError);
    await expect(run).rejects.toThrow('ECONNREFUSED');
  });

  test('says that nothing comes from afar: the network may be down', async () => {
    const fetch = (request: Request) =>
      new Promise<Response>((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)));
    const target = { ...targetOf(createMockService(), 'https://api.partnercenter.microsoft.com'), fetch };
    await expect(runConformance(target, { timeoutMs: 20 })).rejects.toThrow('no complete response within 20 ms');
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
    [{ baseUrl: 'nonsense' }, 'not an http'],
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

describe('the requirements as they were in an earlier version', () => {
  const idsOf = (report: Report): string[] => report.results.map(({ id }) => id);
  // Versions of this test: the rules on reading were there before all others.
  const isOlder = ({ id }: { id: string }): boolean => id.startsWith('read.');
  const grown = requirements.map((one) => ({ ...one, since: isOlder(one) ? '0.0.3' : '0.1.0' }));
  const then = requirements.filter(isOlder).map(({ id }) => id);

  test('are those that it had, and the later ones are not reported', async () => {
    expect(then.length).toBeGreaterThan(5);
    for (const requirementsVersion of ['0.0', '0.0.3', '0.0.7']) {
      const report = await runConformance(targetOf(createMockService()), { requirements: grown, requirementsVersion });
      expect(idsOf(report)).toEqual(then);
      expect(report.summary.pass).toBe(then.length);
    }
  });

  test('do not fail a server for a later one', async () => {
    const target = targetOf(createMockService({ faults: ['answers-errors-as-text'] }));
    expect(exitCodeOf(await runConformance(target, { requirements: grown, requirementsVersion: '0.0' }))).toBe(0);
    expect(exitCodeOf(await runConformance(target, { requirements: grown }))).toBe(1);
  });

  test('of this version are all of them', async () => {
    const report = await runConformance(targetOf(createMockService()), { requirementsVersion: packageVersion, mode: 'read' });
    expect(idsOf(report)).toEqual(requirements.map(({ id }) => id));
  });

  test.each(['0.2', '1.0', '99.0.0', '0.0', '1', 'latest', ''])('of "%s" are refused', async (requirementsVersion) => {
    await expect(runConformance(targetOf(createMockService()), { requirementsVersion })).rejects.toBeInstanceOf(TypeError);
  });
});

describe('a selection', () => {
  test('runs what it stands on, and reports only what was asked for', async () => {
    const report = await runConformance(targetOf(createMockService({ faults: ['drops-etag'] })), { only: 'etag.refuses-s*' });
    expect(report.results.filter(({ reason }) => reason !== 'not selected')).toMatchObject([
      { id: 'etag.refuses-stale-write', verdict: 'untestable', blockedBy: 'etag.carries-etag' },
    ]);
    expect(report.results).toHaveLength(requirements.length);
  });

  test('that nothing fits is refused; a dot is a dot', async () => {
    for (const only of ['nothing', 'eta', 'etagxcarries-etag', '']) {
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
    const summary = { pass: 0, fail: 0, untestable: 0, skipped: 0, broken: 0, accepted: 0 };
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
    [[['should', 'pass']], 2, 0],
    [[['should', 'fail']], 2, 1],
    [[['observe', 'pass']], 2, 2],
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
      subject: { kind: 'server', baseUrl: 'http://mock.localhost', customerId: '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04', mode: 'race' },
      startedAt: '2026-11-23T00:00:00.250Z',
      runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      restoration: { state: 'restored' },
      summary: { pass: requirements.length, fail: 0, untestable: 0, skipped: 0, broken: 0, accepted: 0 },
    });
    expect(report.durationMs).toBe(250 * Math.round(report.durationMs / 250));
    expect(report.requests).toBeGreaterThan(requirements.length);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});
