import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesBelow, readSource } from './support/source.ts';

interface Import {
  file: string;
  /** A path from the project's root, or the name of a package. */
  of: string;
  typeOnly: boolean;
}

const files = filesBelow('src', '.ts');
const statement = /^(import|export) (type )?[^;'"]*?from ['"]([^'"]+)['"]|^import ['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm;

const imports: Import[] = files.flatMap((file) =>
  [...readSource(file).matchAll(statement)].map(([, , typeOnly, from, bare, dynamic]) => {
    const specifier = (from ?? bare ?? dynamic)!;
    return {
      file,
      of: specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier,
      typeOnly: typeOnly !== undefined,
    };
  }),
);

/** What a report stands on: the results of a run, and what counts of them. */
const ofReport = ({ of, typeOnly }: Import): boolean =>
  of.startsWith('src/contract/') || of === 'src/conformance/exit-code.ts' || (typeOnly && of === 'src/conformance/types.ts');

/** Folder or file → what it may import. A folder may always import itself. */
const rules: [string, (imported: Import) => boolean][] = [
  ['src/contract/', ({ of }) => of.startsWith('generated/')],
  ['src/client/', ({ of }) => of.startsWith('src/contract/') || of === 'openapi-fetch'],
  ['src/mock/msw.ts', ({ of }) => of.startsWith('src/contract/') || of === 'msw'],
  ['src/mock/node.ts', ({ of, typeOnly }) => of.startsWith('src/contract/') || of === 'node:http' || (typeOnly && of.startsWith('node:'))],
  ['src/mock/seeded-customers.ts', ({ of }) => of.startsWith('src/contract/') || of.startsWith('@faker-js/faker/')],
  ['src/mock/', ({ of }) => of.startsWith('src/contract/')],
  ['src/conformance/', ({ of }) => of.startsWith('src/contract/')],
  ['src/report/junit.ts', (imported) => ofReport(imported) || imported.of === 'fast-xml-builder'],
  ['src/report/', (imported) => ofReport(imported)],
  [
    'src/score/',
    ({ of, typeOnly }) => of.startsWith('src/contract/') || of.startsWith('src/mock/') || (typeOnly && of === 'src/conformance/types.ts'),
  ],
  ['src/vitest.ts', ({ of }) => of.startsWith('src/conformance/') || of.startsWith('src/report/') || of === 'vitest'],
  ['src/index.ts', ({ of, typeOnly }) => of.startsWith('src/client/') || (typeOnly && of.startsWith('src/contract/'))],
  ['src/validate.ts', ({ of }) => of === 'src/contract/validate.ts'],
  ['src/cli/', ({ of }) => of.startsWith('src/') || of.startsWith('node:') || of === 'commander' || of === 'yaml'],
];

const folderOf = (path: string): string => path.split('/').slice(0, 2).join('/');

describe('who may import whom', () => {
  test.each(files)('%s', (file) => {
    const rule = rules.find(([prefix]) => file.startsWith(prefix));
    expect(rule, 'every file of src has a rule').toBeDefined();
    const own = imports.filter((one) => one.file === file);
    const outside = own.filter(({ of }) => !of.startsWith('src/') || folderOf(of) !== folderOf(file));
    expect(outside.filter((one) => !rule![1](one)).map(({ of }) => of)).toEqual([]);
  });

  test('the statements are found at all', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports).toContainEqual({ file: 'src/mock/msw.ts', of: 'msw', typeOnly: false });
    expect(imports).toContainEqual({ file: 'src/report/terminal.ts', of: 'src/conformance/types.ts', typeOnly: true });
  });

  test.each([
    ['@faker-js/faker/locale/en_US', 'src/mock/seeded-customers.ts'],
    ['msw', 'src/mock/msw.ts'],
    ['node:http', 'src/mock/node.ts'],
    ['vitest', 'src/vitest.ts'],
    ['openapi-fetch', 'src/client/client.ts'],
    ['commander', 'src/cli/program.ts'],
    ['yaml', 'src/cli/known-file.ts'],
    ['fast-xml-builder', 'src/report/junit.ts'],
  ])('%s is known to %s alone', (name, file) => {
    expect([...new Set(imports.filter(({ of }) => of === name).map((one) => one.file))]).toEqual([file]);
  });

  test('nothing imports the command line', () => {
    expect(imports.filter(({ file, of }) => of.startsWith('src/cli/') && !file.startsWith('src/cli/'))).toEqual([]);
  });
});

/** Everything that an entry loads at run time. */
function loaded(entry: string, seen = new Set<string>()): Set<string> {
  for (const { file, of, typeOnly } of imports) {
    if (file !== entry || typeOnly || seen.has(of)) continue;
    seen.add(of);
    loaded(of, seen);
  }
  return seen;
}

test.each([
  ['src/index.ts', ['openapi-fetch']],
  ['src/validate.ts', []],
  ['src/mock/index.ts', []],
  ['src/mock/msw.ts', ['msw']],
  ['src/conformance/index.ts', []],
  ['src/vitest.ts', ['vitest']],
])('%s loads no packages but %j, and nothing of Node', (entry, packages) => {
  expect([...loaded(entry)].filter((of) => !of.startsWith('src/') && !of.startsWith('generated/'))).toEqual(packages);
});

test('faker is loaded only by the command line, when it is asked for', () => {
  const importing = imports.filter(({ of }) => of === 'src/mock/seeded-customers.ts').map(({ file }) => file);
  expect(importing).toEqual(['src/cli/mock.ts']);
  expect(readSource('src/cli/mock.ts')).toContain("await import('../mock/seeded-customers.ts')");
});

test('the client carries no validator', () => {
  expect([...loaded('src/index.ts')].filter((of) => of.includes('valid'))).toEqual([]);
});

test('Node is known to the command line and the HTTP shell only', () => {
  const knowing = new Set(imports.filter(({ of }) => of.startsWith('node:')).map(({ file }) => file));
  expect([...knowing].filter((file) => !file.startsWith('src/cli/'))).toEqual(['src/mock/node.ts']);
  const globals = /\b(process|Buffer|require|__dirname)\b(?!['`:])/;
  const code = (path: string): string => readSource(path).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|`[^`]*`/g, '');
  expect(filesBelow('src', '.ts').filter((path) => !path.startsWith('src/cli/') && globals.test(code(path)))).toEqual([]);
});
