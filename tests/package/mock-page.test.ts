import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { behaviourPresets, faults, transportFaults } from '../../src/mock/index.ts';
import { blocksIn, blocksOf, openShell, type ReadersShell } from '../support/pages.ts';
import { readSource } from '../support/source.ts';

const path = 'docs/mock.md';
const page = readSource(path);
const [start, read, write, again, lose, plan] = blocksIn(path, 'sh') as [string, string, string, string, string, string];

let shell: ReadersShell;
beforeAll(async () => (shell = await openShell()));
afterAll(() => shell.close());

test('the blocks are those that are looked at below or among the examples; Java is in tests/slow, and C# is only read', () => {
  const languages = ['sh', 'text', 'ts', 'sh', 'sh', 'sh', 'json', 'sh', 'csharp', 'java', 'yaml', 'sh'];
  expect(blocksOf(path).map(({ language }) => language)).toEqual(languages);
});

test('the shell blocks read, write, are refused, and lose a response', async () => {
  await shell.during(start, async () => {
    const out = await shell.run(`${read}echo\n${write}echo\n${again}echo\n${lose}\n${read}`);
    const [first, written, refused, ended, stored] = out.trim().split('\n') as [string, string, string, string, string];
    expect(JSON.parse(first)).toMatchObject({ email: 'email@sample.com' });
    expect(JSON.parse(written)).toMatchObject({ email: 'billing@contoso.com' });
    expect(JSON.parse(refused)).toEqual(JSON.parse(blocksIn(path, 'json')[0]!));
    expect(ended).toBe('curl ended with 56');
    expect(JSON.parse(stored)).toMatchObject({ email: 'billing@contoso.com' });
    // Each write made an ETag, the lost one too.
    const etags = [first, written, stored].map((body) => (JSON.parse(body) as { attributes: { etag: string } }).attributes.etag);
    expect(new Set(etags).size).toBe(3);
  });
});

test('faults with counts meet the requests that the page says', async () => {
  await shell.during(plan, async () => {
    const profile = `${shell.url}/v1/customers/4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04/profiles/billing`;
    const responses = [];
    for (let time = 0; time < 3; time += 1) responses.push(await fetch(profile, { method: 'PUT' }));
    expect(responses.map(({ status }) => status)).toEqual([503, 503, 429]);
    expect(responses[2]!.headers.get('Retry-After')).toBe('5');
  });
});

test('the CI job starts a mock that responds, and logs what came', async () => {
  const job = parse(blocksIn(path, 'yaml')[0]!) as {
    jobs: { test: { env: Record<string, string>; steps: { name?: string; run?: string }[] } };
  };
  const { env, steps } = job.jobs.test;
  expect(env).toEqual({ PARTNER_CENTER_BASE_URL: 'http://127.0.0.1:4010', PARTNER_CENTER_TOKEN: 'mock-token' });
  const step = steps.find(({ name }) => name === 'Start the mock')!.run!;
  const script = `trap 'kill $(jobs -p)' EXIT\n${step}\n${read}\necho\nuntil grep 'GET /v1' mock.log; do sleep 0.1; done`;
  const [profile, log] = (await shell.run(script)).trim().split('\n') as [string, string];
  expect(JSON.parse(profile)).toMatchObject({ companyName: 'CompanyName' });
  expect(log).toContain('-> 200');
  expect(log).not.toContain('mock-token');
});

test('what the page names exists, and the options and their defaults are those of the command', async () => {
  const names = [...page.matchAll(/(?:--fault |X-Mock-Fault: |name: '|faults: \[')([a-z0-9-]+)/g)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(6);
  expect(names.filter((name) => !(name in transportFaults) && !(name in faults))).toEqual([]);
  for (const preset of Object.keys(behaviourPresets)) expect(page).toContain(`| \`${preset}\``);

  const { Command } = await import('commander');
  const { define } = await import('../../src/cli/commands/mock.ts');
  const command = new Command();
  define(command);
  const table = page.split('<!-- options: begin')[1]!.split('<!-- options: end')[0]!;
  const rows = [...table.matchAll(/^\| `(--[\w-]+)` +\| (.+?) +\|/gm)].map(([, flag, value]) => [flag!, value!.replaceAll('`', '')]);
  expect(rows.map(([flag]) => flag)).toEqual(command.options.map(({ long }) => long));
  const given = command.options.filter(({ defaultValue }) => typeof defaultValue === 'number' || typeof defaultValue === 'string');
  expect(given.length).toBeGreaterThan(2);
  for (const { long, defaultValue } of given) expect(rows).toContainEqual([long, String(defaultValue)]);
});
