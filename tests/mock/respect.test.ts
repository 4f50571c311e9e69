import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createMockService, type MockServiceOptions } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';

const cli = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');
const arazzo = fileURLToPath(new URL('../../openapi/guarded-write.arazzo.yaml', import.meta.url));

/** What `redocly respect`, which is not ours, says of a mock: every step against the contract, and what the workflow asks for. */
async function respect(options: MockServiceOptions): Promise<{ exitCode: number; out: string }> {
  const mock = createMockService(options);
  const { url, close } = await serve(mock, { port: 0 });
  const inputs = [`token=${mock.token}`, `customerId=${mock.customers.ids()[0]}`].flatMap((input) => ['--input', input]);
  const args = [cli, 'respect', arazzo, '--server', `contract=${url}`, ...inputs];
  // It phones home otherwise.
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const ended = await new Promise<{ exitCode: number; out: string }>((resolve) => {
    execFile(process.execPath, args, { env }, (error, out, err) => resolve({ exitCode: error === null ? 0 : 1, out: out + err }));
  });
  await close();
  return ended;
}

test('redocly respect finds nothing wrong with the mock, and a lost update with one that accepts a stale ETag', async () => {
  const [clean, spoiled] = await Promise.all([respect({ behaviour: 'documented' }), respect({ faults: ['accepts-stale-etag'] })]);
  expect(clean).toMatchObject({ exitCode: 0, out: expect.stringMatching(/Steps: 6 passed, 6 total/) });
  expect(spoiled).toMatchObject({ exitCode: 1, out: expect.stringMatching(/✗ PUT .* step writeStale/) });
});
