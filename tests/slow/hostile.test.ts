import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { attackInProcess, attackOverHttp } from '../suites/hostile-requests.ts';

const seed = Date.now() % 2 ** 31;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const usedBytes = async (): Promise<number> => {
  // Buffers and sockets are let go of a turn after the objects that held them.
  for (let turn = 0; turn < 5; turn += 1) {
    collect();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

test.each(['observed', 'documented'] as const)(
  `%s: 10,000 hostile requests, 2,000 of them over HTTP, seed ${seed}; memory stays flat`,
  async (behaviour) => {
    await attackInProcess(behaviour, 1_000, seed);
    await attackOverHttp(behaviour, 500, seed);
    const warmBytes = await usedBytes();
    const kept = await attackInProcess(behaviour, 8_000, seed + 1);
    await attackOverHttp(behaviour, 2_000, seed + 1);
    // The mock that was attacked is still there: what it holds counts.
    expect(kept.mock.journal).toHaveLength(100);
    expect((await usedBytes()) - warmBytes).toBeLessThan(8 * 1024 * 1024);
  },
);
