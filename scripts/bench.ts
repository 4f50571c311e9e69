/**
 * Speed and memory, each as a ratio to a named baseline that ran in the same process a moment before or after. Rounds alternate, and the
 * median of the ratios counts, because the machine is shared. Nothing here is a test.
 */
import createClient from 'openapi-fetch';
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { paths } from '../src/contract/generated.ts';
import { createPartnerClient } from '../src/index.ts';
import { createMockService } from '../src/mock/index.ts';
import { serve } from '../src/mock/node.ts';

const rounds = 7;
const requestsPerRound = 1500;
const mock = createMockService();
const [customerId] = mock.customers.ids() as [string];
const path = `/v1/customers/${customerId}/profiles/billing`;
const headers = { Authorization: `Bearer ${mock.token}` };

const body = new Uint8Array(await (await mock.fetch(new Request(`http://x${path}`, { headers }))).arrayBuffer());
const bareServer = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' }).end(body));
await new Promise<void>((resolve) => bareServer.listen(0, '127.0.0.1', resolve));
const bareUrl = `http://127.0.0.1:${(bareServer.address() as AddressInfo).port}`;
const served = await serve(mock, { port: 0 });

/** Milliseconds for a round of requests, so many at once. */
async function timeMs(request: () => Promise<unknown>, concurrency: number): Promise<number> {
  let left = requestsPerRound;
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    while ((left -= 1) >= 0) await request();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return performance.now() - startedAt;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function compare(
  what: string,
  baselineName: string,
  subject: () => Promise<unknown>,
  baseline: () => Promise<unknown>,
): Promise<void> {
  for (const concurrency of [1, 50]) {
    await timeMs(subject, concurrency);
    await timeMs(baseline, concurrency);
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const [first, second] = round % 2 === 0 ? [subject, baseline] : [baseline, subject];
      const [firstMs, secondMs] = [await timeMs(first, concurrency), await timeMs(second, concurrency)];
      ratios.push(round % 2 === 0 ? firstMs / secondMs : secondMs / firstMs);
    }
    console.log(`${what}, ${concurrency} at once: ${median(ratios).toFixed(2)} × the time of ${baselineName}`);
  }
}

const { billing } = createPartnerClient({ token: mock.token, baseUrl: bareUrl }).customers.byId(customerId).profiles;
const bareClient = createClient<paths>({ baseUrl: bareUrl, headers });
const params = { path: { 'customer-tenant-id': customerId } };
await compare('GET through the client', 'bare openapi-fetch', () => billing.get(), () => bareClient.GET('/v1/customers/{customer-tenant-id}/profiles/billing', { params })); // prettier-ignore

const drained = async (url: string): Promise<void> => void (await (await fetch(url + path, { headers })).arrayBuffer());
await compare('GET of the mock over HTTP, client included', 'a bare node:http server with the same bytes', () => drained(served.url), () => drained(bareUrl)); // prettier-ignore

/** Runs Node in a process of its own: milliseconds from start to end, and its peak of resident memory. */
async function measure(...args: string[]): Promise<{ wallMs: number; peakMB: number; out: string }> {
  const sayPeak = "data:text/javascript,process.on('exit',()=>process.stderr.write(`peak ${process.resourceUsage().maxRSS}`))";
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', sayPeak, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (err += String(text)));
  await once(child, 'close');
  return { wallMs: performance.now() - startedAt, peakMB: Number(/peak (\d+)/.exec(err)![1]) / 1024, out };
}

const bundle = fileURLToPath(new URL('../node_modules/.cache/pc-billing-bench.mjs', import.meta.url));
const entry = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
await build({
  entryPoints: [entry],
  outfile: bundle,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
});
const runs = [];
for (let round = 0; round < rounds; round += 1) runs.push({ suite: await measure(bundle, 'conformance'), empty: await measure('-e', '') });
const requests = Number(/\((\d+) requests\)/.exec(runs[0]!.suite.out)![1]);
const suiteMs = median(runs.map(({ suite }) => suite.wallMs));
const suiteMB = Math.max(...runs.map(({ suite }) => suite.peakMB));
const getsMs = ((await timeMs(() => drained(served.url), 1)) / requestsPerRound) * requests;
console.log(`The suite on the embedded mock, all modes, ${requests} requests, process start included:`);
console.log(`  ${suiteMs.toFixed(0)} ms, ${(suiteMs / getsMs).toFixed(2)} × the time of as many plain GETs of the mock`);
const emptyMB = median(runs.map(({ empty }) => empty.peakMB));
console.log(`  ${suiteMB.toFixed(0)} MB at most, ${(suiteMB / emptyMB).toFixed(2)} × the peak of a Node process that does nothing`);

const heapBytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
const profile = await createPartnerClient({ token: mock.token, fetch: mock.fetch }).customers.byId(customerId).profiles.billing.get();
const writer = createPartnerClient({ token: mock.token, fetch: mock.fetch }).customers.byId(customerId).profiles.billing;
let last = profile;
const write = async (count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) last = await writer.update(last);
};
await write(5_000);
const beforeBytes = heapBytes();
await write(20_000);
console.log(`Heap after 25,000 writes: ${(heapBytes() / beforeBytes).toFixed(2)} × that after 5,000`);

await served.close();
bareServer.close();
bareServer.closeAllConnections();
