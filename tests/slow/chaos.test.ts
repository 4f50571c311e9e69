import { expect, test } from 'vitest';
import { playScenarios } from '../suites/edits-in-chaos.ts';

const seed = Date.now() % 2 ** 31;

test(`10,000 interleavings of edits in chaos, seed ${seed}`, async () => {
  await expect(playScenarios(10_000, seed)).resolves.toBeUndefined();
});
