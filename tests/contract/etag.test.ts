import { expect, test } from 'vitest';
import { toIfMatch } from '../../src/contract/etag.ts';

test.each([
  ['-4242348048554929329', '"-4242348048554929329"'],
  ['"933523d1-3f63-4fc3-8789-5e21c02cdaed"', '"933523d1-3f63-4fc3-8789-5e21c02cdaed"'],
  [`W/"datetime'2018-10-10T18%3A49%3A58.727348Z'"`, `W/"datetime'2018-10-10T18%3A49%3A58.727348Z'"`],
  ['eyJpZCI6MX0=', '"eyJpZCI6MX0="'],
  ['*', '"*"'],
  ['W/x', '"W/x"'],
  ['two words', '"two words"'],
])('%s travels as %s', (etag, header) => {
  expect(toIfMatch(etag)).toBe(header);
});

test.each([[''], ['a"b'], ['"open'], ['line\nend'], ['"\r\nX: y"'], ['漢字']])('%j is refused, without being repeated', (etag) => {
  expect(() => toIfMatch(etag)).toThrow(TypeError);
  if (etag !== '') expect(() => toIfMatch(etag)).not.toThrow(etag);
});
