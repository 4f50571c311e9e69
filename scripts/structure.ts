/**
 * How the sources are built: the longest functions, the largest folders, the number of lines.
 *
 * `npx tsx scripts/structure.ts` prints the working tree, `npx tsx scripts/structure.ts REVISION` an earlier state beside it.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The sources of one state, by path from the root of the project. */
export type Sources = ReadonlyMap<string, string>;

const root = fileURLToPath(new URL('../', import.meta.url));
const isSource = (path: string): boolean => /^src\/.*\.ts$/.test(path);

export function workingTree(): Sources {
  const paths = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).map((path) => `src/${path.replaceAll('\\', '/')}`);
  return new Map(paths.filter(isSource).map((path) => [path, readFileSync(root + path, 'utf8')]));
}

function atRevision(revision: string): Sources {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  const paths = git('ls-tree', '-r', '--name-only', revision, 'src').split('\n').filter(isSource);
  return new Map(paths.map((path) => [path, git('show', `${revision}:${path}`)]));
}

/** Every function with its number of lines, from its first to its last, closures included; the longest first. */
export function functionsOf(sources: Sources): { path: string; name: string; lines: number }[] {
  return [...sources]
    .flatMap(([path, text]) => {
      const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
      const lineAt = (position: number): number => file.getLineAndCharacterOfPosition(position).line;
      const found: { path: string; name: string; lines: number }[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
          found.push({ path, name: nameOf(node, file), lines: lineAt(node.end) - lineAt(node.getStart(file)) + 1 });
        }
        ts.forEachChild(node, visit);
      };
      visit(file);
      return found;
    })
    .toSorted((one, other) => other.lines - one.lines);
}

function nameOf(node: ts.SignatureDeclaration, file: ts.SourceFile): string {
  const { name, parent } = node as { name?: ts.Node; parent: ts.Node & { name?: ts.Node } };
  return (name ?? parent.name)?.getText(file) ?? '(anonymous)';
}

/** Every folder with its number of files, those of its own folders not counted; the largest first. */
export function foldersOf(sources: Sources): { folder: string; files: number }[] {
  const folders = new Map<string, number>();
  for (const path of sources.keys()) folders.set(dirname(path), (folders.get(dirname(path)) ?? 0) + 1);
  return [...folders].map(([folder, files]) => ({ folder, files })).toSorted((one, other) => other.files - one.files);
}

function print(title: string, sources: Sources): void {
  const lines = [...sources.values()].reduce((sum, text) => sum + text.split('\n').length - 1, 0);
  console.log(`${title}: ${lines} lines in ${sources.size} files`);
  for (const { path, name, lines: length } of functionsOf(sources).slice(0, 5)) console.log(`  ${length} lines  ${name}  ${path}`);
  for (const { folder, files } of foldersOf(sources).slice(0, 3)) console.log(`  ${files} files  ${folder}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const revision of process.argv.slice(2)) print(revision, atRevision(revision));
  print('now', workingTree());
}
