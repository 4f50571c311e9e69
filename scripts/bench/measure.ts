/** How things are measured: side by side in one run, in short rounds that alternate, because the machine is shared. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Milliseconds for a number of requests, so many at once. */
export async function timeMs(request: () => Promise<unknown>, count: number, concurrency: number): Promise<number> {
  let left = count;
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    while ((left -= 1) >= 0) await request();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return performance.now() - startedAt;
}

/** The time of each subject as a multiple of that of the first one: the median over rounds in which all take turns. */
export async function ratios<Name extends string>(
  subjects: Record<Name, () => Promise<unknown>>,
  { concurrency, rounds = 41, requestsPerRound = 200 }: { concurrency: number; rounds?: number; requestsPerRound?: number },
): Promise<Record<Name, number>> {
  const names = Object.keys(subjects) as Name[];
  for (const name of names) await timeMs(subjects[name], 5 * requestsPerRound, concurrency);
  const seen = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const timesMs = new Map<Name, number>();
    // Each begins as often as it ends.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      timesMs.set(name, await timeMs(subjects[name], requestsPerRound, concurrency));
    }
    for (const name of names) seen.get(name)!.push(timesMs.get(name)! / timesMs.get(names[0]!)!);
  }
  return Object.fromEntries(names.map((name) => [name, median(seen.get(name)!)])) as Record<Name, number>;
}

/** Runs Node in a process of its own: milliseconds from start to end, its peak of resident memory, and what it printed. */
export async function measureProcess(...args: string[]): Promise<{ wallMs: number; peakMB: number; out: string }> {
  const sayPeak = "data:text/javascript,process.on('exit',()=>process.stderr.write(`peak ${process.resourceUsage().maxRSS}`))";
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', sayPeak, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (err += String(text)));
  await once(child, 'close');
  return { wallMs: performance.now() - startedAt, peakMB: Number(/peak (\d+)/.exec(err)![1]) / 1024, out };
}

export const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

function buildPackage(): string {
  const folder = fromRoot('node_modules/.cache/bench-dist');
  rmSync(folder, { recursive: true, force: true });
  spawnSync(process.execPath, [fromRoot('node_modules/typescript/bin/tsc'), '-p', fromRoot('tsconfig.build.json'), '--outDir', folder]);
  writeFileSync(`${folder}/package.json`, '{"type":"module"}');
  return folder;
}

/**
 * The folder of a fresh build of the package, inside node_modules, where its dependencies are found. It is what a user has installed: what
 * runs the sources of a script adds to the price of every function.
 */
export const builtPackage = buildPackage();

/** Bytes on the heap after all garbage is gone, that of finalizers too. */
export async function heapBytes(): Promise<number> {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return process.memoryUsage().heapUsed;
}
