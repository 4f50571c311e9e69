import { describe, expect, test } from 'vitest';
import { type Entry, registry } from '../../src/cli/registry.ts';
import { listFaults } from '../../src/mock/faults/plan.ts';
import { scenarios } from '../../src/score/scenarios.ts';
import { cli, unwrapped, wordsOf } from '../support/cli.ts';

const pathsOf = (entries: readonly Entry[], above: string[] = []): string[][] =>
  entries.flatMap((entry) => ('commands' in entry ? pathsOf(entry.commands, [...above, entry.name]) : [[...above, entry.name]]));

const listed = pathsOf(registry).map((path) => path.join(' '));

describe('help', () => {
  test.each(listed)(
    'of %s is one sentence, options in groups, two examples that can be typed, and exit codes, within 80 columns',
    async (name) => {
      const { out } = await cli(`${name} --help`);
      expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
      expect(out).toMatch(/^Usage: .*\n\n[A-Z][^\n]*(\n[^\n]+)?\.\n/);
      const [, examples = ''] = /\nExamples:\n((?: {2}.*\n)+)/.exec(out)!;
      const lines = examples.replaceAll(/ \\\n +/g, ' ').match(/^ {2}pc-billing .*$/gm) ?? [];
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(line).toMatch(new RegExp(`^  pc-billing ${name.replace(' run', '')}`));
      expect(out).toMatch(/\nExit codes:\n {2}0 {2}\S/);
    },
  );

  test('of conformance is that of a run, and names the other commands', async () => {
    const { out } = await cli('conformance --help');
    expect(out).toBe((await cli('conformance run --help')).out);
    expect(out).toBe((await cli('help conformance')).out);
    expect((await cli('help conformance explain')).out).toBe((await cli('conformance explain --help')).out);
    for (const words of ['--base-url', '--only', '--verbose', 'restore', 'list', 'explain', 'diff']) expect(out).toContain(words);
  });

  test('of mock fits a screen', async () => {
    expect((await cli('mock --help')).out.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  test.each(pathsOf(registry).map((path) => [path.join(' '), path] as const))('of %s is the same in both spellings', async (name, path) => {
    const { exitCode, out, err } = await cli(`${name} --help`);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain(`Usage: pc-billing ${name} `);
    expect((await cli([...path.slice(0, -1), 'help', path.at(-1)].join(' '))).out).toBe(out);
  });

  test('of the program names each command, and what it is for', async () => {
    const { out } = await cli('--help');
    for (const { name, summary } of registry) expect(out.replaceAll(/\s+/g, ' ')).toContain(` ${name} ${summary} `);
  });

  test('names the scenarios of score; the faults of mock have a list of their own', async () => {
    const mock = (await cli('mock --list-faults')).out;
    for (const { name, does } of listFaults()) expect(unwrapped(`\n${mock}`)).toMatch(new RegExp(`\n${name} +${does.slice(0, 20)}`));
    const score = (await cli('score -h')).out;
    for (const name of Object.keys(scenarios)) expect(score).toContain(`\n  ${name} `);
  });
});

test('a command that is misspelt is told what may be meant', async () => {
  expect(await cli('gett')).toMatchObject({ exitCode: 2, err: expect.stringContaining("unknown command 'gett'\n(Did you mean get?)") });
});

test('the tests split a command line as a shell does', () => {
  expect(wordsOf(` get  "a b" 'c "d"'\\''e' --x='' '' *`)).toEqual(['get', 'a b', `c "d"'e`, '--x=', '', '*']);
  expect(wordsOf('')).toEqual([]);
  expect(() => wordsOf("get 'a")).toThrow('not closed');
});
