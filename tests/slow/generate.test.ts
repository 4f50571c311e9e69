import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';

let project: ProjectCopy;
beforeAll(async () => (project = await copyProject()));
afterAll(() => project.remove());

test('--check names the pages that are not what the requirements and faults give', async () => {
  const pages = ['docs/reference/requirements.md', 'docs/reference/faults.md', 'docs/reference/detection.md'];
  for (const page of pages) {
    const text = await readFile(join(project.folder, page), 'utf8');
    await writeFile(join(project.folder, page), text.replaceAll('`etag.refuses-stale-write`', '`etag.refuses-nothing`'));
  }
  const { exitCode, output } = await project.generate('--check');
  expect(exitCode).toBe(1);
  // Nothing else is named: the rest is what it should be.
  expect(output).toBe(
    pages
      .map(
        (page) =>
          `${page} is not what the requirements, the faults and the commands give. Run \`npm run generate\` and commit the result.\n`,
      )
      .join(''),
  );
});

test('after a member was renamed in the response only, the proof of casing does not compile', async () => {
  await writeFile(
    join(project.folder, 'tsconfig.proof.json'),
    '{ "extends": "./tsconfig.json", "include": ["tests/types/casing.test-d.ts"] }',
  );
  const contract = join(project.folder, 'openapi/billing-profile.yaml');
  await writeFile(contract, (await readFile(contract, 'utf8')).replace('        companyName: {', '        businessName: {'));
  expect((await project.generate()).output).toContain('wrote generated/openapi.json');
  const proof = await project.node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.proof.json');
  expect(proof.exitCode).not.toBe(0);
  expect(proof.output).toContain('tests/types/casing.test-d.ts');
});
