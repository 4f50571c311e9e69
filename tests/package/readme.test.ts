import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cli, program } from '../support/cli.ts';
import { freePort } from '../support/free-port.ts';
import { readSource } from '../support/source.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readSource('README.md');

/** The fenced blocks, in order. */
const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language: language!, text: text! }));
const inLanguage = (language: string): string[] => blocks.filter((block) => block.language === language).map(({ text }) => text);

let folder: string;
let shell: (script: string) => Promise<string>;
let url: string;
let stop: () => Promise<void>;

/** The mock as the README starts it, but on a port that is free; the other blocks are given that port too. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pc-billing-readme-'));
  await writeFile(join(folder, 'pc-billing'), `#!/bin/sh\nexec "${process.execPath}" "${program()}" "$@"\n`);
  await chmod(join(folder, 'pc-billing'), 0o755);
  const { PARTNER_CENTER_BASE_URL: _, PARTNER_CENTER_TOKEN: __, PARTNER_CENTER_CUSTOMER_ID: ___, ...inherited } = process.env;
  const env = { ...inherited, PC_BILLING_STATE_DIR: join(folder, 'state'), PATH: `${folder}${delimiter}${process.env.PATH}` };
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  shell = async (script) => (await execute('bash', ['-euc', script.replaceAll('4010', String(port))], { cwd: root, env })).stdout;

  const start = inLanguage('sh').find((text) => text.startsWith('pc-billing mock'))!;
  const mock = spawn('bash', ['-euc', `exec ${start.replace('4010', String(port))}`], { cwd: root, env });
  await once(mock.stdout, 'data');
  stop = async () => {
    mock.kill();
    await once(mock, 'exit');
  };
});
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

test('every block is one that is run or compiled below, or by CI', () => {
  expect(blocks.map(({ language }) => language).filter((language) => !['sh', 'ts', 'json', 'yaml'].includes(language))).toEqual([]);
  expect(inLanguage('sh')).toHaveLength(17);
  // Read by tests/cli/known.test.ts.
  expect(inLanguage('yaml')).toHaveLength(1);
  expect(inLanguage('ts')).toHaveLength(3);
  expect(inLanguage('json')).toHaveLength(1);
});

test('the commands for a fresh machine are those that CI runs', () => {
  const ci = readSource('.ci/run');
  expect(inLanguage('sh').slice(0, 2)).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n']);
  expect(ci).toContain("grep -m 1 -x 'npm ci && npm test' README.md");
  expect(ci).toMatch(/^npm ci$/m);
  expect(ci).toMatch(/^npm start$/m);
  // Packing and installing the tarball is what check:package does.
  expect(inLanguage('sh')[2]).toBe('npm ci && npm pack\n');
  const tarball = /npm install .*\/([\w.-]+\.tgz)\n/.exec(inLanguage('sh')[3]!)![1];
  const { name, version } = JSON.parse(readSource('package.json')) as { name: string; version: string };
  expect(tarball).toBe(`${name}-${version}.tgz`);
  expect(readSource('scripts/check-package.ts')).toContain("['install', '--no-audit', '--no-fund', `./${filename}`]");
});

describe('the shell blocks', () => {
  const block = (beginning: string): string => {
    const found = inLanguage('sh').find((text) => text.startsWith(beginning));
    expect(found, beginning).toBeDefined();
    return found!;
  };
  const json = (text: string): any => JSON.parse(text.replace(/^\uFEFF/, '')); // oxlint-disable-line no-explicit-any

  test('go through the exchange of the documentation', async () => {
    const read = json(await shell(block('profile=')));
    expect(read.defaultAddress.addressLine1).toBe('1 Microsoft Way');

    const written = json(await shell(`${block('profile=').split('\n')[0]}\n${block('put()')}`));
    expect(written.defaultAddress.addressLine1).toBe('One Microsoft Way');
    expect(written.attributes.etag).not.toBe(read.attributes.etag);

    const refused = json(await shell(`${block('profile=').split('\n')[0]}\n${block('put()')}`));
    expect(refused).toEqual(JSON.parse(inLanguage('json')[0]!));
    expect(json(await shell(block('profile=')))).toEqual(written);

    expect(block('put\n')).toBe('put\n');
  });

  test('set and get the profile', async () => {
    const out = await shell(block('pc-billing set'));
    const [set, got] = out.trim().split(/\n(?=\{)/).map(json); // prettier-ignore
    expect(set).toMatchObject({ email: 'billing@contoso.com', defaultAddress: { addressLine1: 'One Microsoft Way' } });
    expect(got).toEqual(set);
  });

  test('score a naive client, and say how to mend it', async () => {
    const out = await shell(`${block('pc-billing score').trim()} || echo "exit $?"`);
    expect(out).toContain('FAIL        client.guards-write\n');
    expect(out).toContain('In answer-lost: the company name is stored, but it ended with 1.');
    expect(out).toContain('Take attributes.etag of the profile that was read, send it as If-Match');
    expect(out).toMatch(/exit 1\n$/);
  });

  test('run the suite on the mock', async () => {
    expect(await shell(block('pc-billing conformance'))).toContain(`Target    ${url}`);
  });

  test('print the plan of a run, and find nothing to restore after it', async () => {
    const plan = inLanguage('sh').find((text) => text.includes('--dry-run'))!;
    expect(await shell(plan)).toMatch(/\n\d+ requests, none of them sent\.\n$/);
    expect(await shell(block('pc-billing conformance restore'))).toContain('There is nothing to put back');
  });

  test('write a fingerprint that the mock takes', async () => {
    const file = join(folder, 'fingerprint.json');
    await shell(
      inLanguage('sh')
        .find((text) => text.includes('--fingerprint'))!
        .replace('fingerprint.json', file),
    );
    const [{ readBehaviour }, { behaviourPresets }] = await Promise.all([
      import('../../src/cli/files/json-files.ts'),
      import('../../src/mock/index.ts'),
    ]);
    expect(await readBehaviour(file)).toEqual(behaviourPresets.observed);
    expect(readme).toContain('`pc-billing mock --behaviour fingerprint.json`');
  });

  test('write every report, and compare one with a fingerprint', async () => {
    const inFolder = (text: string): string =>
      text.replaceAll(/(report\.json|junit\.xml|summary\.md|report\.html|diff\.md)/g, `${folder}/$1`);
    const script = (part: string): string => inFolder(inLanguage('sh').find((text) => text.includes(part))!);
    await shell(script('--junit'));
    expect(await shell(script('conformance diff'))).toContain('Nothing has changed');
    for (const file of ['report.json', 'junit.xml', 'summary.md', 'report.html', 'diff.md'])
      expect(existsSync(join(folder, file))).toBe(true);
  });

  test('list and explain', async () => {
    expect(await shell(block('pc-billing conformance list'))).toContain('How services get it wrong');
  });

  test('name options that exist', async () => {
    const help = (await Promise.all(['run', 'restore', 'diff'].map((command) => cli(`conformance ${command} --help`))))
      .map(({ out }) => out)
      .join('');
    const section = readme.slice(readme.indexOf('## Conformance'), readme.indexOf('## The contract'));
    const named = new Set([...section.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option));
    expect(named.size).toBeGreaterThan(15);
    expect([...named].filter((option) => option !== '--behaviour' && !help.includes(`${option} `))).toEqual([]);
  });
});

test('the TypeScript blocks are the examples, which are compiled and run like everything else', async () => {
  const entries = { '/mock': 'mock/index.ts', '/msw': 'mock/msw.ts', '/vitest': 'vitest.ts', '': 'index.ts' };
  const published = (text: string): string =>
    Object.entries(entries).reduce(
      (so, [entry, file]) => so.replaceAll(`'../../src/${file}'`, `'partner-center-billing-profile${entry}'`),
      text,
    );
  const examples = ['edit.ts', 'with-msw.test.ts', 'suite.test.ts'].map((file) => published(readSource(`tests/examples/${file}`)));
  expect(inLanguage('ts')).toEqual(examples);
});

test('the example of the client changes the profile', async () => {
  vi.stubEnv('PARTNER_CENTER_BASE_URL', url);
  vi.stubEnv('PARTNER_CENTER_TOKEN', 'mock-token');
  vi.stubEnv('PARTNER_CENTER_CUSTOMER_ID', '8f0b6c1e-52d4-47a9-b1c7-0e9d3a4f5b60');
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await import('../examples/edit.ts');
    expect(log.mock.calls).toEqual([['billing@contoso.com']]);
  } finally {
    log.mockRestore();
    vi.unstubAllEnvs();
  }
});

test('what the README says of errors, verdicts and settings exists', async () => {
  const [{ behaviourPresets }, client] = await Promise.all([import('../../src/mock/index.ts'), import('../../src/index.ts')]);
  for (const preset of Object.keys(behaviourPresets)) expect(readme).toContain(`--behaviour ${preset}`);
  for (const error of Object.keys(client).filter((name) => /^[A-Z]\w+Error$/.test(name))) expect(readme).toContain(`\`${error}\``);
});

test.each(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/testing-your-client.md'])(
  'the links of %s within the project lead somewhere',
  (page) => {
    const links = [...readSource(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  },
);
