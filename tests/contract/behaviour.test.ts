import { expect, test } from 'vitest';
import { behaviourPresets, behaviourQuestions } from '../../src/contract/behaviour.ts';
import { problemsOf } from '../../src/contract/file-problems.ts';

test.each(Object.entries(behaviourPresets))('the preset %s answers every question, with an answer that exists', (_, preset) => {
  expect(Object.keys(preset)).toEqual(Object.keys(behaviourQuestions));
  expect(problemsOf('behaviour', preset)).toEqual([]);
});

test('a part of a behaviour will do', () => {
  expect(problemsOf('behaviour', { stale: { status: 409 } })).toEqual([]);
  expect(problemsOf('behaviour', {})).toEqual([]);
});
