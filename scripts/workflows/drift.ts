/**
 * Compares how a service behaves with a stored fingerprint. It sends GETs only.
 *
 *   tsx scripts/workflows/drift.ts BASELINE
 *
 * Environment: PARTNER_CENTER_BASE_URL, PARTNER_CENTER_TOKEN, PARTNER_CENTER_CUSTOMER_ID. GITHUB_OUTPUT gets `state`: same, different, or
 * unknown when the run was not valid. drift.md in the working folder gets what to tell; it is the job summary too.
 * Exit code 0: same; 1: different; 2: unknown.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');

function conformance(...args: string[]): number {
  // In a job the command would write annotations and a summary of its own.
  const { GITHUB_ACTIONS: _, GITHUB_STEP_SUMMARY: __, ...env } = process.env;
  const { status } = spawnSync(process.execPath, ['--import', tsx, main, 'conformance', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
  });
  return status ?? 2;
}

function compare(baseline: string | undefined): { state: 'same' | 'different' | 'unknown'; text: string } {
  const unknown = (why: string) => ({ state: 'unknown' as const, text: `The service was not compared: ${why}` });
  const { PARTNER_CENTER_BASE_URL: baseUrl = '' } = process.env;
  if (baseline === undefined || !existsSync(baseline)) {
    return unknown(`there is no fingerprint \`${baseline ?? ''}\`. Let the variable DRIFT_BASELINE name a file of \`fingerprints/\`.`);
  }
  if (baseUrl === '') return unknown('the variable PARTNER_CENTER_BASE_URL is not set.');
  const folder = mkdtempSync(join(tmpdir(), 'pc-billing-drift-'));
  try {
    const [report, diff] = [join(folder, 'report.json'), join(folder, 'diff.md')];
    // 1 says that a requirement fails, which is a finding of the comparison.
    if (conformance('--base-url', baseUrl, '--mode', 'read', '--json', report) === 2) {
      return unknown('the run is not valid. Its log says why; the usual cause is a token that has expired.');
    }
    const code = conformance('diff', baseline, report, '--markdown', diff);
    if (code === 2) return unknown(`\`${baseline}\` and the report cannot be compared. The log says why.`);
    return { state: code === 0 ? 'same' : 'different', text: readFileSync(diff, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { state, text } = compare(process.argv[2]);
writeFileSync('drift.md', text);
const { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary } = process.env;
if (output) appendFileSync(output, `state=${state}\n`);
if (summary) appendFileSync(summary, text);
console.log(text);
process.exitCode = { same: 0, different: 1, unknown: 2 }[state];
