import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foldersOf, functionsOf, workingTree } from '../scripts/structure.ts';
import { filesBelow, readSource } from './support/source.ts';

interface Import {
  file: string;
  /** A path from the project's root, or the name of a package. */
  of: string;
  typeOnly: boolean;
  /** Imported when the code around it runs. */
  isLate: boolean;
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
      isLate: dynamic !== undefined,
    };
  }),
);

const within =
  (...allowed: string[]) =>
  ({ of }: Import): boolean =>
    allowed.some((one) => (/[/:]$/.test(one) ? of.startsWith(one) : of === one));

/** Folder or file → what it may import. A folder may always import itself. */
const rules: [string, (imported: Import) => boolean][] = [
  ['src/contract/', within('generated/')],
  ['src/client/', within('src/contract/', 'openapi-fetch')],
  ['src/mock/msw.ts', within('src/contract/', 'msw')],
  ['src/mock/node.ts', ({ of, typeOnly }) => of.startsWith('src/contract/') || of === 'node:http' || (typeOnly && of.startsWith('node:'))],
  ['src/mock/seeded-customers.ts', within('src/contract/', '@faker-js/faker/')],
  ['src/mock/', within('src/contract/')],
  ['src/suite/', within('src/contract/')],
  ['src/conformance/', within('src/contract/', 'src/suite/')],
  ['src/score/', within('src/contract/', 'src/mock/', 'src/suite/')],
  ['src/html/', () => false],
  ['src/report/junit.ts', within('src/contract/', 'src/suite/', 'fast-xml-builder')],
  ['src/report/', within('src/contract/', 'src/suite/', 'src/html/')],
  ['src/vitest.ts', within('src/conformance/', 'src/suite/', 'src/report/', 'vitest')],
  ['src/index.ts', ({ of, typeOnly }) => of.startsWith('src/client/') || (typeOnly && of.startsWith('src/contract/'))],
  ['src/validate.ts', within('src/contract/validate.ts')],
  ['src/cli/', within('src/', 'node:', 'commander', 'yaml')],
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
    expect(imports).toContainEqual({ file: 'src/mock/msw.ts', of: 'msw', typeOnly: false, isLate: false });
    expect(imports).toContainEqual({ file: 'src/report/card.ts', of: 'src/suite/result.ts', typeOnly: true, isLate: false });
  });

  test.each([
    ['@faker-js/faker/locale/en_US', 'src/mock/seeded-customers.ts'],
    ['msw', 'src/mock/msw.ts'],
    ['node:http', 'src/mock/node.ts'],
    ['vitest', 'src/vitest.ts'],
    ['openapi-fetch', 'src/client/api.ts'],
    ['commander', 'src/cli/options.ts', 'src/cli/program.ts'],
    ['yaml', 'src/cli/files/lines.ts'],
    ['fast-xml-builder', 'src/report/junit.ts'],
  ])('%s is loaded by %s alone', (name, ...loaders) => {
    const loading = imports.filter(({ of, typeOnly }) => of === name && !typeOnly);
    expect([...new Set(loading.map(({ file }) => file))]).toEqual(loaders);
  });

  test('nothing imports the command line', () => {
    expect(imports.filter(({ file, of }) => of.startsWith('src/cli/') && !file.startsWith('src/cli/'))).toEqual([]);
  });
});

/** Everything that an entry loads at run time. */
function loaded(entry: string, counts: (imported: Import) => boolean = () => true, seen = new Set<string>()): Set<string> {
  for (const imported of imports) {
    if (imported.file !== entry || imported.typeOnly || seen.has(imported.of) || !counts(imported)) continue;
    seen.add(imported.of);
    loaded(imported.of, counts, seen);
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
  expect(importing).toEqual(['src/cli/commands/mock.ts']);
  expect(readSource('src/cli/commands/mock.ts')).toContain("await import('../../mock/seeded-customers.ts')");
});

test('help loads neither a suite nor the mock nor the client: what an action needs is imported inside it', () => {
  const isCommand = (of: string): boolean => of.startsWith('src/cli/commands/');
  const atStart = (entry: string): string[] => [...loaded(entry, ({ isLate }) => !isLate)];
  for (const entry of ['src/cli/main.ts', ...files.filter(isCommand)]) {
    expect(atStart(entry).filter((of) => /^src\/(?!cli\/|contract\/)/.test(of) || of === 'yaml')).toEqual([]);
  }
  expect(atStart('src/cli/main.ts').filter(isCommand)).toEqual([]);
});

test('the client carries no validator', () => {
  expect([...loaded('src/index.ts')].filter((of) => /validators|contract\/validate/.test(of))).toEqual([]);
});

test('Node is known to the command line and the HTTP shell only', () => {
  const knowing = new Set(imports.filter(({ of }) => of.startsWith('node:')).map(({ file }) => file));
  expect([...knowing].filter((file) => !file.startsWith('src/cli/'))).toEqual(['src/mock/node.ts']);
  const globals = /\b(process|Buffer|require|__dirname)\b(?!['`:])/;
  const code = (path: string): string => readSource(path).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|`[^`]*`/g, '');
  expect(filesBelow('src', '.ts').filter((path) => !path.startsWith('src/cli/') && globals.test(code(path)))).toEqual([]);
});

describe('rooms', () => {
  const sources = workingTree();

  test('a function fits on a screen: 60 lines, closures included', () => {
    const tooLong = functionsOf(sources).filter(({ lines }) => lines > 60);
    expect(tooLong.map(({ path, name, lines }) => `${path}: ${name} has ${lines} lines`)).toEqual([]);
  });

  test('a folder has one subject: 16 files, but for folders of records', () => {
    const tooLarge = foldersOf(sources).filter(({ folder, files: count }) => count > 16 && !folder.endsWith('/requirements'));
    expect(tooLarge).toEqual([]);
  });

  test.each(foldersOf(sources).filter(({ folder }) => folder !== 'src'))(
    '$folder says in one to five lines what lives there',
    ({ folder }) => {
      const lines = readSource(`${folder}/README.md`).trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(5);
      expect(lines.join('\n')).not.toBe('');
    },
  );
});
