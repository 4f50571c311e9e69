/** Names every hand-written place that does not know yet what the contract says, and the version that `info.version` has to say. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundled } from './bundle.ts';
import { bundledAt, compare, versionSentence } from './diff.ts';
import { contractPath, parseContract, root, textOf } from './model.ts';
import { formatPlace, placesToChange } from './places.ts';

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: fileURLToPath(root), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** Where this branch left the main branch; the last commit, where no main branch was fetched; undefined outside of git. */
function baseRevision(): string | undefined {
  for (const find of [() => git('merge-base', 'HEAD', 'origin/main'), () => git('rev-parse', 'HEAD')]) {
    try {
      return find();
    } catch {
      continue;
    }
  }
  return undefined;
}

function versionProblem(yaml: string): string | undefined {
  const base = baseRevision();
  if (base === undefined) {
    console.log('This is no clone, so that the version of the contract is compared with nothing.');
    return undefined;
  }
  const comparison = compare(bundledAt(base), bundled(yaml));
  if (comparison.isSaid) return undefined;
  const [gravest] = comparison.changes;
  return `${contractPath}: ${versionSentence(comparison)}${gravest === undefined ? '' : ` The reason: ${gravest.what}`}`;
}

const yaml = textOf(contractPath);
const version = versionProblem(yaml);
const problems = [...placesToChange(parseContract(yaml)).map(formatPlace), ...(version === undefined ? [] : [version])];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
