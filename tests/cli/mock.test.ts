import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMockService } from '../../src/mock/index.ts';
import { cli, cliProcess } from '../support/cli.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'pc-billing-'))));
afterAll(() => rm(folder, { recursive: true }));

const ready = async (program: ReturnType<typeof cliProcess>): Promise<{ url: string; customerIds: string[]; token: string }> =>
  JSON.parse(await program.firstOutput());

describe('mock --json', () => {
  test('prints one line, serves, and ends within a second of SIGTERM or SIGINT although connections are open', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const program = cliProcess('mock --json --port 0');
      const { url, customerIds, token } = await ready(program);
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(token).toBe('mock-token');
      expect(customerIds).toEqual(createMockService().customers.ids());

      const answer = await fetch(`${url}/v1/customers/${customerIds[0]}/profiles/billing`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      expect(answer.status).toBe(200);
      const idle = connect(Number(new URL(url).port), '127.0.0.1');
      idle.on('error', () => {}).write('PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n');

      const stoppedAt = performance.now();
      program.child.kill(signal);
      const { exitCode, out, err } = await program.ended();
      expect(performance.now() - stoppedAt).toBeLessThan(1000);
      expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
      expect(out.split('\n')).toEqual([JSON.stringify({ url, customerIds, token }), '']);
      idle.destroy();
    }
  });

  test('goes on serving when both of its outputs are closed, and prints every exchange to nobody', async () => {
    const program = cliProcess('mock --json --port 0 --verbose');
    const { url, customerIds, token } = await ready(program);
    program.child.stdout!.destroy();
    program.child.stderr!.destroy();
    for (let count = 0; count < 5; count += 1) {
      const headers = { Authorization: `Bearer ${token}` };
      expect((await fetch(`${url}/v1/customers/${customerIds[0]}/profiles/billing`, { headers })).status).toBe(200);
    }
    program.child.kill('SIGTERM');
    expect((await program.ended()).exitCode).toBe(0);
  });

  test('takes token, behaviour and faults', async () => {
    const file = join(folder, 'behaviour.json');
    await writeFile(file, JSON.stringify({ stale: { status: 409, code: 7 }, byteOrderMark: false }));
    const program = cliProcess(`mock --json --port 0 --token my-token --behaviour ${file} --fault drops-company-name`);
    try {
      const { url, customerIds, token } = await ready(program);
      expect(token).toBe('my-token');
      const profileUrl = `${url}/v1/customers/${customerIds[0]}/profiles/billing`;
      const headers = { Authorization: 'Bearer my-token', 'Content-Type': 'application/json' };
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await (await fetch(profileUrl, { headers })).arrayBuffer());
      expect(text[0]).toBe('{');
      const profile = JSON.parse(text);
      expect(profile).not.toHaveProperty('companyName');
      const stale = { ...profile, companyName: 'x', attributes: { etag: '1' } };
      const refused = await fetch(profileUrl, { method: 'PUT', headers, body: JSON.stringify(stale) });
      expect(refused.status).toBe(409);
      expect(await refused.json()).toMatchObject({ code: 7 });
    } finally {
      program.child.kill();
      await program.ended();
    }
  });
});

test('mock plans faults for some requests, and heeds X-Mock-Fault only with control', async () => {
  const program = cliProcess(`mock --json --port 0 --no-control --fault throttles-by-seconds:put:1 drops-etag:1 --retry-after-seconds 9`);
  try {
    const { url, customerIds, token } = await ready(program);
    const ask = (method: string) =>
      fetch(`${url}/v1/customers/${customerIds[0]}/profiles/billing`, {
        method,
        headers: { Authorization: `Bearer ${token}`, 'X-Mock-Fault': 'answers-500' },
      });
    expect(((await (await ask('GET')).json()) as { attributes: object }).attributes).not.toHaveProperty('etag');
    expect(((await (await ask('GET')).json()) as { attributes: object }).attributes).toHaveProperty('etag');
    const throttled = await ask('PUT');
    expect([throttled.status, throttled.headers.get('Retry-After')]).toEqual([429, '9']);
    expect((await ask('PUT')).status).toBe(400);
  } finally {
    program.child.kill();
    await program.ended();
  }
});

test('mock makes up customers, and prints exchanges without a token in them', async () => {
  const program = cliProcess('mock --json --port 0 --customers 100000 --seed 5 --verbose');
  try {
    const { url, customerIds } = await ready(program);
    expect(customerIds).toHaveLength(100);
    expect(customerIds.slice(0, 3)).toEqual(createMockService().customers.ids());
    const profile = `${url}/v1/customers/${customerIds[99]}/profiles/billing`;
    expect((await fetch(profile, { headers: { Authorization: 'Bearer mock-token' } })).status).toBe(200);
    expect((await fetch(profile, { headers: { Authorization: 'Bearer hidden' } })).status).toBe(401);
  } finally {
    program.child.kill();
  }
  const { err } = await program.ended();
  expect(err.split('\n')).toEqual([
    expect.stringMatching(
      /^[\d:.]{12} GET \/v1\/customers\/\S+\/profiles\/billing {2}-> 200 {2}etag -?\d+ {2}request id \S+ {2}correlation id \S+$/,
    ),
    expect.stringMatching(/ {2}wrong token {2}-> 401 400 Access denied /),
    '',
  ]);
  expect(err).not.toMatch(/mock-token|hidden/);
});

describe('mock', () => {
  test('tells a person what is there and how to try it', async () => {
    const { exitCode, out } = await cli(`mock --port 0 --behaviour documented --fault drops-etag answers-503:put:2`);
    expect(exitCode).toBe(0);
    for (const part of [
      'http://127.0.0.1:',
      'mock-token',
      'documented',
      'drops-etag, answers-503:PUT:2',
      "curl -H 'Authorization: Bearer mock-token'",
    ]) {
      expect(out).toContain(part);
    }
  });

  test.each([
    ['--port -1', 'from 0 to 65535'],
    ['--port 65536', 'from 0 to 65535'],
    ['--port x', 'from 0 to 65535'],
    ['--behaviour lenient', 'observed, documented'],
    ['--fault nonsense', '`pc-billing mock --list-faults` prints all of them.'],
    ['--fault accept-stale-etag:PUT', 'Did you mean accepts-stale-etag'],
    ['--fault answers-503:PUT:0', 'such as answers-503:PUT:2'],
    ['--fault :2', 'such as answers-503:PUT:2'],
    ['--fault answers-503:FETCH:2', 'such as answers-503:PUT:2'],
    ['--fault', 'argument missing'],
    ['--latency-ms 0', 'above zero'],
    ['--customers -5', 'above zero'],
    ['--seed x', 'above zero'],
    ['--nonsense', 'unknown option'],
    ['--score plain --fault drops-etag', "'--score <scenario>' cannot be used with option '--fault <name...>'"],
    ['extra', 'too many arguments'],
  ])('%s is exit 2 and says what there is', async (args, words) => {
    const { exitCode, err } = await cli(`mock ${args}`);
    expect(exitCode).toBe(2);
    expect(err).toContain(words);
    expect(err).not.toContain('    at ');
  });

  test.each([
    ['not JSON', '{', 'JSON'],
    ['an unknown question', '{"colour":1}', '"colour" is not a question'],
    ['an unknown answer', '{"precondition":"x"}', '"header-or-body"'],
  ])('a behaviour file that is %s is exit 2, and the file is named', async (_, text, words) => {
    const file = join(folder, 'bad.json');
    await writeFile(file, text);
    const { exitCode, err } = await cli(`mock --port 0 --behaviour ${file}`);
    expect(exitCode).toBe(2);
    expect(err).toContain(words);
    expect(err).toContain(file);
  });

  test('a port that is taken is exit 2', async () => {
    const program = cliProcess('mock --json --port 0');
    const { url } = await ready(program);
    const { exitCode, err } = await cli(`mock --port ${new URL(url).port}`);
    program.child.kill();
    await program.ended();
    expect(exitCode).toBe(2);
    expect(err).toContain('EADDRINUSE');
  });
});

test('a behaviour file may begin with a byte order mark', async () => {
  const file = join(folder, 'marked.json');
  await writeFile(file, '\uFEFF{"weakTag":"accepted"}');
  expect((await cli(`mock --port 0 --behaviour ${file}`)).exitCode).toBe(0);
});

test.each(['', 'two words', 'line\nend'])('a token that no request could carry is refused: %j', async (token) => {
  const { exitCode, err } = await cli(`mock --port 0 --token '${token}'`);
  expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining('cannot stand in a header') });
});
