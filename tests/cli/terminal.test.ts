import { describe, expect, test } from 'vitest';
import { signOf } from '../../src/cli/print/card.ts';
import { formatTarget } from '../../src/cli/print/target.ts';
import { layoutOf, plain, terminalOf } from '../../src/cli/print/terminal.ts';
import { definitions, pairs, widthOf, wrapped, wrappedCommand } from '../../src/cli/print/wrap.ts';
import { wordsOf } from '../support/cli.ts';
import { printedRun } from '../support/forms.ts';
import { sampleOf, sampleRun, samples } from '../support/sample-reports.ts';

const kinds = Object.keys(samples) as (keyof typeof samples)[];
const widest = (text: string): number => Math.max(...text.split('\n').map(widthOf));
const linesIn = (text: string): number => text.trimEnd().split('\n').length;
const marks = { good: mark('good'), bad: mark('bad'), odd: mark('odd'), dim: (text: string) => text, bold: (text: string) => text };
function mark(name: string) {
  return (text: string): string => `<${name}>${text}`;
}

describe('a run on a screen', () => {
  /** To take over a change: `npx vitest run tests/cli/terminal.test.ts -u`, then read the diff. */
  test.each(kinds)('of the kind %s is printed as it was', async (kind) => {
    const { report, context } = await samples[kind]();
    const text = `${formatTarget(report.subject, { plan: { checks: report.results.length, requests: 123 } })}\n\n${printedRun(report, context)}`;
    await expect(text).toMatchFileSnapshot(`golden/${kind}.txt`);
    expect(widest(text)).toBeLessThanOrEqual(80);
  });

  test('tells everything with --verbose', async () => {
    const { report, context } = await samples.red();
    await expect(printedRun(report, context, { verbose: true })).toMatchFileSnapshot('golden/red-verbose.txt');
  });

  test('fits: a run that passes has at most 40 lines, one failure at most 60, and no line is wider than the screen', async () => {
    const everything = /./;
    const passing = sampleOf(await sampleRun({}, everything));
    const failing = sampleOf(await sampleRun({ faults: ['accepts-stale-etag'] }, everything));
    const header = 5;
    const texts = [passing, failing].map(({ report, context }) => printedRun(report, context));
    expect([passing, failing].map(({ report }) => report.summary.fail)).toEqual([0, 1]);
    expect(texts.map(linesIn)).toEqual([
      expect.toSatisfy((lines) => lines + header <= 40),
      expect.toSatisfy((lines) => lines + header <= 60),
    ]);
    for (const columns of [60, 80, 100]) {
      for (const { report, context } of [passing, failing]) {
        // The address of a command is one word, which cannot be broken.
        const prose = printedRun(report, { ...context, rerun: () => 'again', explain: () => 'explain' }, { columns });
        expect(widest(prose)).toBeLessThanOrEqual(columns);
      }
    }
  });

  test('the closing line is good when the run passed, and only then; a should is odd, never bad', async () => {
    const closing = async (kind: keyof typeof samples): Promise<string> => {
      const { report, context } = await samples[kind]();
      return printedRun(report, context, { paint: marks }).trimEnd().split('\n\n').at(-1)!;
    };
    expect(await closing('green')).toMatch(/^<good>✓ Passed: \d+ passed, \d+ observed in /);
    for (const kind of ['red', 'known'] as const) expect(await closing(kind)).toMatch(/^<bad>✗ Failed: \d+ passed/m);
    expect(await closing('broken')).toMatch(/^<bad>✗ Not valid: \d+ passed/m);
    const should = sampleOf(await sampleRun({ faults: ['accepts-missing-etag'] }, /^(read\.answers-one|etag\.|write\.(takes-p|stores-w))/));
    const text = printedRun(should.report, should.context, { paint: marks });
    expect(text).toContain('<odd>! etag        10 passed, 1 failed (should)\n');
    expect(text).toContain('<odd>! etag.refuses-missing-etag (should, does not count)\n');
    expect(text).not.toContain('<bad>✗');
    const strict = printedRun(should.report, { ...should.context, strict: true, exitCode: 1 }, { paint: marks });
    expect(strict).toContain('<bad>✗ etag.refuses-missing-etag (should)\n');
  });

  test('a requirement that is blocked by a later one has no card of its own; one that was not selected is told at the end', async () => {
    const cards = (text: string): string[] => [...text.matchAll(/^ {2}[✗!?] ([a-z.-]+) \(/gm)].map(([, id]) => id!);
    const whole = sampleOf(await sampleRun({ faults: ['serves-unknown-customers'] }, /^(read|casing|customer|error)\./));
    expect(whole.report.results.find(({ id }) => id === 'casing.answers-errors-in-camel-case')).toMatchObject({ verdict: 'untestable' });
    expect(cards(printedRun(whole.report, whole.context))).toEqual(['customer.refuses-unknown-customer']);
    const part = sampleOf(await sampleRun({ faults: ['serves-unknown-customers'] }, /^(read|casing|customer|error)\./, { only: 'error' }));
    const text = printedRun(part.report, part.context);
    expect(cards(text)).toEqual(['error.answers-documented-shape']);
    expect(text).toContain('Repair customer.refuses-unknown-customer first.');
  });

  test('what is expected is red after a minus, what is actual green after a plus, as in a diff', async () => {
    const { report, context } = await samples.red();
    const text = printedRun(report, context, { paint: marks });
    expect(text).toContain('<bad>- expected    412, or 400 with code 2055\n');
    expect(text).toContain('<good>+ actual      200\n');
  });
});

test('each verdict has a sign of its own', () => {
  const layout = { columns: 80, paint: plain };
  const signs = (['pass', 'fail', 'untestable', 'skipped', 'broken'] as const).map((verdict) => signOf({ verdict }, true, layout));
  expect(signs).toEqual(['✓', '✗', '?', '-', '✗']);
  expect(signOf({ verdict: 'fail' }, false, layout)).toBe('!');
});

describe('the terminal', () => {
  const stream = (isTTY?: boolean, columns?: number) => {
    const written: string[] = [];
    return { written, write: (text: string) => written.push(text), ...(isTTY ? { isTTY } : {}), ...(columns ? { columns } : {}) };
  };

  test.each([
    ['a terminal', true, {}, true, true],
    ['a pipe', undefined, {}, false, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false, false],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR in a pipe', undefined, { FORCE_COLOR: '1' }, true, false],
    ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false, true],
    ['FORCE_COLOR and NO_COLOR', undefined, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
    ['TERM=dumb', true, { TERM: 'dumb' }, false, false],
  ] as const)('%s', (_, isTTY, env, color, hasProgress) => {
    const { color: found, progress } = terminalOf(stream(isTTY), env);
    expect({ color: found, hasProgress: progress !== undefined }).toEqual({ color, hasProgress });
  });

  test('the progress line never fills the line, which would leave it on the screen', () => {
    const narrow = stream(true, 20);
    terminalOf(narrow, {}).progress!('[12/82] etag.refuses-stale-write');
    expect(narrow.written).toEqual([`\r\u001b[2K${'[12/82] etag.refuses-stale-write'.slice(0, 19)}\r`]);
  });

  test('a layout is 80 wide when the width is not known, and never too narrow or too wide to read', () => {
    const io = { out: () => {}, err: () => {}, env: {}, color: false, stopSignal: () => AbortSignal.abort() };
    expect([undefined, 10, 72, 300].map((columns) => layoutOf({ ...io, ...(columns === undefined ? {} : { columns }) }).columns)).toEqual([80, 60, 72, 100]); // prettier-ignore
  });
});

describe('lines that fit', () => {
  test('words are kept together, and only a word that is longer than a line is cut', () => {
    expect(wrapped('one two three', 20)).toEqual(['one two three']);
    expect(wrapped('a sentence of seven words, no more', 20)).toEqual(['a sentence of seven', 'words, no more']);
    expect(wrapped('x'.repeat(45), 20)).toEqual(['x'.repeat(20), 'x'.repeat(20), 'x'.repeat(5)]);
    expect(wrapped('', 20)).toEqual(['']);
  });

  test('a wrapped command is the same command', () => {
    const command = `pc-billing score --known 'my known file.yaml' --only client.guards-write -- sh -c 'echo "a  b" && exit 1'`;
    for (const width of [24, 40, 60]) {
      const lines = wrappedCommand(command, width);
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.slice(0, -1).every((line) => line.endsWith(' \\'))).toBe(true);
      expect(wordsOf(lines.map((line) => line.replace(/ \\$/, '')).join(' '))).toEqual(wordsOf(command));
    }
  });

  test('names and texts stand in columns, and short texts side by side', () => {
    expect(definitions([['a', 'first'], ['name', 'second']], 40)).toEqual(['  a     first', '  name  second']); // prettier-ignore
    expect(pairs(['a: 1', 'b: 2', 'a longer text: three', 'c: 4'], 24)).toEqual(['  a: 1       b: 2', '  a longer text: three', '  c: 4']);
  });
});
