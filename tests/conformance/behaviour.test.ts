import { describe, expect, test } from 'vitest';
import { runConformance } from '../../src/conformance/index.ts';
import { behaviourQuestions } from '../../src/contract/behaviour.ts';
import { behaviourPresets, createMockService } from '../../src/mock/index.ts';
import { answersTo, anyBehaviours, expectSeen, observe, questions } from '../suites/any-behaviour.ts';
import { targetOf } from '../support/target.ts';

// Thousands more are in tests/slow.
describe('what a service does is seen, whatever else it does', () => {
  const services = anyBehaviours(16, 20261123);

  test('every answer of every question is among these services', () => {
    for (const question of questions) {
      const answers = new Set(services.map((service) => JSON.stringify(service[question])));
      expect([...answers].toSorted(), question).toEqual(
        answersTo(question)
          .map((answer) => JSON.stringify(answer))
          .toSorted(),
      );
    }
  });

  test.each(services.map((service) => [JSON.stringify(service), service] as const))('%s', (_, service) => expectSeen(service));
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
  expect(observed('behaviour.shows-empty-if-match')).toBe('empty If-Match, no ETag in the body: 428 with code 428');
  expect(observed('behaviour.shows-missing-members')).toBe('without Culture, Language, CompanyName, DefaultAddress: 400 with code 3000');
  expect(observed('behaviour.shows-country-change')).toBe('other country: accepted, then CA');
  expect(observed('behaviour.shows-culture-change')).toBe('other culture, in upper case: accepted, then de-DE');
  expect(observed('etag.refuses-stale-write')).toBe('stale ETag: 412');
});
