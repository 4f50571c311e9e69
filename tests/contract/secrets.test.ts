import { expect, test } from 'vitest';
import { visible } from '../../src/contract/printable.ts';
import { createHider } from '../../src/contract/privacy/secrets.ts';

const token = 'eyJ.canary+/token-8d1f&"x';
const hide = createHider([token]);
const all = (text: string, spell: (code: number) => string): string =>
  [...text].map((character) => spell(character.charCodeAt(0))).join('');
const hex = (code: number): string => code.toString(16).padStart(2, '0');

test.each<[string, string]>([
  ['as it is', token],
  ['percent-encoded where it has to be', encodeURIComponent(token)],
  ['percent-encoded throughout', all(token, (code) => `%${hex(code)}`)],
  ['percent-encoded in capitals', all(token, (code) => `%${hex(code).toUpperCase()}`)],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(token))],
  ['as decimal entities', all(token, (code) => `&#${code};`)],
  ['as hexadecimal entities', all(token, (code) => `&#x${hex(code)};`)],
  ['as HTML has it', token.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
  ['as JSON has it', JSON.stringify(token).slice(1, -1)],
  ['escaped throughout', all(token, (code) => `\\u00${hex(code)}`)],
  ['as JSON in HTML', JSON.stringify(token).slice(1, -1).replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
  ['in small letters', token.toLowerCase()],
  ['in capitals', token.toUpperCase()],
  ['in hexadecimal', all(token, hex)],
  ['in hexadecimal capitals', all(token, hex).toUpperCase()],
  ['in one half', `${encodeURIComponent(token.slice(0, 9))}${token.slice(9)}`],
])('a secret is hidden %s', (_, spelled) => {
  expect(hide(`before ${spelled} after ${spelled}`)).toBe('before <redacted> after <redacted>');
});

test.each(['', 'B', 'Be', 'Bearer ', '{"t":"'])('a secret is hidden in the base64 of a text that begins with %j', (before) => {
  for (const form of ['base64', 'base64url'] as const) {
    for (const spell of [(text: string) => text, encodeURIComponent]) {
      const hidden = hide(`x ${spell(Buffer.from(`${before}${token}`).toString(form))} y`);
      expect(hidden).toContain('<redacted>');
      // What is left is at most the beginning, of which no letter has a bit of the secret.
      const left = hidden.replaceAll('<redacted>', '').replaceAll(/^x | y$|=|%3D/g, '');
      expect(Buffer.from(left, 'base64').toString('latin1')).toBe(
        Buffer.from(before)
          .subarray(0, Math.floor((left.length * 6) / 8))
          .toString('latin1'),
      );
    }
  }
});

test('other text stays as it is, encodings too, and a text of nothing but encodings takes no time', () => {
  const text = '100 % of %41 &amp; &#65; \\u0041 &#99999999; eyJ.canary %zz <b>';
  expect(hide(text)).toBe(text);
  expect(createHider([])(token)).toBe(token);
  expect(createHider([''])(token)).toBe(token);
  const deep = `%${'25'.repeat(200_000)}`;
  expect(hide(deep)).toBe(deep);
});

test('control characters are made visible, line ends and tabs stay, and JSON keeps its values', () => {
  expect(visible('a\tb\nc\u001b[31m\r\u009b\u202e')).toBe('a\tb\nc\\u001b[31m\\u000d\\u009b\\u202e');
  const value = { '\u200e': 'x\u0007\u202e\ud800\\\u0085' };
  expect(JSON.parse(visible(JSON.stringify(value)))).toEqual(value);
});
