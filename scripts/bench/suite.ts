/** The suite on the embedded mock: its time, its memory. */
import { build } from 'esbuild';
import { createMockService } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';
import { fromRoot, measureProcess, median, timeMs } from './measure.ts';

const rounds = 7;
const bundle = fromRoot('node_modules/.cache/pc-billing-bench.mjs');
const entry = fromRoot('src/cli/main.ts');
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
for (let round = 0; round < rounds; round += 1) {
  runs.push({ suite: await measureProcess(bundle, 'conformance'), empty: await measureProcess('-e', '') });
}
const requests = Number(/\((\d+) requests\)/.exec(runs[0]!.suite.out)![1]);
const suiteMs = median(runs.map(({ suite }) => suite.wallMs));
const suiteMB = Math.max(...runs.map(({ suite }) => suite.peakMB));
const emptyMB = median(runs.map(({ empty }) => empty.peakMB));

const mock = createMockService();
const served = await serve(mock, { port: 0 });
const url = `${served.url}/v1/customers/${mock.customers.ids()[0]}/profiles/billing`;
const get = async () => (await fetch(url, { headers: { Authorization: `Bearer ${mock.token}` } })).arrayBuffer();
await timeMs(get, 1500, 1);
const getsMs = ((await timeMs(get, 1500, 1)) / 1500) * requests;
await served.close();

console.log(`The suite on the embedded mock, all modes, ${requests} requests, process start included:`);
console.log(`  ${suiteMs.toFixed(0)} ms, ${(suiteMs / getsMs).toFixed(2)} × the time of as many plain GETs of the mock`);
console.log(`  ${suiteMB.toFixed(0)} MB at most, ${(suiteMB / emptyMB).toFixed(2)} × the peak of a Node process that does nothing`);
