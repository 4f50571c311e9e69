/**
 * Runs every check before a push, side by side and each to its end, and then prints what is wrong: all of it, once.
 *
 * Each file with type errors or failing tests is one sentence, with the command that shows the rest. In a job (CI is set) all of it is
 * printed, unless the contract is wrong: then types and tests fail as a consequence.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foldTests, foldTypes, type TestReport } from './check-output.ts';

interface Ended {
  name: string;
  failed: boolean;
  output: string;
}

const startedAt = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'pc-billing-check-'));
const testReport = join(folder, 'tests.json');

/** Runs a script of package.json. */
function run(name: string, script: string, ...more: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script, ...(more.length > 0 ? ['--', ...more] : [])], {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error) => (output += error.message));
    child.on('close', (code) => {
      console.log(`${code === 0 ? '✓' : '✗'} ${name.padEnd(10)} ${((performance.now() - startedAt) / 1000).toFixed(0).padStart(3)} s`);
      resolve({ name, failed: code !== 0, output: output.trim() });
    });
  });
}

const [generated, contract, lint, types, tests] = await Promise.all([
  run('generated', 'check:generated'),
  run('contract', 'check:contract'),
  run('lint', 'lint'),
  run('types', 'typecheck'),
  run('tests', 'test', '--reporter=default', '--reporter=json', `--outputFile.json=${testReport}`),
]);
const all = [generated, contract, lint, types, tests] as const;

const isContractWrong = generated.failed || contract.failed;
// A person runs a file again to see its failures; the log of a job has to have them.
const isFolded = isContractWrong || process.env.CI === undefined;
if (isFolded && types.failed) types.output = foldTypes(types.output);
if (isFolded && tests.failed) tests.output = foldTests(reportOr(tests.output), process.cwd()) || tests.output;
rmSync(folder, { recursive: true });

for (const { name, failed, output } of all) if (failed) console.error(`\n${name}\n${output}`);
const failed = all.filter((one) => one.failed).map(({ name }) => name);
console.log(failed.length === 0 ? tests.output.split('\n').slice(-5).join('\n') : `\nFailed: ${failed.join(', ')}.`);
if (isContractWrong) console.log('Repair the contract first: "Change the contract" in CONTRIBUTING.md is the way through.');
if (failed.length > 0) process.exitCode = 1;

/** The report of the tests, or what was printed when they ended before it was written. */
function reportOr(output: string): TestReport | string {
  try {
    return JSON.parse(readFileSync(testReport, 'utf8')) as TestReport;
  } catch {
    return output;
  }
}
