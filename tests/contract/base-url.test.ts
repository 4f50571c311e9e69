import { expect, test } from 'vitest';
import { resolveBaseUrl } from '../../src/contract/base-url.ts';

test.each([
  ['https://api.partnercenter.microsoft.com', 'https://api.partnercenter.microsoft.com', false],
  ['https://api.partnercenter.microsoft.com/', 'https://api.partnercenter.microsoft.com', false],
  ['https://api.partnercenter.microsoft.com/v1', 'https://api.partnercenter.microsoft.com', false],
  ['https://API.partnercenter.microsoft.com/V1/', 'https://api.partnercenter.microsoft.com', false],
  ['https://proxy.example/pc/v1', 'https://proxy.example/pc', false],
  ['https://localhost.example', 'https://localhost.example', false],
  ['http://127.0.0.1:4010', 'http://127.0.0.1:4010', true],
  ['http://127.9.9.9:1/', 'http://127.9.9.9:1', true],
  ['http://localhost:4010/v1', 'http://localhost:4010', true],
  ['http://mock.localhost', 'http://mock.localhost', true],
  ['http://[::1]:4010', 'http://[::1]:4010', true],
])('%s is %s, on this machine: %s', (text, url, isThisMachine) => {
  expect(resolveBaseUrl(text)).toEqual({ url, isThisMachine });
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
  expect(() => resolveBaseUrl(text)).toThrow(why);
  expect(() => resolveBaseUrl(text)).toThrow(TypeError);
  expect(() => resolveBaseUrl(text)).not.toThrow('secret');
});
