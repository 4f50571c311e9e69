import { describe, expect, test } from 'vitest';
import { requirements, runConformance } from '../../src/conformance/index.ts';
import { behaviourQuestions, type ServiceBehaviour } from '../../src/contract/behaviour.ts';
import { behaviourPresets, createMockService } from '../../src/mock/index.ts';
import { targetOf } from '../support/target.ts';

// Those that settle a question, and what they stand on; the others would only take their time.
const observing = requirements.filter(({ id }) =>
  /^(read|etag|behaviour|error|customer)\.|^write\.(takes|keeps-identity|stores-(what|last))/.test(id),
);
const observe = async (behaviour: Partial<ServiceBehaviour>): Promise<Partial<ServiceBehaviour>> =>
  (await runConformance(targetOf(createMockService({ behaviour })), { requirements: observing, sleep: () => Promise.resolve() })).behaviour;

const answersTo = (question: keyof ServiceBehaviour): readonly unknown[] => {
  const answers = behaviourQuestions[question];
  return answers === 'refusal' ? [{ status: 412 }, { status: 400, code: 2055 }, { status: 409, code: 7 }] : answers;
};

describe.each(Object.keys(behaviourQuestions) as (keyof ServiceBehaviour)[])('%s', (question) => {
  // The preset that has another answer than most, so that each question is seen beside both answers of the others.
  test.each(answersTo(question).map((answer, index) => [answer, index % 2 === 0 ? 'observed' : 'documented'] as const))(
    '%j, all else as %s',
    async (answer, preset) => {
      const behaviour = { ...behaviourPresets[preset], [question]: answer } as ServiceBehaviour;
      // How a missing ETag is refused cannot be seen where it is not.
      const { missingPrecondition, ...others } = behaviour;
      const visible = behaviour.precondition === 'optional' ? others : { ...others, missingPrecondition };
      const seen = await observe(behaviour);
      expect(seen).toEqual(visible);
    },
  );
});

test('a mock of what was seen is seen as the same, also when not all was seen', async () => {
  const seen = await observe({ ...behaviourPresets.documented, precondition: 'optional' });
  expect(seen).not.toHaveProperty('missingPrecondition');
  expect(await observe(seen)).toEqual(seen);
});

test('what was not looked at, or could not be told, is absent', async () => {
  const byMode = async (mode: 'read' | 'write') => Object.keys((await runConformance(targetOf(createMockService()), { mode })).behaviour);
  expect(await byMode('read')).toEqual(['byteOrderMark', 'linkPrefix', 'errorCode']);
  expect((await byMode('write')).toSorted()).toEqual(Object.keys(behaviourQuestions).toSorted());
  const blind = await runConformance(targetOf(createMockService({ faults: ['accepts-stale-etag'] })));
  expect(Object.keys(blind.behaviour).toSorted()).toEqual(['byteOrderMark', 'errorCode', 'linkPrefix', 'missingPrecondition']);
});

test('what is seen of no question of a behaviour is written down in words', async () => {
  const { results } = await runConformance(targetOf(createMockService({ behaviour: 'documented' })));
  const observed = (id: string): string | undefined => results.find((result) => result.id === id)!.observed;
  expect(observed('behaviour.shows-empty-if-match')).toBe('an empty If-Match, without an ETag in the body: answered 428 with code 428');
  expect(observed('behaviour.shows-missing-members')).toContain('without CompanyName: answered 400 with code 3000');
  expect(observed('behaviour.shows-country-change')).toBe('another country: accepted, then CA');
  expect(observed('behaviour.shows-culture-change')).toBe('another culture, in upper case: accepted, then de-DE');
  expect(observed('etag.refuses-stale-write')).toBe('stale: {"status":412}');
});
