/**
 * The mock over HTTP: throughput beside a bare node:http server that sends the same bytes and beside Prism on the same contract, its
 * start, and its memory. Every server and the load (autocannon) are processes of their own. Rounds alternate, and the median of the ratios
 * counts, because the machine is shared. Nothing here is a test.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { promisify } from 'node:util';
import { builtPackage, fromRoot, median } from './measure.ts';

const peers = fromRoot('scripts/bench/peers/node_modules');
if (!existsSync(`${peers}/autocannon`) || !existsSync(`${peers}/@stoplight/prism-cli`)) {
  console.error('The mock is measured against peers that are not installed with the project. Run: npm ci --prefix scripts/bench/peers');
  process.exit(1);
}

const rounds = 5;
const connections = 50;
const running: ChildProcess[] = [];
const start = (...args: string[]): ChildProcess => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  return child;
};

/** Starts the mock as a user does. `heapMB` collects garbage in it first. */
async function startMock() {
  // What the last connections held is let go of some turns after they are closed.
  const collect =
    "let turns=20;const next=()=>{gc();if(turns--)setTimeout(next,50);else process.stderr.write('heap '+process.memoryUsage().heapUsed+'\\n')};next()";
  const onSignal = `data:text/javascript,process.on('SIGUSR2',()=>{${collect}})`;
  const startedAt = performance.now();
  const child = start('--expose-gc', '--import', onSignal, `${builtPackage}/src/cli/main.js`, 'mock', '--json', '--port', '0');
  const { url, customerIds } = JSON.parse(String((await once(child.stdout!, 'data'))[0])) as { url: string; customerIds: string[] };
  const target = `${url}/v1/customers/${customerIds[0]}/profiles/billing`;
  const response = await fetch(target, { headers: { Authorization: 'Bearer mock-token' } });
  const body = Buffer.from(await response.arrayBuffer());
  return {
    target,
    pid: child.pid!,
    startMs: performance.now() - startedAt,
    answer: { headers: [...response.headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name)), body },
    rssMB: async (): Promise<number> => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    heapMB: async (): Promise<number> => {
      child.kill('SIGUSR2');
      return Number(String((await once(child.stderr!, 'data'))[0]).split(' ')[1]) / 1024 / 1024;
    },
    stop: async (): Promise<void> => {
      child.kill();
      await once(child, 'close');
    },
  };
}

/** Requests a second, as autocannon counts them. */
async function load(target: string, ...more: string[]): Promise<number> {
  const args = [
    `${peers}/autocannon/autocannon.js`,
    '-j',
    '-c',
    String(connections),
    '-H',
    'Authorization=Bearer mock-token',
    ...more,
    target,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { requests, non2xx, errors } = JSON.parse(stdout) as { requests: { average: number }; non2xx: number; errors: number };
  if (non2xx + errors > 0) throw new Error(`${target}: ${non2xx} answers that are not 2xx, ${errors} errors.`);
  return requests.average;
}

interface Server {
  target: string;
  pid: number;
}

/** Processor time that a process has had, in seconds: unlike the clock it does not count what others do on the machine. */
async function cpuSeconds(pid: number): Promise<number> {
  // The name of a program may hold spaces; after it, user and system time are the 12th and 13th, in hundredths.
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ').map(Number);
  return (fields[11]! + fields[12]!) / 100;
}

async function compare(name: string, subject: Server, baseline: Server): Promise<void> {
  const seconds = 2;
  const rounded: { perSecond: number; cpuMicroseconds: number }[][] = [];
  for (const { target } of [subject, baseline]) await load(target, '-d', '1');
  for (let round = 0; round < rounds; round += 1) {
    const pair: { perSecond: number; cpuMicroseconds: number }[] = [];
    for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const { target, pid } = [subject, baseline][index]!;
      const before = await cpuSeconds(pid);
      const perSecond = await load(target, '-d', String(seconds));
      pair[index] = { perSecond, cpuMicroseconds: (((await cpuSeconds(pid)) - before) * 1e6) / (perSecond * seconds) };
    }
    rounded.push(pair);
  }
  const ratio = median(rounded.map(([ours, theirs]) => ours!.perSecond / theirs!.perSecond));
  const cpuRatio = median(rounded.map(([ours, theirs]) => theirs!.cpuMicroseconds / ours!.cpuMicroseconds));
  const [ours, theirs] = [0, 1].map((index) => Math.round(median(rounded.map((pair) => pair[index]!.perSecond))));
  console.log(
    `GET of the mock over HTTP, ${connections} at once: ${ratio.toFixed(2)} × the requests a second of ${name} (${ours} and ${theirs}), ` +
      `${cpuRatio.toFixed(2)} × those of a second of processor time`,
  );
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

const bareServer = `
const [port, headers, body] = process.argv.slice(1);
const bytes = Buffer.from(body, 'base64');
require('node:http').createServer((_, response) => response.writeHead(200, JSON.parse(headers)).end(bytes)).listen(port, '127.0.0.1', () => console.log('up'));`;

try {
  const starts: number[] = [];
  const ratios: number[] = [];
  const idles: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const emptyAt = performance.now();
    await once(start('-e', ''), 'close');
    const emptyMs = performance.now() - emptyAt;
    const one = await startMock();
    starts.push(one.startMs);
    ratios.push(one.startMs / emptyMs);
    await new Promise((resolve) => setTimeout(resolve, 500));
    idles.push(await one.rssMB());
    await one.stop();
  }
  console.log(
    `The mock's start to its first answer: ${median(starts).toFixed(0)} ms, ${median(ratios).toFixed(2)} × a Node process that does nothing; ` +
      `idle after it: ${median(idles).toFixed(0)} MB`,
  );

  const mock = await startMock();
  const barePort = await freePort();
  const { headers, body } = mock.answer;
  const bare = start('-e', bareServer, String(barePort), JSON.stringify(Object.fromEntries(headers)), body.toString('base64'));
  await once(bare.stdout!, 'data');
  await compare('a bare node:http server with the same bytes', mock, {
    target: mock.target.replace(/:\d+/, `:${barePort}`),
    pid: bare.pid!,
  });
  bare.kill();

  const prismPort = await freePort();
  const prism = start(
    `${peers}/@stoplight/prism-cli/dist/index.js`,
    'mock',
    fromRoot('generated/openapi.json'),
    '-p',
    String(prismPort),
    '-v',
    'fatal',
  );
  const prismTarget = mock.target.replace(/:\d+/, `:${prismPort}`);
  while (!(await fetch(prismTarget).then(() => true, () => false))) await new Promise((resolve) => setTimeout(resolve, 100)); // prettier-ignore
  await compare('Prism on the same contract', mock, { target: prismTarget, pid: prism.pid! });
  prism.kill();

  const write = [
    '-m',
    'PUT',
    '-H',
    'Content-Type=application/json',
    '-H',
    'If-Match=*',
    '-i',
    fromRoot('openapi/examples/update-request.json'),
  ];
  const send = async (count: number): Promise<void> => {
    await load(mock.target, '-a', String(count / 2), ...write);
    await load(mock.target, '-a', String(count / 2));
  };
  await send(20_000);
  const [heapMB, rssMB] = [await mock.heapMB(), await mock.rssMB()];
  await send(200_000);
  const [heapAfterMB, rssAfterMB] = [await mock.heapMB(), await mock.rssMB()];
  console.log(
    `Memory of the mock after 200,000 more requests, half of them writes: heap ${(heapAfterMB / heapMB).toFixed(2)} ×, resident ${(rssAfterMB / rssMB).toFixed(2)} × ` +
      `that after 20,000 (${heapMB.toFixed(1)} and ${heapAfterMB.toFixed(1)} MB; ${rssMB.toFixed(0)} and ${rssAfterMB.toFixed(0)} MB)`,
  );
} finally {
  for (const child of running) child.kill();
}
