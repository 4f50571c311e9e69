import { expect, test } from 'vitest';
import { behaviourPresets, behaviourQuestions, parseBehaviour } from '../../src/contract/behaviour.ts';

test.each(Object.entries(behaviourPresets))('the preset %s answers every question, with an answer that exists', (_, preset) => {
  expect(Object.keys(preset)).toEqual(Object.keys(behaviourQuestions));
  expect(parseBehaviour(JSON.parse(JSON.stringify(preset)))).toEqual(preset);
});

test('a part of a behaviour will do', () => {
  expect(parseBehaviour({ stale: { status: 409 } })).toEqual({ stale: { status: 409 } });
  expect(parseBehaviour({})).toEqual({});
});

test.each([
  [null, 'JSON object'],
  [[], 'JSON object'],
  [{ colour: 'red' }, '"colour" is not a question'],
  [{ precondition: 'sometimes' }, '"header", "header-or-body", "optional"'],
  [{ byteOrderMark: 'true' }, 'true, false'],
  [{ stale: 412 }, '"stale" wants'],
  [{ stale: { status: 200 } }, '"stale" wants'],
  [{ stale: { status: 412, code: '2055' } }, '"stale" wants'],
  [{ stale: { status: 412, why: 'x' } }, '"stale" wants'],
  [JSON.parse('{"__proto__":{}}'), '"__proto__" is not a question'],
])('%j is refused, and what there is is named: %s', (json, why) => {
  expect(() => parseBehaviour(json)).toThrow(why);
  expect(() => parseBehaviour(json)).toThrow(TypeError);
});
