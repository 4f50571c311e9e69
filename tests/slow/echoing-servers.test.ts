import { expect, test } from 'vitest';
import { listenTo } from '../suites/echoing-servers.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const servers = Number(process.env.SERVERS ?? 100);

test(`${servers} servers that repeat the token in any spelling, at any place, seed ${seed}`, async () => {
  for (let index = 0; index < servers; index += 1) await expect(listenTo(seed + index)).resolves.toBeUndefined();
});
