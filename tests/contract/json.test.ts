import { expect, test } from 'vitest';
import { parseJson } from '../../src/contract/json.ts';

test('reads JSON with and without a byte order mark', () => {
  expect(parseJson('\uFEFF{"a":1}')).toEqual({ a: 1 });
  expect(parseJson('{"a":1}')).toEqual({ a: 1 });
  expect(parseJson('null')).toBeNull();
});

test('gives undefined for anything else', () => {
  for (const text of ['', '<html>', '{', '{"a":1}}', 'undefined']) expect(parseJson(text)).toBeUndefined();
});

test('stops at 64 levels, wherever brackets stand in strings', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  expect(parseJson(nested(64))).toBeDefined();
  expect(parseJson(nested(65))).toBeUndefined();
  expect(parseJson('{"a":'.repeat(100_000))).toBeUndefined();
  expect(parseJson(JSON.stringify('[{'.repeat(100)))).toBe('[{'.repeat(100));
  expect(parseJson(JSON.stringify({ 'a\\"': ['"', '\\'] }))).toEqual({ 'a\\"': ['"', '\\'] });
});
