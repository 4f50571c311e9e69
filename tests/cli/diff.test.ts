import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServerReport, runConformance } from '../../src/conformance/index.ts';
import { behaviourPresets, createMockService, type FaultName } from '../../src/mock/index.ts';
import { cli } from '../support/cli.ts';
import { readSource } from '../support/source.ts';
import { targetOf } from '../support/target.ts';

let folder: string;
let kept: ServerReport;
let broken: ServerReport;
const run = (faults: FaultName[] = []): Promise<ServerReport> =>
  runConformance(targetOf(createMockService({ faults })), { sleep: () => Promise.resolve() });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pc-billing-diff-'));
  [kept, broken] = [await run(), await run(['accepts-stale-etag'])];
});
afterAll(() => rm(folder, { recursive: true }));

const file = async (name: string, value: unknown): Promise<string> => {
  await writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
  return join(folder, name);
};
const diff = async (before: unknown, now: unknown, more = '') =>
  cli(`conformance diff ${await file('old.json', before)} ${await file('new.json', now)} ${more}`);

const dated = (): object => JSON.parse(readSource('fingerprints/mock-observed-2026-11-25.json')) as object;
/** What a report says of a failure. */
const failure = {
  verdict: 'fail',
  reason: 'r',
  difference: { expected: 'x', actual: 'y' },
  likelyCause: { component: 'service', why: 'w' },
  remedy: 'r',
  rationale: 'r',
};

describe('two reports', () => {
  test('of the same: nothing has changed, and 0', async () => {
    const { exitCode, out, err } = await diff(kept, kept);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/Nothing has changed: \d+ verdicts and answers are the same\.\n$/);
  });

  test('of a promise that is kept no more: it is named with what fell because of it, and 1', async () => {
    const markdown = join(folder, 'diff.md');
    const { exitCode, out } = await diff(kept, broken, `--markdown ${markdown}`);
    expect(exitCode).toBe(1);
    expect(out).toContain(
      'Regressions (1)\n  etag.refuses-stale-write: pass → fail\n    The stale PUT got 200; expected 412, or 400 with code 2055. It blocks 23\n    other requirements.\n',
    );
    expect(await readFile(markdown, 'utf8')).toContain('| `etag.refuses-stale-write` | `pass` | `fail` |');
  });

  test('the other way round: an improvement, and 0', async () => {
    const { exitCode, out } = await diff(broken, kept);
    expect(exitCode).toBe(0);
    expect(out).toContain('  etag.refuses-stale-write: fail → pass');
    expect(out).toContain('Nothing that a client may rely on got worse.');
  });

  test('an answer to an open question that changed is 1; one that was not seen before is not', async () => {
    const changed = { ...kept, behaviour: { ...kept.behaviour, stale: { status: 412 } } };
    expect(await diff(kept, changed)).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('stale: {"status":400,"code":2055} → {"status":412}'),
    });
    const { stale: _, ...less } = kept.behaviour;
    expect((await diff({ ...kept, behaviour: less }, kept)).exitCode).toBe(0);
  });

  test('a failure that is known by now, a requirement that is new, and one that was skipped are no regressions', async () => {
    const known = broken.results.map((result) =>
      result.verdict === 'fail' ? { ...result, accepted: { reason: 'r', owner: 'o', expires: '2027-01-31', expired: false } } : result,
    );
    expect(
      (
        await diff(
          { ...kept, results: kept.results.filter(({ id }) => !id.startsWith('etag.refuses')) },
          { ...broken, results: known.filter(({ blockedBy }) => blockedBy === undefined) },
        )
      ).exitCode,
    ).toBe(0);
    const borne = await diff(kept, { ...broken, results: known });
    expect(borne.out).toContain('etag.refuses-stale-write: pass → accepted');
    expect(borne.out).not.toMatch(/^ {2}etag\.refuses-stale-write: pass → fail/m);
    const observed = {
      ...kept,
      results: kept.results.map((result) => (result.level === 'observe' ? { ...result, ...failure } : result)),
    };
    expect((await diff(kept, observed)).exitCode).toBe(0);
    const gone = {
      ...kept,
      results: kept.results.map((result, index) => (index === 0 ? { ...result, verdict: 'broken', reason: 'r' } : result)),
    };
    expect((await diff(kept, gone)).exitCode).toBe(1);
    const skipped = kept.results.map((result) => ({ ...result, verdict: 'skipped', reason: 'r' }));
    expect((await diff({ ...kept, results: skipped }, broken)).exitCode).toBe(0);
  });

  test('of different servers or modes say so', async () => {
    const { out } = await diff(kept, { ...kept, subject: { ...kept.subject, baseUrl: 'https://other.example', mode: 'read' } });
    expect(out.replaceAll(/\s+/g, ' ')).toContain('Note: They are of different servers: http://mock.localhost and https://other.example.');
    expect(out).toContain('different modes, race and read');
  });

  test('with texts that want to be something else are shown harmlessly', async () => {
    const evil = '\u001b[2J <script> | `x` @octocat';
    const results = broken.results.map((result) => (result.reason === undefined ? result : { ...result, reason: evil }));
    const markdown = join(folder, 'evil.md');
    const { out } = await diff(kept, { ...broken, results }, `--markdown ${markdown}`);
    expect(out).not.toContain('\u001b');
    expect(await readFile(markdown, 'utf8')).toContain('``\ufffd[2J <script> \\| `x` @octocat');
  });
});

describe('fingerprints', () => {
  test('are compared by their answers, dated or not, with one another and with a report', async () => {
    expect((await diff(behaviourPresets.observed, dated())).exitCode).toBe(0);
    expect((await diff(dated(), kept)).exitCode).toBe(0);
    expect((await diff({ behaviour: { byteOrderMark: true }, note: 'by hand' }, dated())).exitCode).toBe(0);
    expect((await diff({ behaviour: { byteOrderMark: false } }, dated())).exitCode).toBe(1);
    const { exitCode, out } = await diff(dated(), behaviourPresets.documented);
    expect(exitCode).toBe(1);
    expect(out).toContain('precondition: "header-or-body" → "header"');
    expect(out).toContain('One of them is a fingerprint');
  });
});

describe('what cannot be compared is exit 2, with the reason', () => {
  test.each([
    ['no JSON', () => 'x', 'is not JSON'],
    ['a list', () => [], 'It is not a JSON object.'],
    ['no answer', () => ({}), 'It has no answer to any question, so nothing can be compared.'],
    ['a dated fingerprint without an answer', () => ({ behaviour: {}, note: 'x' }), 'It has no answer to any question'],
    [
      'the report of a client',
      () => ({ ...kept, subject: { kind: 'client', scenarios: [] }, behaviour: undefined, restoration: undefined, results: [] }),
      'new.json is the report of a client, and',
    ],
    ['another version', () => ({ schemaVersion: 2, results: [] }), 'Its schemaVersion is 2; this version reads 1.'],
    ['no subject', () => ({ ...kept, subject: undefined }), 'line 1: "subject" is missing. It was read as a report.'],
    [
      'a subject of no kind',
      () => ({ ...kept, subject: { ...kept.subject, kind: 'x' } }),
      '"subject.kind" must be one of "server", "client"',
    ],
    [
      'a failure without its reason',
      () => ({ ...kept, results: [{ ...kept.results[0], verdict: 'fail' }] }),
      '"results[0].reason" is missing',
    ],
    ['results of another kind', () => ({ ...kept, results: [{ id: 'read.x' }] }), 'line 1: "results[0].level" is missing.'],
    ['a verdict that is none', () => ({ ...kept, results: [{ ...kept.results[0], verdict: 'x' }] }), 'one of "pass", "fail", "untestable"'],
    ['a duration that is none', () => ({ ...kept, durationMs: -1 }), '"durationMs" must be >= 0'],
    ['an unknown question', () => ({ colour: 'red' }), '"colour" is not a question'],
    ['an unknown answer', () => ({ ...dated(), behaviour: { stale: 412 } }), '"stale" wants {"status": 400…499'],
  ])('%s', async (_, value, words) => {
    const { exitCode, err } = await diff(kept, value());
    expect(exitCode).toBe(2);
    expect(err).toContain('new.json');
    expect(err).toContain(words);
  });

  test('is told with its line, byte order mark or not', async () => {
    const text = `\uFEFF${JSON.stringify(kept, null, 2).replace('"mode": "race"', '"mode": "racing"')}`;
    const line = text.split('\n').findIndex((one) => one.includes('racing')) + 1;
    expect((await diff(kept, text)).err).toContain(`new.json, line ${line}: "subject.mode" must be one of "read", "write", "race".`);
  });

  test('a file that is not there, or cannot be written', async () => {
    expect(await cli(`conformance diff ${join(folder, 'nowhere.json')} ${join(folder, 'old.json')}`)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('ENOENT'),
    });
    expect(await diff(kept, kept, `--markdown ${folder}`)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('cannot be written'),
    });
  });
});
