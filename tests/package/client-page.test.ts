import { expect, test } from 'vitest';
import { resolveOptions } from '../../src/client/options.ts';
import * as client from '../../src/index.ts';
import { settableMembers } from '../../src/cli/commands/set.ts';
import { blocksIn, blocksOf } from '../support/pages.ts';
import { filesBelow, readSource } from '../support/source.ts';

const page = readSource('docs/client.md');
const pages = ['README.md', ...filesBelow('docs', '.md')];

const entries = {
  '/validate': 'validate.ts',
  '/mock': 'mock/index.ts',
  '/mock/customers': 'mock/seeded-customers.ts',
  '/msw': 'mock/msw.ts',
  '/vitest': 'vitest.ts',
  '': 'index.ts',
};

/** An example as a reader has it: it imports the package, not our sources. */
const published = (file: string): string =>
  Object.entries(entries).reduce(
    (text, [entry, source]) => text.replaceAll(`'../../src/${source}'`, `'partner-center-billing-profile${entry}'`),
    readSource(file),
  );

test('every TypeScript block of every page is an example, which is compiled and run like everything else, and every example is in a page', () => {
  const examples = filesBelow('tests/examples', '.ts').filter((file) => !file.endsWith('examples.test.ts'));
  const blocks = pages.flatMap((path) => blocksIn(path, 'ts'));
  expect(blocks.length).toBeGreaterThan(9);
  expect([...new Set(blocks)].toSorted()).toEqual(examples.map(published).toSorted());
});

test('its blocks are those, two pictures, and a command with its output', () => {
  expect(blocksOf('docs/client.md').map(({ language }) => language)).toEqual(
    ['ts', 'ts', 'ts', 'mermaid', 'ts', 'ts', 'mermaid', 'ts', 'ts', 'ts', 'ts', 'ts', 'ts', 'sh', 'text'], // prettier-ignore
  );
});

test('the table of options has the defaults of the code', () => {
  const table = page.split('<!-- options: begin')[1]!.split('<!-- options: end')[0]!;
  const rows = [...table.matchAll(/^\| `(\w+)` +\| (.+?) +\|/gm)].map(([, name, value]) => [name!, value!.replaceAll(/[`,]/g, '')]);
  const defaults = Object.entries(resolveOptions(undefined));
  expect(rows.map(([name]) => name).toSorted()).toEqual(defaults.map(([name]) => name).toSorted());
  for (const [name, value] of defaults) if (typeof value !== 'function') expect(rows).toContainEqual([name, String(value)]);
});

test('the tables of options have every option of the types', () => {
  const section = page.split('\n## Options')[1]!.split('\n## ')[0]!;
  const listed = [...section.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name!).toSorted();
  const membersOf = (file: string, type: string): string[] => {
    const [, body] = new RegExp(`interface ${type}\\b[^{]*\\{\n(.*?)^\\}`, 'ms').exec(readSource(`src/client/${file}`))!;
    return [...body!.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name!);
  };
  const declared = [
    ...membersOf('options.ts', 'CallOptions'),
    ...membersOf('options.ts', 'EditOptions'),
    ...membersOf('client.ts', 'PartnerClientOptions'),
    ...membersOf('response-validation.ts', 'ResponseValidationOptions'),
  ];
  expect(declared.length).toBeGreaterThan(20);
  expect(listed).toEqual(declared.toSorted());
});

test('the table of errors has every error', () => {
  const errors = Object.keys(client).filter((name) => /^[A-Z]\w+Error$/.test(name) && name !== 'PartnerError');
  const table = page.split('\n## Errors')[1]!.split('\n\n')[1]!;
  const listed = [...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name!);
  expect(listed.toSorted()).toEqual([...errors, 'TypeError'].toSorted());
});

test('the command lines name options that exist', () => {
  const [shell] = blocksIn('docs/client.md', 'sh') as [string];
  const flags = [...shell.matchAll(/--([a-z][\w-]+)/g)].map(([, flag]) => flag!);
  const known = ['base-url', ...settableMembers.map(({ flag }) => flag)];
  expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
});
