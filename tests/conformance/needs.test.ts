import { expect, test } from 'vitest';
import { consequencesOf } from '../../scripts/consequences.ts';
import { requirements } from '../../src/conformance/index.ts';

// What is untestable is derived from `needs`, in the suite and in its tests, so that a need that is lost would be seen nowhere else.
// `npx vitest run tests/conformance/needs.test.ts -u` takes a change over; read the diff.
test('each requirement needs what the golden file says', async () => {
  const lines = requirements.map(({ id, needs }) => `${id} -> ${needs.join(', ') || 'nothing'}\n`);
  await expect(lines.join('')).toMatchFileSnapshot('needs.golden.txt');
});

test('untestable is what needs a failed requirement, directly or by way of others, and did not fail itself', () => {
  const graph = [
    { id: 'a', needs: [] },
    { id: 'b', needs: ['a'] },
    { id: 'c', needs: ['b'] },
    { id: 'd', needs: [] },
    { id: 'e', needs: ['d', 'c'] },
  ];
  expect(consequencesOf(['a'], graph)).toEqual(['b', 'c', 'e']);
  expect(consequencesOf(['a', 'c'], graph)).toEqual(['b', 'e']);
  expect(consequencesOf(['e'], graph)).toEqual([]);
});
