import { expect, test } from 'vitest';
import { playScenarios } from '../suites/edits-in-chaos.ts';

// Twenty thousand of them, with a seed of the day, are in tests/slow.
test('500 interleavings of calls in chaos, seed 20261125: no update is lost or made twice, and no call is told what is not so', async () => {
  const tally = await playScenarios(500, 20261125);
  expect(Object.keys(tally).filter((what) => !what.startsWith('apart'))).toEqual([]);
});
