import { expect, test } from 'vitest';
import { playScenarios } from '../suites/edits-in-chaos.ts';

// Ten thousand of them, with a seed of the day, are in tests/slow.
test('300 interleavings of edits in chaos, seed 20261123: none is lost, none is made twice, none lies about its fate', async () => {
  await expect(playScenarios(300, 20261123)).resolves.toBeUndefined();
});
