import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { consequencesOf } from '../../scripts/consequences.ts';
import { requirements, type Report } from '../../src/conformance/index.ts';
import { behaviourPresets, createMockService, type FaultName, faults } from '../../src/mock/index.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';
import { cli as bareCli, cliProcess } from '../support/cli.ts';
import { behaviourQuestions } from '../../src/contract/behaviour.ts';
import { readBehaviour } from '../../src/cli/files/json-files.ts';
import { run } from '../../src/cli/program.ts';
import { canaries, canaryCustomers, canaryToken } from '../support/canary.ts';
import { socketServer } from '../support/socket-server.ts';
import { serviceOf } from '../support/service-of.ts';

let folder: string;
let served: ServedMock | undefined;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'pc-billing-'))));
/** Runs a command line whose snapshots stay out of the user's own folder. */
const cli = (line: string, env: Record<string, string> = {}) => bareCli(line, { PC_BILLING_STATE_DIR: join(folder, 'state'), ...env });
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const [customerId, otherCustomerId] = createMockService().customers.ids() as [string, string];

describe('on a server', () => {
  test('--other-customer is the one that must not change', async () => {
    served = await serve(createMockService({ faults: ['writes-to-every-customer'] }), { port: 0 });
    const { out } = await cli(
      `conformance --base-url ${served.url} --customer ${customerId} --other-customer ${otherCustomerId} --only write.leaves-other-customer-alone`,
    );
    expect(out).toContain('FAIL        write.leaves-other-customer-alone');
  });

  test('--max-wait-seconds ends the wait for a service that throttles for longer', async () => {
    served = await serve(createMockService({ faults: [{ name: 'throttles-by-seconds' }], retryAfterSeconds: 25 }), { port: 0 });
    const { exitCode, out } = await cli(`conformance --base-url ${served.url} --only read.fits-contract --max-wait-seconds 1`);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/untestable {2}read\.fits-contract: .*25 s/);
  });

  test('the command that checks a failure again names the file of the token, and not the token', async () => {
    const file = join(folder, 'token');
    await writeFile(file, 'token-in-file\n');
    served = await serve(createMockService({ faults: ['drops-etag'], token: 'token-in-file' }), { port: 0 });
    const { out } = await cli(`conformance --base-url ${served.url} --token-file ${file} --only etag.carries-etag`);
    expect(out).toContain(`--token-file ${file} --strict --only etag.carries-etag`);
    expect(out).not.toContain('token-in-file');
  });
});

describe('on the embedded mock', () => {
  test('prints target and mode first, one line per requirement, the closing count last, and ends with 0', async () => {
    const { exitCode, out, err } = await cli('conformance');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^Target {4}http:\/\/127\.0\.0\.1:\d+ \(embedded mock\)\nCustomer {2}[0-9a-f-]{36}\nMode {6}race: /);
    const lines = out.split('\n').filter((line) => line.startsWith('pass'));
    expect(lines.map((line) => line.replace(/^(pass {8}[a-z.-]+)(: .+)?$/, '$1'))).toEqual(
      requirements.map(({ id }) => `pass        ${id}`),
    );
    expect(lines).toContain('pass        behaviour.shows-weak-tag: weakTag: refused');
    expect(out).toMatch(/\n\n\d+ passed, 0 failed, 0 untestable, 0 skipped, 0 broken in \d+\.\d s \(\d+ requests\)\n.*kept\.\n$/);
  });

  test('does what a process does', async () => {
    const { exitCode, out, err } = await cliProcess('conformance run --only auth.*').ended();
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain('4 passed, 0 failed');
  });

  test('goes on, without a word, when nobody reads any more, and ends with its own exit code', async () => {
    served = await serve(createMockService({ faults: ['answers-nulls'] }), { port: 0 });
    const state = join(folder, 'piped');
    const program = cliProcess(`conformance --base-url ${served.url} --state-dir ${state} --only *.answers-*`);
    await program.firstOutput();
    program.child.stdout!.destroy();
    const { exitCode, err } = await program.ended();
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: '' });
    expect(await readdir(state)).toEqual([]);
  });

  test('shows its progress to somebody who looks on, and erases it', async () => {
    const screen: string[] = [];
    const exitCode = await run(['conformance', '--only', 'auth.refuses-w*'], {
      out: (text) => screen.push(text),
      err: (text) => screen.push(text),
      progress: (text) => screen.push(`<${text}>`),
      env: {},
      color: true,
      stopSignal: () => new AbortController().signal,
    });
    expect(exitCode).toBe(0);
    const at = screen.indexOf(
      `<[${requirements.findIndex(({ id }) => id === 'auth.refuses-wrong-token') + 1}/${requirements.length}] auth.refuses-wrong-token>`,
    );
    expect(screen[at + 1]).toBe('<>');
    expect(screen[at + 2]).toBe('\u001b[32mpass      \u001b[39m  auth.refuses-wrong-token\n');
    expect(screen.filter((text) => text.startsWith('<[')).length).toBe(requirements.length);
    expect(screen.at(-2)).toBe('<>');
  });

  test('--mode read says aloud what it skips', async () => {
    const { exitCode, out } = await cli('conformance --mode read');
    expect(exitCode).toBe(0);
    expect(out).toContain('skipped     race.lets-one-writer-win: needs mode race');
    expect(out).toMatch(/\d+ passed, 0 failed, 0 untestable, [1-9]\d* skipped, 0 broken/);
  });
});

describe('on a server', () => {
  const conformance = (url: string, more = '') => cli(`conformance --base-url ${url} ${more}`);

  test('of this machine needs neither customer nor token when it is the mock', async () => {
    served = await serve(createMockService(), { port: 0 });
    expect((await conformance(served.url, '--mode read')).exitCode).toBe(0);
  });

  test('takes customers and token as they are given', async () => {
    const mock = createMockService({ token: 'own-token' });
    served = await serve(mock, { port: 0 });
    const before = mock.customers.get(customerId);
    const args = `conformance --base-url ${served.url} --customer ${otherCustomerId} --other-customer ${customerId} --allow-writes-to ${otherCustomerId.toUpperCase()} --only write.*`;
    const { exitCode, out } = await cli(args, { PARTNER_CENTER_TOKEN: 'own-token' });
    expect(exitCode).toBe(0);
    expect(out).toContain(`Customer  ${otherCustomerId}`);
    expect(mock.customers.get(customerId)).toEqual(before);
    expect({ ...mock.customers.get(otherCustomerId), attributes: 0 }).toEqual({
      ...createMockService().customers.get(otherCustomerId),
      attributes: 0,
    });
    expect(await readdir(join(folder, 'state'))).toEqual([]);
  });

  // All of them, in this process, are in tests/conformance/faults.test.ts.
  test.each(['accepts-stale-etag', 'drops-etag'] as const satisfies FaultName[])(
    'with the fault %s ends with 1 and names the requirement',
    async (fault) => {
      served = await serve(createMockService({ faults: [fault] }), { port: 0 });
      const { exitCode, out, err } = await conformance(
        served.url,
        `--mode race --allow-writes-to ${customerId} --customer ${customerId} --strict`,
      );
      expect({ exitCode, err }).toEqual({ exitCode: 1, err: '' });
      for (const id of faults[fault].fails) expect(out).toContain(`FAIL        ${id}\n`);
      for (const id of consequencesOf(faults[fault].fails, requirements))
        expect(out).toMatch(new RegExp(`^untestable  ${id}: ${faults[fault].fails[0]} comes first$`, 'm'));
      expect(out).toMatch(new RegExp(`Promises are broken: .*${faults[fault].fails[0]}`));
    },
  );

  test('a "should" that is not kept is named; it counts with --strict', async () => {
    served = await serve(createMockService({ faults: ['accepts-missing-etag'] }), { port: 0 });
    const { exitCode, out } = await conformance(served.url, '--only etag.*');
    expect(exitCode).toBe(0);
    expect(out).toContain('Every "must" that was tested is kept; a "should" is not: etag.refuses-missing-etag.\n');
    expect((await conformance(served.url, '--strict --only etag.refuses-m*')).exitCode).toBe(1);
    const alone = await conformance(served.url, '--only etag.refuses-missing-etag');
    expect(alone.exitCode).toBe(2);
    expect(alone.out).toContain('no "must" was tested. With --strict a "should" counts too.\n');
    expect(alone.out).toMatch(/Again +pc-billing conformance .* --strict --only etag\.refuses-missing-etag\n/);
  });

  test('shows of a failure the rule, its source, what was found, what was sent and what came', async () => {
    served = await serve(createMockService({ faults: ['accepts-stale-etag'] }), { port: 0 });
    const { out } = await conformance(served.url, '--only etag.refuses-stale-write');
    expect(out).toContain(`FAIL        etag.refuses-stale-write
            Rule    A PUT whose ETag is no longer the current one, in If-Match and in the body, is refused. (must)
            Source  Microsoft Learn, "Update a customer's billing profile", Request headers, 2021-07-15
                    RFC 9110, section 13.1.1, If-Match, 2022-06
            Matters Two people edit the same customer. Without the refusal the second save undoes the first one, the first person is not told, and the invoices go to the old address.
            Found   The stale PUT was answered 200; expected 412, or 400 with code 2055.
            Differs - expected  412, or 400 with code 2055
                    + came      200
                    (after 3 other requests of this check)
            Sent      PUT ${served.url}/v1/customers/${customerId}/profiles/billing
                      content-type: application/json
                      if-match: "`);
    expect(out).toContain('            Came    > 200\n                      content-type: application/json; charset=utf-8\n');
    expect(out).toContain('            Whose   It looks like the service. It answered, and its answer is not what its documents say: ');
    expect(out).toContain('            Next    1. Compare the ETag with the current one and store in one step;');
  });

  test('that answers HTML to everything ends with 1, without a stack', async () => {
    served = await serve(
      serviceOf(() => new Response('<html></html>', { headers: { 'Content-Type': 'text/html' } })),
      { port: 0 },
    );
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
    served = await serve(createMockService({ faults: ['answers-errors-as-text'] }), { port: 0 });
    expect((await cli(`conformance --base-url ${served.url} --json ${file}`)).exitCode).toBe(1);
    const report: Report = JSON.parse(await readFile(file, 'utf8'));
    expect(Object.keys(report)).toEqual([
      'schemaVersion',
      'suite',
      'subject',
      'runId',
      'startedAt',
      'durationMs',
      'requests',
      'results',
      'behaviour',
      'restoration',
      'summary',
    ]);
    expect(report.subject).toEqual({ kind: 'server', baseUrl: served.url, customerId, mode: 'race' });
    expect(report.summary).toEqual({ pass: requirements.length - 2, fail: 1, untestable: 1, skipped: 0, broken: 0, accepted: 0 });
    expect(report.results.map(({ id }) => id)).toEqual(requirements.map(({ id }) => id));
    const failed = report.results.find(({ verdict }) => verdict === 'fail')!;
    expect(failed.exchanges!.at(-1)!.request.headers.authorization).toBe('Bearer <redacted>');
  });

  test('that cannot be written is exit 2, even after a failure', async () => {
    served = await serve(createMockService({ faults: ['answers-errors-as-text'] }), { port: 0 });
    const { exitCode, out, err } = await cli(
      `conformance --base-url ${served.url} --only error.* --json ${join(folder, 'no/such/folder.json')}`,
    );
    expect(exitCode).toBe(2);
    expect(out).toContain('FAIL');
    expect(err).toContain('cannot be written: ENOENT');
  });
});

describe('arguments that will not do are exit 2, and nothing is sent', () => {
  const server = '--base-url https://api.partnercenter.microsoft.com';
  const live = `${server} --customer ${customerId}`;
  test.each([
    ['--mode delete', 'Allowed choices are read, write, race'],
    ['--only nothing.*', 'No requirement fits "nothing.*"'],
    [`--customer ${customerId}`, 'no --base-url'],
    ['--base-url http://127.0.0.1:9 --customer contoso', 'not a GUID'],
    [`--base-url http://127.0.0.1:9 --allow-writes-to ${otherCustomerId}`, '--allow-writes-to does not name'],
    ['--base-url nonsense', 'not an http or https URL'],
    ['--base-url http://api.partnercenter.microsoft.com', 'clear text'],
    [server, 'There is no customer'],
    [`${live} --mode write`, '--allow-writes-to'],
    [`${live} --mode race --allow-writes-to ${customerId}`, '--partner-tenant'],
    [`${live} --mode race --allow-writes-to ${customerId} --partner-tenant ${otherCustomerId}`, '--partner-tenant none'],
    ['--requirements 9.9', 'not known yet'],
    ['--requirements new', 'is no version'],
    ['--max-requests 0', 'above zero'],
    ['--max-requests many', 'above zero'],
    ['--max-wait-seconds -1', 'above zero'],
    ['--dry-run --json x.json', 'no report'],
    ['restore --force --discard', 'one of them'],
    ['explain', "missing required argument 'id'"],
    ['explain etag.refuses', 'Did you mean one of these?\n  etag.carries-etag'],
    ['explain nonsense', 'conformance list'],
    ['explain client.guards-write', 'docs/reference/client-requirements.md'],
    ['--json x --html x', 'cannot take two reports'],
    ['--json x --html ./x', 'cannot take two reports'],
    [`--base-url http://127.0.0.1:9 --customer ${customerId} --other-customer ${customerId.toUpperCase()}`, 'is the same as'],
    ['--known no-such-file.yaml', 'cannot be read: ENOENT'],
  ])('%s', async (args, words) => {
    const { exitCode, err } = await cli(`conformance ${args}`, { PARTNER_CENTER_TOKEN: 'canary-token' });
    expect(exitCode).toBe(2);
    expect(err).toContain(words);
    expect(err).not.toContain('canary-token');
    expect(err).not.toContain('    at ');
  });

  test('a live service without a token', async () => {
    const { exitCode, err } = await cli(`conformance ${live}`);
    expect(exitCode).toBe(2);
    expect(err).toContain('PARTNER_CENTER_TOKEN');
  });
});

describe('--dry-run', () => {
  const sentLines = (out: string): string[] => out.split('\n').filter((line) => /^(GET|PUT|PATCH|HEAD) /.test(line));

  test('prints every request of any mode, sends none, and needs neither server nor token nor permission', async () => {
    const closed = await socketServer(() => {});
    await closed.close();
    const live = 'https://api.partnercenter.microsoft.com';
    for (const [mode, url, more = ''] of [
      ['read', closed.url],
      ['write', live, `--customer ${customerId}`],
      ['race', live, `--customer ${customerId}`],
      ['race'],
    ] as const) {
      const server = url === undefined ? '' : `--base-url ${url}`;
      const { exitCode, out, err } = await cli(`conformance --dry-run --mode ${mode} ${server} ${more}`);
      expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
      const count = Number(/\n(\d+) requests, none of them sent\.\n$/.exec(out)![1]);
      expect(sentLines(out)).toHaveLength(count);
      if (url !== undefined) expect(sentLines(out).every((line) => line.split(' ')[1]!.startsWith(`${url}/v1/customers/`))).toBe(true);
      const methods = new Set(sentLines(out).map((line) => line.split(' ')[0]));
      expect(methods).toEqual(new Set(mode === 'read' ? ['GET'] : ['GET', 'PUT', 'PATCH']));
      expect(out).toContain('# preflight\n');
      if (mode !== 'read') expect(out).toContain('# snapshot\n');
    }
  });

  test('is what is sent', async () => {
    const seen: string[] = [];
    const mock = createMockService();
    served = await serve(
      serviceOf((request) => (seen.push(`${request.method} ${request.url}`), mock.fetch(request))),
      { port: 0 },
    );
    await cli(`conformance --base-url ${served.url}`);
    const sent = seen.splice(0);
    const { out } = await cli(`conformance --base-url ${served.url} --dry-run`);
    expect(seen).toEqual([]);
    const fixed = (line: string): string =>
      line.replace(/customers\/[0-9a-f-]{36}/, (id) => (id.includes(customerId) || id.includes(otherCustomerId) ? id : 'customers/<new>'));
    expect(sentLines(out).map(fixed)).toEqual(sent.map(fixed));
  });

  test('shows names of the suite and of the documented example, and no token', async () => {
    const { out } = await cli('conformance --base-url http://127.0.0.1:9 --dry-run --only write.takes-pascal-case', {
      PARTNER_CENTER_TOKEN: 'canary-token',
    });
    expect(out).toMatch(/"FirstName":"Probe [0-9a-f-]{36}"/);
    expect(out).toContain('"Email":"email@sample.com"');
    expect(out).toContain('authorization: Bearer <redacted>');
    expect(out).not.toContain('canary-token');
  });
});

describe('--fingerprint', () => {
  test('writes what was seen, in the order of the questions, and a mock takes it back, or the report', async () => {
    const files = { fingerprint: join(folder, 'fingerprint.json'), report: join(folder, 'whole.json') };
    served = await serve(
      createMockService({ behaviour: { ...behaviourPresets.documented, weakTag: 'accepted', stale: { status: 409 } } }),
      { port: 0 },
    );
    expect((await cli(`conformance --base-url ${served.url} --fingerprint ${files.fingerprint} --json ${files.report}`)).exitCode).toBe(0);
    const fingerprint: unknown = JSON.parse(await readFile(files.fingerprint, 'utf8'));
    expect(fingerprint).toEqual({ ...behaviourPresets.documented, weakTag: 'accepted', stale: { status: 409 } });
    expect(Object.keys(fingerprint as object)).toEqual(Object.keys(behaviourQuestions));
    for (const file of [files.fingerprint, files.report]) expect(await readBehaviour(file)).toEqual(fingerprint);
  });

  test('of a run that saw little is small; one that cannot be written is exit 2', async () => {
    const file = join(folder, 'small.json');
    expect((await cli(`conformance --mode read --fingerprint ${file}`)).exitCode).toBe(0);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ byteOrderMark: true, errorCode: 'integer', linkPrefix: '' });
    const { exitCode, err } = await cli(`conformance --mode read --fingerprint ${folder}`);
    expect(exitCode).toBe(2);
    expect(err).toContain('The fingerprint');
  });
});

test('neither the canary token nor a canary of the customer is in any output or file but the snapshot', async () => {
  const files = { json: join(folder, 'canary.json'), fingerprint: join(folder, 'canary-fingerprint.json') };
  served = await serve(createMockService({ token: canaryToken, customers: canaryCustomers, faults: ['repeats-token-in-errors'] }), {
    port: 0,
  });
  const args = `conformance --base-url ${served.url} --only e* --json ${files.json} --fingerprint ${files.fingerprint}`;
  const { out, err } = await cli(args, { PARTNER_CENTER_TOKEN: canaryToken });
  expect(out).toContain('FAIL        error.keeps-token-secret');
  const text = out + err + (await readFile(files.json, 'utf8')) + (await readFile(files.fingerprint, 'utf8'));
  for (const canary of canaries) expect(text).not.toContain(canary);
});
