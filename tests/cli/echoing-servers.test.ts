import { expect, test } from 'vitest';
import { listenTo, listenToTheOthers } from '../suites/echoing-servers.ts';

const seed = Date.now() % 2 ** 31;

// Fifty and more are in tests/slow/echoing-servers.test.ts.
test(`no command tells the token that a server repeats, nor a name of the customer: seed ${seed}`, async () => {
  await expect(listenTo(seed)).resolves.toBeUndefined();
});

test('nor does one that talks to no server', async () => {
  await expect(listenToTheOthers()).resolves.toBeUndefined();
});
