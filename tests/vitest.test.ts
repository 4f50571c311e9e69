import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { createMockService } from '../src/mock/index.ts';
import { describeConformance } from '../src/vitest.ts';
import { targetOf } from './support/target.ts';

interface Shown {
  status: string;
  failureMessages: string[];
}

const root = fileURLToPath(new URL('fixtures/describe-conformance', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

describe('accepted failures and levels in vitest', () => {
  let tests: Map<string, Shown>;
  let screen: string;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pc-billing-vitest-'));
    const file = join(folder, 'results.json');
    const args = [vitest, 'run', '--root', root, '--reporter=verbose', '--reporter=json', `--outputFile.json=${file}`, '--no-color'];
    screen = await new Promise((resolve) => {
      execFile(process.execPath, args, { env: { ...process.env, VITEST: undefined, FORCE_COLOR: undefined, NO_COLOR: '1' } }, (_, out) =>
        resolve(out.replaceAll(/ \d+ms(?= \[)/g, '')),
      );
    });
    const { testResults } = JSON.parse(await readFile(file, 'utf8')) as {
      testResults: { assertionResults: (Shown & { fullName: string })[] }[];
    };
    tests = new Map(testResults.flatMap(({ assertionResults }) => assertionResults.map((one) => [one.fullName, one])));
    await rm(folder, { recursive: true });
  }, 60_000);
  const named = (name: string): Shown => tests.get(name)!;

  test('an accepted failure is skipped, and so is what it blocks, each with its reason', () => {
    expect(named('lax etag.refuses-stale-write').status).toBe('skipped');
    expect(named('lax race.lets-one-writer-win').status).toBe('skipped');
    expect(screen).toContain('etag.refuses-stale-write [failed, accepted until 2027-01-31; owner team billing: The serializer is shared.]');
    expect(screen).toContain('race.lets-one-writer-win [blocked by etag.refuses-stale-write]');
  });

  test('an expired one fails, and says so', () => {
    const { status, failureMessages } = named('lax read.answers-no-nulls');
    expect(status).toBe('failed');
    expect(failureMessages[0]).toContain('read.answers-no-nulls (must): failed. Null stands at');
    expect(failureMessages[0]).toContain(
      'Accepted      until 2026-01-31, and counts again since; owner team billing: The serializer is shared.',
    );
    // Which member is the first, the contract says.
    expect(failureMessages[0]).toMatch(/- expected {4}no "(\w+)"\n\+ actual {6}"\1": null\n/);
  });

  test('a resolved one fails until its entry is removed', () => {
    const { status, failureMessages } = named('lax etag.carries-etag');
    expect(status).toBe('failed');
    expect(failureMessages[0]).toContain('etag.carries-etag passes. Remove its entry from the accepted failures (owner team billing).');
  });

  test('a should that fails is no green tick: it is skipped and says why; strict, it fails', () => {
    expect(named('lax etag.refuses-missing-etag (should)').status).toBe('skipped');
    expect(screen).toContain('etag.refuses-missing-etag (should) [failed, should, not counted: The PUT without an ETag');
    expect(named('strict etag.refuses-missing-etag (should)').status).toBe('failed');
  });

  test('nothing else fails', () => {
    const failed = [...tests].filter(([, { status }]) => status === 'failed').map(([name]) => name);
    expect(failed).toEqual(['lax read.answers-no-nulls', 'lax etag.carries-etag', 'strict etag.refuses-missing-etag (should)']);
  });
});

test.each([
  ['a requirement that does not exist', [{ requirement: 'etag.nothing' }], 'The accepted failure 1, etag.nothing, names no requirement.'],
  ['a day that does not exist', [{ expires: '2027-02-30' }], 'expires on "2027-02-30". Expected its last day, such as 2027-01-31.'],
  ['two entries for one', [{}, {}], 'The accepted failure 2, etag.carries-etag, is listed twice.'],
] as const)('a list with %s is refused before any test', (_, entries, words) => {
  const entry = { requirement: 'etag.carries-etag', reason: 'r', owner: 'o', expires: '2027-01-31' };
  const known = entries.map((one) => ({ ...entry, ...one }));
  expect(() => describeConformance(targetOf(createMockService()), { known })).toThrow(words);
});
