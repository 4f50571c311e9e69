import { expect, test } from 'vitest';
import { throughSink } from '../../src/cli/sink.ts';
import type { World } from '../../src/cli/io.ts';
import { waitWords } from '../../src/cli/print/wait.ts';
import { run } from '../../src/cli/program.ts';
import { defaultToken } from '../../src/mock/service.ts';

function worldOf(more: Partial<World> = {}): { seen: string[]; world: World } {
  const seen: string[] = [];
  const see = (text: string): void => void seen.push(text);
  const world = { out: see, err: see, progress: see, terminal: (text: string) => (see(text), true), env: {}, color: false };
  return { seen, world: { ...world, stopSignal: () => new AbortController().signal, ...more } };
}

const token = 'canary-token-8d1f';

test('every way out hides the token of the environment, and one that is named later', () => {
  let lastWords = (): string => '';
  const stopSignal = (words?: () => string): AbortSignal => ((lastWords = words!), new AbortController().signal);
  const { seen, world } = worldOf({ env: { PARTNER_CENTER_TOKEN: ` ${token}\n` }, stopSignal });
  const io = throughSink(world);
  io.hide('another-secret');
  const words = `${token} ${Buffer.from(token).toString('base64')} another-secret\u001b[2J`;
  io.out(words);
  io.err(words);
  io.progress!(words);
  io.terminal!(words);
  io.stopSignal(() => words);
  expect([...seen, lastWords(), io.clean(words)]).toEqual(Array(6).fill('<redacted> <redacted>= <redacted>\\u001b[2J'));
});

test("the mock's own token is printed, because everybody knows it", () => {
  const { seen, world } = worldOf({ env: { PARTNER_CENTER_TOKEN: defaultToken } });
  throughSink(world).out(`token ${defaultToken}`);
  expect(seen).toEqual(['token mock-token']);
});

test('colours pass where there may be some, and in no file', () => {
  const { seen, world } = worldOf({ color: true });
  const io = throughSink(world);
  io.out('\u001b[32mpass\u001b[39m\u001b[2J');
  expect(seen).toEqual(['\u001b[32mpass\u001b[39m\\u001b[2J']);
  expect(io.clean('\u001b[32mpass')).toBe('\\u001b[32mpass');
});

test('nothing is thrown because an output is gone', () => {
  const gone = (): never => {
    throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  };
  const io = throughSink(worldOf({ out: gone, err: gone, progress: gone, terminal: gone }).world);
  io.out('x');
  io.err('x');
  io.progress!('x');
  expect(io.terminal!('x')).toBe(false);
});

test('a wait says its reason', () => {
  expect(waitWords(7000, 'retry-after')).toBe('waiting 7 s, as the service asks');
  expect(waitWords(1000, 'throttled')).toBe('waiting 1 s, because the service throttles and does not say for how long');
  expect(waitWords(100, 'lag')).toBe('waiting 100 ms, because a read may lag behind a write');
});

test('an error of our own that nothing has caught is told with its stack, and stops a run, which ends with 2', async () => {
  let defect: (error: unknown) => void = () => {};
  const { seen, world } = worldOf({ onDefect: (listener) => (defect = listener), env: { PARTNER_CENTER_TOKEN: token } });
  const progress = (text: string): void => {
    if (text.includes('write.takes-pascal-case')) defect(new TypeError(`Cannot read properties of undefined, ${token}`));
  };
  expect(await run(['conformance'], { ...world, progress })).toBe(2);
  const text = seen.join('');
  expect(text).toContain(
    'pc-billing: this is a defect of pc-billing, please report it.\nTypeError: Cannot read properties of undefined, <redacted>\n    at ',
  );
  expect(text).toContain('Stopping, to put the profile back.');
  expect(text).toContain('The run is not valid. The run was stopped.');
});

test('a TypeError of our own is a defect, and misuse is not', async () => {
  const now = (): never => (undefined as never as { x: { y: never } }).x.y;
  const { seen, world } = worldOf({ now });
  expect(await run(['conformance', '--only', 'read.*'], world)).toBe(2);
  expect(seen.join('')).toMatch(/defect of pc-billing, please report it\.\nTypeError: .*\n +at /);
  const misuse = worldOf();
  expect(await run(['conformance', '--base-url', 'ftp://x'], misuse.world)).toBe(2);
  expect(misuse.seen.join('')).toMatch(/^pc-billing: The base URL [^\n]*\n$/);
});
