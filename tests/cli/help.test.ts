import { describe, expect, test } from 'vitest';
import { type Entry, registry } from '../../src/cli/registry.ts';
import { faults } from '../../src/mock/index.ts';
import { scenarios } from '../../src/score/scenarios.ts';
import { cli, wordsOf } from '../support/cli.ts';

const pathsOf = (entries: readonly Entry[], above: string[] = []): string[][] =>
  entries.flatMap((entry) => ('commands' in entry ? pathsOf(entry.commands, [...above, entry.name]) : [[...above, entry.name]]));

describe('help', () => {
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

  test('of mock names the faults, that of score the scenarios', async () => {
    const mock = (await cli('help mock')).out;
    for (const name of Object.keys(faults)) expect(mock).toContain(`\n  ${name} `);
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
