import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createMockService, type MockServiceOptions } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';
import { freePort } from '../support/free-port.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const prism = `${root}scripts/bench/peers/node_modules/@stoplight/prism-cli/dist/index.js`;

/** What Prism's validation proxy, which is not ours, finds in the answers of a mock: the violations, by exchange. */
async function violations(options: MockServiceOptions): Promise<Record<string, { status: number; found: { location: string[] }[] }>> {
  if (!existsSync(prism)) throw new Error('Prism is not installed with the project. Run: npm ci --prefix scripts/bench/peers');
  const mock = createMockService(options);
  const { url, close } = await serve(mock, { port: 0 });
  const port = await freePort();
  const proxy = spawn(process.execPath, [prism, 'proxy', `${root}generated/openapi.json`, url, '-p', String(port), '-v', 'fatal']);
  try {
    const path = (customerId: string): string => `http://127.0.0.1:${port}/v1/customers/${customerId}/profiles/billing`;
    const [customerId] = mock.customers.ids() as [string];
    for (let tries = 0; tries < 100 && !(await fetch(path(customerId)).catch(() => undefined)); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const authorization = { Authorization: `Bearer ${mock.token}` };
    const json = { ...authorization, 'Content-Type': 'application/json' };
    const body = readFileSync(`${root}openapi/examples/update-request.json`, 'utf8');
    const put = (etag: string): RequestInit => ({ method: 'PUT', headers: { ...json, 'If-Match': `"${etag}"` }, body });
    const { etag } = mock.customers.get(customerId)!.attributes;
    const asked: Record<string, [string, RequestInit]> = {
      'stale write': [customerId, put('1')],
      'write without ETag': [customerId, { ...put(''), headers: json }],
      write: [customerId, put(etag)],
      read: [customerId, { headers: authorization }],
      'unknown customer': ['00000000-0000-4000-8000-000000000000', { headers: authorization }],
      'wrong token': [customerId, { headers: { Authorization: 'Bearer wrong' } }],
      throttled: [customerId, { headers: { ...authorization, 'X-Mock-Fault': 'throttles-by-seconds' } }],
      'internal error': [customerId, { headers: { ...authorization, 'X-Mock-Fault': 'answers-500' } }],
    };
    const seen: Awaited<ReturnType<typeof violations>> = {};
    for (const [what, [id, init]] of Object.entries(asked)) {
      const response = await fetch(path(id), init);
      const found = JSON.parse(response.headers.get('sl-violations') ?? '[]') as { location: string[] }[];
      // What it finds in the requests is ours on purpose: it knows If-Match to be required.
      seen[what] = { status: response.status, found: found.filter(({ location }) => location[0] === 'response') };
    }
    return seen;
  } finally {
    proxy.kill();
    await close();
  }
}

test("Prism's validation proxy finds nothing wrong in front of the mock that behaves as documented", async () => {
  expect(await violations({ behaviour: 'documented' })).toEqual({
    'stale write': { status: 412, found: [] },
    'write without ETag': { status: 428, found: [] },
    write: { status: 200, found: [] },
    read: { status: 200, found: [] },
    'unknown customer': { status: 404, found: [] },
    'wrong token': { status: 401, found: [] },
    throttled: { status: 429, found: [] },
    'internal error': { status: 500, found: [] },
  });
});

test('and finds what is wrong in front of one that leaves a required member out', async () => {
  const { read, write } = await violations({ behaviour: 'documented', faults: ['drops-company-name'] });
  expect(read).toMatchObject({ status: 200, found: [{ location: ['response', 'body'] }] });
  expect(write).toMatchObject({ status: 200, found: [{ location: ['response', 'body'] }] });
});
