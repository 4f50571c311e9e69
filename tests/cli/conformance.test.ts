import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { requirements, type Report } from '../../src/conformance/index.ts';
import { createMockService, type FaultName, faults } from '../../src/mock/index.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';
import { cli, cliProcess } from '../support/cli.ts';
import { socketServer } from '../support/socket-server.ts';

let folder: string;
let served: ServedMock | undefined;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'pc-billing-'))));
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const [customerId, otherCustomerId] = createMockService().customers.ids() as [string, string];

describe('on the embedded mock', () => {
  test('prints target and mode first, one line per requirement, the closing count last, and ends with 0', async () => {
    const { exitCode, out, err } = await cli(['conformance']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^Target {4}http:\/\/127\.0\.0\.1:\d+ \(embedded mock\)\nCustomer {2}[0-9a-f-]{36}\nMode {6}race: /);
    const lines = out.split('\n').filter((line) => line.startsWith('pass'));
    expect(lines).toEqual(requirements.map(({ id }) => `pass        ${id}`));
    expect(out).toMatch(/\n\n\d+ passed, 0 failed, 0 untestable, 0 skipped, 0 broken in \d+\.\d s \(\d+ requests\)\n.*kept\.\n$/);
  });

  test('does what a process does', async () => {
    const { exitCode, out, err } = await cliProcess(['conformance', 'run', '--only', 'auth.*']).ended();
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain('2 passed, 0 failed');
  });

  test('does not speak of a pipe that was closed early', async () => {
    const program = cliProcess(['conformance']);
    await program.firstOutput();
    program.child.stdout.destroy();
    const { exitCode, err } = await program.ended();
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  });

  test('--mode read says aloud what it skips', async () => {
    const { exitCode, out } = await cli(['conformance', '--mode', 'read']);
    expect(exitCode).toBe(0);
    expect(out).toContain('skipped     race.lets-one-writer-win: needs mode race');
    expect(out).toMatch(/\d+ passed, 0 failed, 0 untestable, [1-9]\d* skipped, 0 broken/);
  });
});

describe('on a server', () => {
  const conformance = (url: string, ...more: string[]) => cli(['conformance', '--base-url', url, ...more]);

  test('of this machine needs neither customer nor token when it is the mock', async () => {
    served = await serve(createMockService(), { port: 0 });
    expect((await conformance(served.url)).exitCode).toBe(0);
  });

  test('takes customers and token as they are given', async () => {
    const mock = createMockService({ token: 'own-token' });
    served = await serve(mock, { port: 0 });
    const before = mock.customers.get(customerId);
    const args = [
      'conformance',
      '--base-url',
      served.url,
      '--customer',
      otherCustomerId,
      '--other-customer',
      customerId,
      '--allow-writes-to',
      otherCustomerId.toUpperCase(),
    ];
    const { exitCode, out } = await cli(args, { PARTNER_CENTER_TOKEN: 'own-token' });
    expect(exitCode).toBe(0);
    expect(out).toContain(`Customer  ${otherCustomerId}`);
    expect(mock.customers.get(customerId)).toEqual(before);
    expect(mock.customers.get(otherCustomerId)!.firstName).toMatch(/^Probe /);
  });

  test.each(Object.keys(faults) as FaultName[])('with the fault %s ends with 1 and names the requirement', async (fault) => {
    served = await serve(createMockService({ faults: [fault] }), { port: 0 });
    const { exitCode, out, err } = await conformance(served.url);
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: '' });
    for (const id of faults[fault].fails) expect(out).toContain(`FAIL        ${id}\n`);
    for (const id of faults[fault].untestable)
      expect(out).toMatch(new RegExp(`^untestable  ${id}: ${faults[fault].fails[0]} comes first$`, 'm'));
    expect(out).toMatch(new RegExp(`Promises are broken: .*${faults[fault].fails[0]}`));
  });

  test('shows of a failure the rule, its source, what was found, what was sent and what came', async () => {
    served = await serve(createMockService({ faults: ['accepts-stale-etag'] }), { port: 0 });
    const { out } = await conformance(served.url, '--only', 'etag.refuses-stale-write');
    expect(out).toContain(`FAIL        etag.refuses-stale-write
            Rule    A PUT whose ETag is no longer the current one, in If-Match and in the body, is refused. (must)
            Source  Microsoft Learn, "Update a customer's billing profile", Request headers, 2021-07-15
                    RFC 9110, section 13.1.1, If-Match, 2022-06
            Found   The stale PUT was answered 200; expected 412, or 400 with code 2055.
            Sent    PUT ${served.url}/v1/customers/${customerId}/profiles/billing
                    if-match: "`);
    expect(out).toContain('            Came    200\n                    content-type: application/json; charset=utf-8\n');
  });

  test('that answers HTML to everything ends with 1, without a stack', async () => {
    served = await serve({ fetch: async () => new Response('<html></html>', { headers: { 'Content-Type': 'text/html' } }) }, { port: 0 });
    const { exitCode, out, err } = await conformance(served.url);
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: '' });
    expect(out).toContain('FAIL        read.answers-one-object');
    expect(out).not.toContain('    at ');
  });

  test('that is not there ends with 2', async () => {
    const server = await socketServer(() => {});
    await server.close();
    const { exitCode, out, err } = await conformance(server.url);
    expect(exitCode).toBe(2);
    expect(out).toContain(`Target    ${server.url}`);
    expect(err).toMatch(/^pc-billing: http:\/\/127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED.*\n$/);
  });

  test("that refuses the token ends with 2 and the service's words", async () => {
    served = await serve(createMockService({ token: 'another' }), { port: 0 });
    const { exitCode, err } = await conformance(served.url);
    expect(exitCode).toBe(2);
    expect(err).toContain('401, code 400, "Access denied"');
  });
});

describe('--json', () => {
  test('writes the report', async () => {
    const file = join(folder, 'report.json');
    served = await serve(createMockService({ faults: ['swaps-ids'] }), { port: 0 });
    expect((await cli(['conformance', '--base-url', served.url, '--json', file])).exitCode).toBe(1);
    const report: Report = JSON.parse(await readFile(file, 'utf8'));
    expect(Object.keys(report)).toEqual([
      'schemaVersion',
      'suite',
      'target',
      'startedAt',
      'durationMs',
      'requests',
      'results',
      'behaviour',
      'summary',
    ]);
    expect(report.target).toEqual({ baseUrl: served.url, customerId, mode: 'race' });
    expect(report.summary).toEqual({ pass: requirements.length - 2, fail: 2, untestable: 0, skipped: 0, broken: 0, known: 0 });
    expect(report.results.map(({ id }) => id)).toEqual(requirements.map(({ id }) => id));
    const failed = report.results.find(({ verdict }) => verdict === 'fail')!;
    expect(failed.exchanges!.at(-1)!.request.headers.authorization).toBe('Bearer <redacted>');
  });

  test('that cannot be written is exit 2, even after a failure', async () => {
    served = await serve(createMockService({ faults: ['swaps-ids'] }), { port: 0 });
    const { exitCode, out, err } = await cli(['conformance', '--base-url', served.url, '--json', join(folder, 'no/such/folder.json')]);
    expect(exitCode).toBe(2);
    expect(out).toContain('FAIL');
    expect(err).toContain('cannot be written: ENOENT');
  });
});

describe('arguments that will not do are exit 2, and nothing is sent', () => {
  const live = ['--base-url', 'https://api.partnercenter.microsoft.com', '--customer', customerId];
  test.each([
    [['--mode', 'delete'], 'Allowed choices are read, write, race'],
    [['--only', 'nothing.*'], 'No requirement fits "nothing.*"'],
    [['--customer', customerId], 'no --base-url'],
    [['--base-url', 'http://127.0.0.1:9', '--customer', 'contoso'], 'not a GUID'],
    [['--base-url', 'http://127.0.0.1:9', '--allow-writes-to', otherCustomerId], '--allow-writes-to does not name'],
    [['--base-url', 'nonsense'], 'not a URL'],
    [['--base-url', 'http://api.partnercenter.microsoft.com'], 'clear text'],
    [live.slice(0, 2), 'There is no customer'],
    [[...live, '--mode', 'write'], 'only for servers on this machine'],
    [[...live, '--mode', 'race', '--allow-writes-to', customerId], 'only for servers on this machine'],
    [['explain', 'x'], 'too many arguments'],
  ])('%j', async (args, words) => {
    const { exitCode, err } = await cli(['conformance', ...args], { PARTNER_CENTER_TOKEN: 'canary-token' });
    expect(exitCode).toBe(2);
    expect(err).toContain(words);
    expect(err).not.toContain('canary-token');
    expect(err).not.toContain('    at ');
  });

  test('a live service without a token', async () => {
    const { exitCode, err } = await cli(['conformance', ...live]);
    expect(exitCode).toBe(2);
    expect(err).toContain('PARTNER_CENTER_TOKEN');
  });
});
