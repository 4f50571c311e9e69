import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractSha256 } from '../../src/contract/generated.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
let copy: string;

/** A copy of the project as far as generation and the type proof need it, so that the contract can be changed. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'pc-billing-generate-'));
  for (const part of [
    'openapi',
    'generated',
    'scripts',
    'src',
    'docs',
    'tests/support',
    'tests/types',
    'README.md',
    'package.json',
    '.prettierrc.json',
    'tsconfig.json',
  ]) {
    await cp(join(root, part), join(copy, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
});
afterAll(() => rm(copy, { recursive: true }));

const node = (...args: string[]) =>
  execute(process.execPath, args, { cwd: copy }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ exitCode: error.code, output: error.stdout + error.stderr }),
  );
const generate = (...args: string[]) => node('--import', 'tsx', 'scripts/generate.ts', ...args);
const proofOfCasing = () => node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.proof.json');

describe('generate', () => {
  test('--check names the pages that are not what the requirements and faults give', async () => {
    const pages = ['docs/requirements.md', 'docs/faults.md', 'README.md'];
    for (const page of pages) {
      const text = await readFile(join(copy, page), 'utf8');
      await writeFile(join(copy, page), text.replaceAll('`etag.refuses-stale-write`', '`etag.refuses-nothing`'));
    }
    const { exitCode, output } = await generate('--check');
    expect(exitCode).toBe(1);
    // Nothing else is named: the rest is what it should be.
    expect(output).toBe(
      pages
        .map((page) => `${page} is not what the requirements and faults give. Run \`npm run generate\` and commit the result.\n`)
        .join(''),
    );
  });

  test('a renamed member: --check names the stale files, and after generating the proof of casing does not compile', async () => {
    await writeFile(join(copy, 'tsconfig.proof.json'), '{ "extends": "./tsconfig.json", "include": ["tests/types/casing.test-d.ts"] }');
    const contract = join(copy, 'openapi/billing-profile.yaml');
    const text = await readFile(contract, 'utf8');
    await writeFile(contract, text.replace('        companyName: {', '        businessName: {'));

    const check = await generate('--check');
    expect(check.exitCode).toBe(1);
    for (const file of ['generated/openapi.json', 'generated/schema.ts', 'generated/validators.ts', 'generated/contract.ts']) {
      expect(check.output).toContain(`${file} is not what openapi/billing-profile.yaml gives`);
    }

    expect((await generate()).output).toContain('wrote generated/openapi.json');
    const proof = await proofOfCasing();
    expect(proof.exitCode).not.toBe(0);
    expect(proof.output).toContain('tests/types/casing.test-d.ts');
  });
});

describe('what is generated', () => {
  test.each(['schema.ts', 'validators.ts', 'contract.ts'])('%s says so on its first line', async (file) => {
    expect(await readFile(join(root, 'generated', file), 'utf8')).toMatch(/^\/\/ Generated from .*Do not edit\.\n/);
  });

  test('the validators need neither eval nor a package', async () => {
    const text = await readFile(join(root, 'generated/validators.ts'), 'utf8');
    expect(text).not.toMatch(/\beval\(|new Function|require\(|^import /m);
  });

  test('the hash is that of the published contract', async () => {
    const digest = await crypto.subtle.digest('SHA-256', await readFile(join(root, 'generated/openapi.json')));
    expect(Buffer.from(digest).toString('hex')).toBe(contractSha256);
  });
});
