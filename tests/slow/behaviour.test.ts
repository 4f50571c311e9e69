import { describe, test } from 'vitest';
import { behaviourPresets } from '../../src/mock/index.ts';
import { answersTo, anyBehaviours, expectSeen, questions } from '../suites/any-behaviour.ts';

describe.each(['observed', 'documented'] as const)('all else as %s', (preset) => {
  describe.each(questions)('%s', (question) => {
    test.each(answersTo(question))('%j', (answer) => expectSeen({ ...behaviourPresets[preset], [question]: answer }));
  });
});

const seed = Date.now() % 2 ** 31;
const count = 500;
test(`${count} services, seed ${seed}: each is seen as it is`, async () => {
  for (const service of anyBehaviours(count, seed)) await expectSeen(service);
});
