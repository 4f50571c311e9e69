/**
 * Speed and memory, each as a ratio to a named baseline that ran in the same process a moment before or after. Rounds alternate, and the
 * median of the ratios counts, because the machine is shared. Nothing here is a test.
 */
import createClient from 'openapi-fetch';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { paths } from '../src/contract/generated.ts';
import { createPartnerClient } from '../src/index.ts';
import { runConformance } from '../src/conformance/index.ts';
import { createMockService } from '../src/mock/index.ts';
import { serve } from '../src/mock/node.ts';

const rounds = 7;
const requestsPerRound = 1500;
const mock = createMockService();
const [customerId, otherCustomerId] = mock.customers.ids() as [string, string];
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

const target = { baseUrl: served.url, token: mock.token, customerId, otherCustomerId };
const durations: number[] = [];
let requests = 0;
for (let round = 0; round < rounds; round += 1) {
  const report = await runConformance(target);
  durations.push(report.durationMs);
  requests = report.requests;
}
const getsMs = await timeMs(() => drained(served.url), 1);
const ratio = median(durations) / ((getsMs / requestsPerRound) * requests);
console.log(`The suite on the mock over HTTP, ${requests} requests: ${ratio.toFixed(2)} × the time of as many plain GETs`);

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
