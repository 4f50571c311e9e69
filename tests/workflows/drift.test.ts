import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMockService } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const baseline = join(root, 'fingerprints/mock-observed-2026-11-25.json');
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pc-billing-drift-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script against a mock; resolves to its exit code, its files, and the methods that the mock received. */
async function drift(options: Parameters<typeof createMockService>[0], file = baseline) {
  const mock = createMockService(options);
  const served = await serve(mock, { port: 0 });
  try {
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(root, 'scripts/workflows/drift.ts'), file], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        GITHUB_ACTIONS: 'true',
        GITHUB_OUTPUT: join(folder, 'output'),
        GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
        PARTNER_CENTER_BASE_URL: served.url,
      },
    });
    const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    return {
      code: child.exitCode,
      output,
      state: read('output'),
      summary: read('summary.md'),
      told: read('drift.md'),
      methods: new Set(mock.journal.map(({ request }) => request.method)),
    };
  } finally {
    await served.close();
  }
}

test('a service that behaves as its fingerprint says is the same, and gets GETs only', async () => {
  const { code, state, told, summary, methods } = await drift({ behaviour: 'observed' });
  expect({ code, state }).toEqual({ code: 0, state: 'state=same\n' });
  expect([...methods]).toEqual(['GET']);
  // Told once: the command itself takes no part in the job.
  expect(summary).toBe(told);
});

test('one that behaves differently is named with what is different', async () => {
  const { code, state, told } = await drift({ behaviour: 'documented' });
  expect({ code, state }).toEqual({ code: 1, state: 'state=different\n' });
  expect(told).toContain('byteOrderMark');
});

test('a fingerprint that is not there is no finding about the service', async () => {
  const { code, state, told } = await drift({}, 'fingerprints/none.json');
  expect({ code, state }).toEqual({ code: 2, state: 'state=unknown\n' });
  expect(told).toBe(
    'The service was not compared: there is no fingerprint `fingerprints/none.json`. Let the variable DRIFT_BASELINE name a file of `fingerprints/`.',
  );
});
