import { describe, expect, test } from 'vitest';
import { endRun, killed, survivable, twice } from '../suites/ended-runs.ts';

const seed = Date.now() % 2 ** 31;

// Each signal by itself is in restore.test.ts; many of all kinds are in tests/slow/ended-runs.test.ts.
const chosen = ['both outputs closed, then SIGINT', 'state folder removed, then SIGTERM', 'a file in the place of the state folder'];
const endings = survivable.filter(({ name }) => chosen.some((beginning) => name.startsWith(beginning)));

describe.concurrent(`a run that ends at a random moment, seed ${seed}`, () => {
  test('is ended or hindered in every way that is chosen here', () => expect(endings).toHaveLength(chosen.length));

  test.each(endings)('leaves the profile as it was: $name', async (ending) => {
    await endRun(ending, seed, 0);
  });

  test.each([killed(1), twice])('is put back by restore: $name', async (ending) => {
    await endRun(ending, seed + 1, 0);
  });
});
