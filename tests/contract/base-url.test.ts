import { expect, test } from 'vitest';
import { parseBaseUrl } from '../../src/contract/base-url.ts';

test.each([
  ['https://api.partnercenter.microsoft.com', 'https://api.partnercenter.microsoft.com'],
  ['https://api.partnercenter.microsoft.com/', 'https://api.partnercenter.microsoft.com'],
  ['https://api.partnercenter.microsoft.com/v1', 'https://api.partnercenter.microsoft.com'],
  ['https://API.partnercenter.microsoft.com/V1/', 'https://api.partnercenter.microsoft.com'],
  ['https://proxy.example/pc/v1', 'https://proxy.example/pc'],
  ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
  ['http://127.9.9.9:1/', 'http://127.9.9.9:1'],
  ['http://localhost:4010/v1', 'http://localhost:4010'],
  ['http://mock.localhost', 'http://mock.localhost'],
  ['http://[::1]:4010', 'http://[::1]:4010'],
])('%s is %s', (text, baseUrl) => {
  expect(parseBaseUrl(text)).toBe(baseUrl);
});

test.each([
  ['nonsense', 'not an http'],
  ['', 'not an http'],
  ['ftp://localhost', 'not an http'],
  ['http://api.partnercenter.microsoft.com', 'clear text'],
  ['http://127.0.0.1.evil.example', 'clear text'],
  ['http://localhost.evil.example', 'clear text'],
  ['http://0.0.0.0:1', 'clear text'],
  ['https://user:secret@api.partnercenter.microsoft.com', 'credentials'],
  ['https://api.partnercenter.microsoft.com?key=secret', 'query'],
])('%s is refused: %s', (text, why) => {
  expect(() => parseBaseUrl(text)).toThrow(why);
  expect(() => parseBaseUrl(text)).toThrow(TypeError);
  expect(() => parseBaseUrl(text)).not.toThrow('secret');
});
