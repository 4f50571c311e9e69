import { describe, expect, test } from 'vitest';
import { exitCodeOf, type Report, requirements, runConformance } from '../../src/conformance/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { alone, answering, garbage, runAfterHonestAnswers } from '../support/garbage.ts';
import { socketServer } from '../support/socket-server.ts';
import { targetOf } from '../support/target.ts';

const sleep = (): Promise<void> => Promise.resolve();
const withVerdict = (report: Report, verdict: string): string[] =>
  report.results.filter((result) => result.verdict === verdict).map(({ id }) => id);

describe('what a server sends is never our defect: nothing is broken, nothing throws, exit 1', () => {
  test.each(garbage)('%s', async (_, answer) => {
    const report = await runConformance(answering(answer), { sleep });
    expect(report.summary.broken).toBe(0);
    expect(report.summary.fail + report.summary.untestable).toBeGreaterThan(0);
    expect(exitCodeOf(report)).toBe(1);
    expect(report.results).toHaveLength(requirements.length);
  });

  test.each(garbage)('%s, given to every check in turn', async (_, answer) => {
    const report = await runConformance(answering(answer), { requirements: alone, sleep });
    expect(withVerdict(report, 'broken')).toEqual([]);
  });

  // All of them, after more and fewer honest answers, are in tests/slow.
  test.each(garbage.filter(([name]) => ['HTML', 'both spellings of a member', 'a good profile, always the same'].includes(name)))(
    '%s, after the first requests of every check',
    async (_, answer) => {
      const report = await runAfterHonestAnswers(2, answer);
      expect(withVerdict(report, 'broken')).toEqual([]);
      expect(exitCodeOf(report)).toBe(1);
    },
  );

  test('a body that is not encoded as its Content-Encoding says has come: the server is there, and the report says what is wrong', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}';
    const { url, close } = await socketServer((socket) => socket.write(head));
    try {
      const { fetch: _, ...target } = targetOf(createMockService(), url);
      const report = await runConformance(target, { only: 'read.answers-one-object', sleep });
      expect(exitCodeOf(report)).toBe(1);
      expect(report.results.find(({ verdict }) => verdict === 'fail')!.reason).toContain('not encoded as its Content-Encoding says');
    } finally {
      await close();
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
        reason: 'The request got no response: no complete response within 50 ms.',
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
      expect(report.results[0]!.reason).toContain('got no response');
      expect(exitCodeOf(report)).toBe(1);
    } finally {
      await server.close();
    }
  });
});
