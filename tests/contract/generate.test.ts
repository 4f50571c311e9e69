import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractSha256 } from '../../src/contract/generated.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

let project: ProjectCopy;
beforeAll(async () => (project = await copyProject()));
afterAll(() => project.remove());

describe('generate', () => {
  test('--check names the files that a renamed member makes stale', async () => {
    const contract = join(project.folder, 'openapi/billing-profile.yaml');
    const text = await readFile(contract, 'utf8');
    await writeFile(contract, text.replace('        companyName: {', '        businessName: {'));

    const check = await project.generate('--check');
    expect(check.exitCode).toBe(1);
    for (const file of ['generated/openapi.json', 'generated/schema.ts', 'generated/validators.ts', 'generated/contract.ts']) {
      expect(check.output).toContain(`${file} is not what openapi/billing-profile.yaml gives`);
    }
  });
});

describe('what is generated', () => {
  test.each(['schema.ts', 'validators.ts', 'file-validators.ts', 'contract.ts'])('%s says so on its first line', async (file) => {
    expect(await readFile(join(root, 'generated', file), 'utf8')).toMatch(/^\/\/ Generated from .*Do not edit\.\n/);
  });

  test.each(['validators.ts', 'file-validators.ts'])('%s needs neither eval nor a package', async (file) => {
    const text = await readFile(join(root, 'generated', file), 'utf8');
    expect(text).not.toMatch(/\beval\(|new Function|require\(|^import (?!type )/m);
  });

  test('the hash is that of the published contract', async () => {
    const digest = await crypto.subtle.digest('SHA-256', await readFile(join(root, 'generated/openapi.json')));
    expect(Buffer.from(digest).toString('hex')).toBe(contractSha256);
  });
});
