import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createMockService } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';
import { readSource } from '../support/source.ts';

const hasJava = spawnSync('java', ['--version']).status === 0;

test.skipIf(!hasJava)('the Java block of the page on the mock compiles, and reads the profile', async () => {
  const block = /^```java\n(.*?)^```$/ms.exec(readSource('docs/mock.md'))![1]!;
  const folder = await mkdtemp(join(tmpdir(), 'pc-billing-java-'));
  const { url, close } = await serve(createMockService(), { port: 0 });
  try {
    const file = join(folder, 'ReadProfile.java');
    await writeFile(file, block.replace('http://127.0.0.1:4010', url));
    const { stdout } = await promisify(execFile)('java', [file]);
    expect(JSON.parse(stdout)).toMatchObject({ companyName: 'CompanyName' });
  } finally {
    await close();
    await rm(folder, { recursive: true });
  }
});
