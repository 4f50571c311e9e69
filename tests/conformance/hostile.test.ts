import { describe, expect, test } from 'vitest';
import { exitCodeOf, type Report, type Requirement, requirements, runConformance, type Target } from '../../src/conformance/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { jsonResponse } from '../support/observed-fetch.ts';
import { socketServer } from '../support/socket-server.ts';
import { targetOf } from '../support/target.ts';

const sleep = (): Promise<void> => Promise.resolve();
/** A target that answers what the test says. */
const answering = (answer: (request: Request) => Response | Promise<Response>): Target => ({
  ...targetOf(createMockService()),
  fetch: async (request) => answer(request),
});
const withVerdict = (report: Report, verdict: string): string[] =>
  report.results.filter((result) => result.verdict === verdict).map(({ id }) => id);

describe('what a server sends is never our defect: nothing is broken, nothing throws, exit 1', () => {
  const alone = requirements.map((requirement): Requirement => ({ ...requirement, needs: [] }));
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
    const report = await runConformance(answering(answer), { sleep });
    expect(report.summary.broken).toBe(0);
    expect(report.summary.fail + report.summary.untestable).toBeGreaterThan(0);
    expect(exitCodeOf(report)).toBe(1);
    expect(report.results).toHaveLength(requirements.length);
  });

  // Each check by itself, without the requirements that would have stopped it.
  test.each(garbage)('%s, given to every check in turn', async (_, answer) => {
    const report = await runConformance(answering(answer), { requirements: alone, sleep });
    expect(withVerdict(report, 'broken')).toEqual([]);
  });

  // Honest at first, so that the garbage meets the later steps of a check: the answer to its write, the read after it.
  test.each(garbage.slice(0, -1))('%s, after the first requests of every check', async (_, answer) => {
    for (const honest of [2]) {
      const mock = createMockService();
      let left = 0;
      const counted = alone.map((requirement): Requirement => ({
        ...requirement,
        check: (probe) => {
          left = honest;
          return requirement.check(probe);
        },
      }));
      const target = answering((request) => {
        left -= 1;
        return left >= 0 ? mock.fetch(request) : answer();
      });
      const report = await runConformance(target, { requirements: counted, sleep });
      expect(withVerdict(report, 'broken'), `after ${honest} honest answers`).toEqual([]);
    }
  });

  test('a server of this machine that takes the connection and says nothing', async () => {
    const server = await socketServer(() => {});
    try {
      const report = await runConformance(
        { ...targetOf(createMockService(), server.url), fetch: globalThis.fetch },
        { timeoutMs: 50, sleep },
      );
      expect(report.summary.broken).toBe(0);
      expect(report.results[0]).toMatchObject({
        verdict: 'fail',
        reason: 'The request was not answered: no complete answer within 50 ms.',
      });
      expect(exitCodeOf(report)).toBe(1);
    } finally {
      await server.close();
    }
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
