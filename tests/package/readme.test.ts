import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocksIn, blocksOf, openShell, type ReadersShell } from '../support/pages.ts';
import { readSource } from '../support/source.ts';

const readme = readSource('README.md');
const [mock, suite, inClone, inProject, getAndSet] = blocksIn('README.md', 'sh') as [string, string, string, string, string];

let shell: ReadersShell;
beforeAll(async () => (shell = await openShell()));
afterAll(() => shell.close());

test('fits on a few screens, and every block is one that is looked at here or among the examples', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(151);
  expect(blocksOf('README.md').map(({ language }) => language)).toEqual(['sh', 'sh', 'text', 'sh', 'sh', 'ts', 'sh']);
});

test('the commands for a clone are those that CI runs', () => {
  const ci = readSource('.ci/run');
  expect(inClone).toBe('npm ci && npm test\nnpm ci && npm pack\n');
  expect(ci).toContain("grep -m 1 -x 'npm ci && npm test' README.md");
  expect(readme).toContain('`npm ci && npm start`');
  expect(ci).toMatch(/^npm ci$/m);
  expect(ci).toMatch(/^npm start$/m);
  // Packing and installing the tarball, and npx in a clone, is what check:package does.
  const tarball = /npm install .*\/([\w.-]+\.tgz)\n/.exec(inProject)![1];
  const { name, version } = JSON.parse(readSource('package.json')) as { name: string; version: string };
  expect(tarball).toBe(`${name}-${version}.tgz`);
  const check = readSource('scripts/check-package.ts');
  expect(check).toContain("['install', '--no-audit', '--no-fund', `./${filename}`]");
  expect(check).toContain("run('npx pc-billing in a clone', 'npx', ['--no-install', 'pc-billing', '--version'], { cwd: root })");
});

test('the demonstration catches the bug, and get and set work on its mock', async () => {
  // On a free port, which the other blocks are given too.
  await shell.during(`${mock.trim()} --port 4010`, async () => {
    const out = await shell.run(`${suite.trim()} || echo "exit $?"`);
    expect(out).toContain('etag.refuses-stale-write');
    expect(out).toContain('- expected    412, or 400 with code 2055');
    expect(out).toMatch(/\nexit 1\n$/);
    const [got, set] = (await shell.run(getAndSet)).trim().split(/\n(?=\{)/).map((text) => JSON.parse(text) as object); // prettier-ignore
    expect(got).toMatchObject({ email: 'email@sample.com' });
    expect(set).toEqual({ ...got, email: 'billing@contoso.com', attributes: expect.anything() });
  });
});

test('its output is that of the command above it', () => {
  expect(readme).toContain(
    `<!-- output of \`${suite.trim().replace('npx ', '')}\` on a mock with the fault ${mock.trim().split(' ').at(-1)}`,
  );
});

test('says what each part sets and needs', async () => {
  const { resolveOptions } = await import('../../src/client/options.ts');
  const { attemptTimeoutMs, deadlineMs, retries } = resolveOptions(undefined);
  expect([attemptTimeoutMs, deadlineMs, retries]).toEqual([30_000, 120_000, 3]);
  expect(readme).toContain('30 s (`attemptTimeoutMs`)');
  expect(readme).toContain('120 s (`deadlineMs`)');
  expect(readme).toContain('by default three times');
  for (const name of ['PARTNER_CENTER_BASE_URL', 'PARTNER_CENTER_TOKEN', 'PARTNER_CENTER_CUSTOMER_ID', 'PC_BILLING_COMPANY'])
    expect(readme).toContain(`\`${name}\``);
});
