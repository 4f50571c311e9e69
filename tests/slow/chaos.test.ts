import { expect, test } from 'vitest';
import { playScenarios } from '../suites/edits-in-chaos.ts';

const seed = Date.now() % 2 ** 31;

test(`20,000 interleavings of calls in chaos, seed ${seed}`, async () => {
  const tally = await playScenarios(20_000, seed);
  // What no client can know: a PUT that is duplicated below it, and an ETag that comes back.
  console.info(tally); // oxlint-disable-line no-console
  expect(Object.keys(tally).filter((what) => !what.startsWith('apart'))).toEqual([]);
});
