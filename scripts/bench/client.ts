/** The client against bare openapi-fetch and the usual HTTP clients; its size, its import, its memory. */
import createClient from 'openapi-fetch';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { paths } from '../../src/contract/generated.ts';
import { builtPackage as built, heapBytes, measureProcess, median, ratios } from './measure.ts';

const { createPartnerClient } = (await import(`${built}/src/index.js`)) as typeof import('../../src/index.ts');
const { createMockService } = (await import(`${built}/src/mock/index.js`)) as typeof import('../../src/mock/index.ts');
const mock = createMockService();
const [customerId] = mock.customers.ids() as [string];
const path = `/v1/customers/${customerId}/profiles/billing`;

/** A server in a process of its own that answers everything with the mock's bytes. */
async function startBareServer(): Promise<{ url: string; stop: () => void }> {
  const headers = { Authorization: `Bearer ${mock.token}` };
  const body = await (await mock.fetch(new Request(`http://x${path}`, { headers }))).text();
  const source = `
    const body = Buffer.from(${JSON.stringify(body)});
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length };
    const server = require('node:http').createServer((request, response) => response.writeHead(200, headers).end(body));
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await new Promise<string[]>((resolve) => createInterface(child.stdout).on('line', (line) => resolve([line])));
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

type Peers = Record<string, () => Promise<unknown>>;

async function peersOf(url: string, headers: Record<string, string>): Promise<Peers | undefined> {
  try {
    const peers = (await import(new URL('peers/index.js', import.meta.url).href)) as { peersOf: (...args: unknown[]) => Peers };
    return peers.peersOf(url, headers);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.log('ky, got and axios are not installed, and left out. To compare with them: npm ci --prefix scripts/bench/peers');
    return undefined;
  }
}

const server = await startBareServer();
try {
  const { billing } = createPartnerClient({ token: mock.token, baseUrl: server.url }).customers.byId(customerId).profiles;
  const bare = createClient<paths>({ baseUrl: server.url });
  const params = { path: { 'customer-tenant-id': customerId } };
  const newHeaders = () => ({
    Accept: 'application/json',
    Authorization: `Bearer ${mock.token}`,
    'MS-RequestId': crypto.randomUUID(),
    'MS-CorrelationId': crypto.randomUUID(),
  });
  const peers = await peersOf(server.url + path, newHeaders());
  for (const concurrency of [1, 50]) {
    const times = await ratios(
      {
        'bare openapi-fetch with the same headers': () =>
          bare.GET('/v1/customers/{customer-tenant-id}/profiles/billing', { params, headers: newHeaders() }),
        'the client': () => billing.get(),
        ...peers,
      },
      { concurrency },
    );
    console.log(`GET, ${concurrency} at once, as multiples of the time of bare openapi-fetch with the same headers:`);
    for (const [name, ratio] of Object.entries(times).slice(1)) console.log(`  ${name}: ${ratio.toFixed(2)} ×`);
  }
} finally {
  server.stop();
}

writeFileSync(`${built}/empty.js`, '');
const importMs = async (file: string): Promise<number> => {
  const script = `const at = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - at);`;
  return Number((await measureProcess('--input-type=module', '-e', script)).out);
};
const overEmptyMs: number[] = [];
for (let round = 0; round < 15; round += 1)
  overEmptyMs.push((await importMs(`${built}/src/index.js`)) - (await importMs(`${built}/empty.js`)));
console.log(`Import: ${median(overEmptyMs).toFixed(0)} ms over that of an empty module`);

const edited = createPartnerClient({ token: mock.token, fetch: mock.fetch }).customers.byId(customerId).profiles.billing;
let edits = 0;
const edit = async (until: number): Promise<void> => {
  while (edits < until) await edited.edit({ companyName: `Company ${(edits += 1)}` });
};
await edit(20_000);
const before = { heap: await heapBytes(), rss: process.memoryUsage().rss };
await edit(100_000);
const after = { heap: await heapBytes(), rss: process.memoryUsage().rss };
console.log(
  `Memory after 100,000 edits: heap ${(after.heap / before.heap).toFixed(2)} ×, resident ${(after.rss / before.rss).toFixed(2)} × that after 20,000`,
);
