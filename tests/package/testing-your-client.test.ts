import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { behaviourPresets, faults, transportFaults } from '../../src/mock/index.ts';
import { program } from '../support/cli.ts';
import { freePort } from '../support/free-port.ts';
import { readSource } from '../support/source.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readSource('docs/testing-your-client.md');
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language: language!, text: text! }));
const inLanguage = (language: string): string[] => blocks.filter((block) => block.language === language).map(({ text }) => text);

let folder: string;
let port: number;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pc-billing-page-'));
  const script = `#!/bin/sh\n[ "$1" = pc-billing ] && shift\nexec "${process.execPath}" "${program()}" "$@"\n`;
  for (const name of ['pc-billing', 'npx']) {
    await writeFile(join(folder, name), script);
    await chmod(join(folder, name), 0o755);
  }
  port = await freePort();
  env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
});
afterAll(() => rm(folder, { recursive: true }));

const onFreePort = (text: string): string => text.replaceAll('4010', String(port));
const shell = async (script: string): Promise<string> =>
  (await promisify(execFile)('bash', ['-euc', onFreePort(script)], { cwd: root, env })).stdout.replaceAll('\uFEFF', '');

/** Runs something while a command that does not end by itself runs. */
async function during(script: string, act: (seen: { err: string }) => Promise<void>): Promise<void> {
  const child = spawn('bash', ['-euc', `exec ${onFreePort(script)}`], { cwd: root, env });
  const seen = { err: '' };
  child.stderr.on('data', (text) => (seen.err += String(text)));
  await once(child.stdout, 'data');
  try {
    await act(seen);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

test('the blocks are those that are looked at below; Java is in tests/slow, and C# is only read', () => {
  expect(blocks.map(({ language }) => language)).toEqual(['ts', 'sh', 'sh', 'sh', 'sh', 'csharp', 'java', 'yaml']);
});

test('the TypeScript block is the example that is among the tests', () => {
  const example = readSource('tests/examples/against-the-mock.test.ts')
    .replace("'../../src/index.ts'", "'partner-center-billing-profile'")
    .replace("'../../src/mock/index.ts'", "'partner-center-billing-profile/mock'")
    .replace("'../../src/mock/msw.ts'", "'partner-center-billing-profile/msw'");
  expect(inLanguage('ts')).toEqual([example]);
});

test('the shell blocks do what the page says', async () => {
  const [start, read, lose, plan] = inLanguage('sh') as [string, string, string, string];
  await during(start, async (seen) => {
    expect(JSON.parse(await shell(read))).toMatchObject({ defaultAddress: { addressLine1: '1 Microsoft Way' } });
    const [ended, stored] = (await shell(`${read.split('\n')[0]}\n${lose}`)).split(/\n(?=\{)/) as [string, string];
    expect(ended).toBe('curl ended with 56');
    expect(JSON.parse(stored)).toMatchObject({ defaultAddress: { addressLine1: 'One Microsoft Way' } });
    expect(seen.err.match(/^.* (GET|PUT) .*$/gm)).toHaveLength(3);
    expect(seen.err).toContain('faults resets-after-storing');
    expect(seen.err).not.toContain('mock-token');
  });
  await during(plan, async () => {
    const url = `http://127.0.0.1:${port}/v1/customers/4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04/profiles/billing`;
    const answers = [];
    for (let time = 0; time < 3; time += 1) answers.push(await fetch(url, { method: 'PUT' }));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 429]);
    expect(answers[2]!.headers.get('Retry-After')).toBe('5');
  });
});

test('the CI job starts a mock that answers', async () => {
  const job = parse(inLanguage('yaml')[0]!) as {
    jobs: { test: { env: Record<string, string>; steps: { name?: string; run?: string }[] } };
  };
  const { env: given, steps } = job.jobs.test;
  expect(given).toEqual({ PARTNER_CENTER_BASE_URL: 'http://127.0.0.1:4010', PARTNER_CENTER_TOKEN: 'mock-token' });
  const start = steps.find(({ name }) => name === 'Start the mock')!.run!;
  const read = `curl -s -H "Authorization: Bearer ${given.PARTNER_CENTER_TOKEN}" ${given.PARTNER_CENTER_BASE_URL}/v1/customers/4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04/profiles/billing`;
  expect(JSON.parse(await shell(`trap 'kill $(jobs -p)' EXIT\ncd ${folder}\n${start}\n${read}`))).toMatchObject({
    companyName: 'CompanyName',
  });
});

test('what the page names exists', () => {
  const names = [...page.matchAll(/(?:--fault |X-Mock-Fault: |name: ')([a-z0-9-]+)/g)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(4);
  expect(names.filter((name) => !(name in transportFaults) && !(name in faults))).toEqual([]);
  for (const [, preset] of page.matchAll(/preset `(\w+)`/g)) expect(behaviourPresets).toHaveProperty(preset!);
});
