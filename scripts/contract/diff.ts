/**
 * Says what changed in the contract since a git revision, whether it breaks something, and which version has to follow.
 *
 *   npm run contract:diff -- BASE [--markdown FILE] [--github]
 *
 * It compares the bundled contract, because changes behind a YAML alias cannot be seen in the hand-written file: generated/openapi.json of
 * the revision with what `npm run generate` makes of the working tree.
 * Exit code 0: `info.version` says what changed; 1: it does not; 2: wrong arguments, or there is nothing to compare.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundled } from './bundle.ts';
import { type Change, isAtLeast, judge, nextVersion } from './judge.ts';
import { contractPath, root, textOf } from './model.ts';
import { redoclyChanges } from './redocly.ts';

/** What became of the contract between two bundled documents. */
export interface Comparison {
  changes: Change[];
  was: string;
  is: string;
  /** The least version that says what changed; absent when nothing did. */
  needed?: string;
  isSaid: boolean;
}

/** Compares two bundled contracts, given as their texts. */
export function compare(base: string, revision: string): Comparison {
  const [was, is] = [base, revision].map((text) => (JSON.parse(text) as { info: { version: string } }).info.version) as [string, string];
  if (base === revision) return { changes: [], was, is, isSaid: true };
  const folder = mkdtempSync(join(tmpdir(), 'pc-billing-contract-'));
  try {
    const paths = { base: join(folder, 'base.json'), revision: join(folder, 'revision.json') };
    writeFileSync(paths.base, base);
    writeFileSync(paths.revision, revision);
    const changes = judge(redoclyChanges(paths.base, paths.revision));
    const needed = nextVersion(was, changes);
    return { changes, was, is, ...(needed !== undefined && { needed }), isSaid: isAtLeast(is, needed ?? was) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The bundled contract of a revision. Errors: `Error` that says how to get the revision. */
export function bundledAt(revision: string, cwd: string = fileURLToPath(root)): string {
  // A revision that looks like an option would be one to git.
  const isRevision = !revision.startsWith('-');
  try {
    if (!isRevision) throw new Error('it begins with "-"');
    return execFileSync('git', ['show', `${revision}:generated/openapi.json`], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(
      `There is no generated/openapi.json at "${revision}": ${(stderr ?? message).trim().replace(/\.$/, '')}. Fetch it with \`git fetch origin\`, or name another revision, such as origin/main.`,
      { cause: error },
    );
  }
}

const kinds = {
  major: 'Breaking',
  minor: 'Added or loosened',
  patch: 'Words and examples',
} as const;

/** The sentence that counts: which version the contract has, and which it has to have. */
export function versionSentence({ was, is, needed, isSaid }: Comparison): string {
  if (needed === undefined && isSaid)
    return was === is ? `Nothing changed; the version stays ${is}.` : `Only the version changed, from ${was} to ${is}.`;
  if (isSaid) return `info.version went from ${was} to ${is}; at least ${needed} has to follow. That is right.`;
  return `info.version is ${is}. Write ${needed ?? was} or a later version into ${contractPath}, then run \`npm run generate\`.`;
}

/** All of it, for a terminal or as Markdown. */
export function formatComparison(comparison: Comparison, isMarkdown: boolean): string {
  const parts = Object.entries(kinds).flatMap(([impact, title]) => {
    const changes = comparison.changes.filter((change) => change.impact === impact);
    if (changes.length === 0) return [];
    const lines = changes.map(({ what, why }) => `- ${what}${why === undefined ? '' : ` ${why}`}`);
    return [[isMarkdown ? `### ${title}\n` : title, ...lines].join('\n')];
  });
  const breaking = comparison.changes.filter(({ impact }) => impact === 'major').length;
  const head = breaking === 0 ? 'The contract is not broken.' : `${breaking} breaking ${breaking === 1 ? 'change' : 'changes'}.`;
  return `${[isMarkdown ? `## Contract\n\n${head}` : head, ...parts, versionSentence(comparison)].join('\n\n')}\n`;
}

// In an annotation a line end or a percent sign has to be encoded, or the rest is taken for another command.
const annotation = (level: 'error' | 'warning', message: string): string =>
  `::${level} file=${contractPath}::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}`;

/** The annotations of a job of GitHub Actions: a warning for each breaking change, an error for a version that does not say it. */
export function annotationsOf(comparison: Comparison): string[] {
  return [
    ...comparison.changes
      .filter(({ impact }) => impact === 'major')
      .map(({ what, why }) => annotation('warning', `Breaking: ${what} ${why ?? ''}`.trim())),
    ...(comparison.isSaid ? [] : [annotation('error', versionSentence(comparison))]),
  ];
}

function main(args: string[]): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { markdown: { type: 'string' }, github: { type: 'boolean', default: false } },
  });
  const [base, ...more] = positionals;
  if (base === undefined || more.length > 0) throw new Error('Name one revision to compare with: `npm run contract:diff -- origin/main`.');
  const comparison = compare(bundledAt(base), bundled(textOf(contractPath)));
  console.log(formatComparison(comparison, false));
  if (values.markdown !== undefined) appendFileSync(values.markdown, formatComparison(comparison, true));
  if (values.github) for (const line of annotationsOf(comparison)) console.log(line);
  return comparison.isSaid ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
  }
}
