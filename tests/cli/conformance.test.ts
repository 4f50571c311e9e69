import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { consequencesOf } from '../../scripts/consequences.ts';
import { requirements, type Report } from '../../src/conformance/index.ts';
import { behaviourPresets, createMockService, type FaultName, faults } from '../../src/mock/index.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';
import { cli as bareCli, cliProcess, unwrapped } from '../support/cli.ts';
import { behaviourQuestions } from '../../src/contract/behaviour.ts';
import { readBehaviour } from '../../src/cli/files/json-files.ts';
import { topicOf, topicsOf } from '../../src/suite/selection.ts';
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
    expect(out).toContain('✗ write.leaves-other-customer-alone (must)');
  });

  test('--max-wait-seconds ends the wait for a service that throttles for longer', async () => {
    served = await serve(createMockService({ faults: [{ name: 'throttles-by-seconds' }], retryAfterSeconds: 25 }), { port: 0 });
    const { exitCode, out } = await cli(`conformance --base-url ${served.url} --only read.fits-contract --max-wait-seconds 1`);
    expect(exitCode).toBe(1);
    expect(out).toContain('? read.fits-contract (must)\n');
    expect(unwrapped(out)).toMatch(/Found .*25 s/);
  });

  test('the command that checks a failure again names the file of the token, and not the token', async () => {
    const file = join(folder, 'token');
    await writeFile(file, 'token-in-file\n');
    served = await serve(createMockService({ faults: ['drops-etag'], token: 'token-in-file' }), { port: 0 });
    const { out } = await cli(`conformance --base-url ${served.url} --token-file ${file} --only etag.carries-etag`);
    expect(unwrapped(out)).toContain(`--token-file ${file} --strict --only etag.carries-etag`);
    expect(out).not.toContain('token-in-file');
  });
});

describe('on the embedded mock', () => {
  test('prints four lines on the target first, one line per topic, the closing count last, and ends with 0', async () => {
    const { exitCode, out, err } = await cli('conformance');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(
      /^Target {4}http:\/\/127\.0\.0\.1:\d+ \(embedded mock\)\nCustomer {2}[0-9a-f-]{36}\nMode {6}race: .*\nPlan {6}\d+ requirements, about \d+ requests; what is written is put back\n\n/,
    );
    const judged = requirements.filter(({ level }) => level !== 'observe');
    expect([...out.matchAll(/^✓ (\w+) +(\d+)$/gm)].map(([, topic, number]) => [topic, Number(number)])).toEqual(
      topicsOf(judged).map((topic) => [topic, judged.filter(({ id }) => topicOf(id) === topic).length]),
    );
    expect(out).toContain('stale ETag: 400, code 2055 ');
    const closing = `✓ Passed: ${judged.length} passed, ${requirements.length - judged.length} observed in `;
    expect(out.trimEnd().split('\n').at(-1)).toMatch(new RegExp(`^${closing}\\d+\\.\\d s, \\d+ requests\\.$`));
  });

  test('--verbose prints every requirement and every exchange of its check', async () => {
    const { out } = await cli('conformance --verbose');
    expect([...unwrapped(out).matchAll(/^ {2}✓ ([a-z.-]+) \((must|should|observe)\)/gm)].map(([, id]) => id)).toEqual(
      requirements.map(({ id }) => id),
    );
    const sent = Number(/ (\d+) requests\.\n$/.exec(out)![1]);
    // One is the preflight, one takes the snapshot; the others look whether the profile has to be put back.
    const shown = out.split(/^ {6}(?:GET|PUT|PATCH) /m).length - 1;
    expect(shown).toBeGreaterThan(300);
    expect(sent - shown).toBeLessThan(10);
    expect(out).toContain(`\n      GET /v1/customers/${customerId.slice(0, 8)}…/profiles/billing → 200\n`);
  });

  test('does what a process does', async () => {
    const { exitCode, out, err } = await cliProcess('conformance run --only auth.*').ended();
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain('✓ auth         4\n');
    expect(out).toContain('✓ Passed: 4 passed, ');
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
    const progress = requirements.map(({ id }, index) => `<[${index + 1}/${requirements.length}] ${id}>`);
    expect(screen.filter((text) => text.startsWith('<['))).toEqual(progress);
    const at = screen.findIndex((text) => text.startsWith('\u001b[32m✓\u001b[39m auth         2\n'));
    // The line is erased before anything is printed in its place.
    expect(screen[at - 1]).toBe('<>');
    expect(at).toBeGreaterThan(screen.indexOf(progress.at(-1)!));
  });

  test('--mode read says aloud what it skips', async () => {
    const { exitCode, out } = await cli('conformance --mode read');
    expect(exitCode).toBe(0);
    expect(out).toContain('- race         2 skipped (needs mode race)\n');
    expect(out).toMatch(/✓ Passed: \d+ passed, [1-9]\d* skipped in /);
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
      for (const id of faults[fault].fails) expect(out).toMatch(new RegExp(`✗ ${id} \\((must|should)\\)\n`));
      const blocked = consequencesOf(faults[fault].fails, requirements).length;
      expect(out).toContain(`${faults[fault].fails[0]} blocks ${blocked} other requirements.\n`);
      expect(out).toMatch(new RegExp(`These requirements failed: .*${faults[fault].fails[0]}`));
    },
  );

  test('a "should" that is not kept is named; it counts with --strict', async () => {
    served = await serve(createMockService({ faults: ['accepts-missing-etag'] }), { port: 0 });
    const { exitCode, out } = await conformance(served.url, '--only etag.*');
    expect(exitCode).toBe(0);
    expect(out).toContain('Every "must" that was tested holds. Failed, but only a "should":\netag.refuses-missing-etag.\n');
    expect((await conformance(served.url, '--strict --only etag.refuses-m*')).exitCode).toBe(1);
    const alone = await conformance(served.url, '--only etag.refuses-missing-etag');
    expect(alone.exitCode).toBe(2);
    expect(alone.out).toContain('no "must" was tested. With --strict a "should" counts too.\n');
    expect(unwrapped(alone.out)).toMatch(/Re-run +pc-billing conformance .* --strict --only etag\.refuses-missing-etag\n/);
  });

  test('shows of a failure what to know and what to do; with --verbose the source, the request and the response too', async () => {
    served = await serve(createMockService({ faults: ['accepts-stale-etag'] }), { port: 0 });
    const { out } = await conformance(served.url, '--only etag.refuses-stale-write');
    expect(unwrapped(out)).toContain(`
  ✗ etag.refuses-stale-write (must)
    Rule          A PUT whose ETag is no longer the current one, in If-Match and in the body, is refused.
    Found         The stale PUT got 200; expected 412, or 400 with code 2055.
    - expected    412, or 400 with code 2055
    + actual      200
    Likely cause  the service. Its response is not what Microsoft documents: Microsoft Learn, "Update`);
    expect(out).toMatch(/^ {4}Next {10}Compare the ETag/m);
    expect(out).toMatch(/^ {4}Logs {10}MS-CorrelationId [0-9a-f-]{36}$/m);
    expect(out).toMatch(/^ {4}Explain {7}pc-billing conformance explain etag\.refuses-stale-write$/m);
    expect(unwrapped(out)).toContain(
      `    Re-run        pc-billing conformance --base-url ${served.url} --strict --only etag.refuses-stale-write\n`,
    );
    expect(out).not.toContain('if-match');
    const verbose = (await conformance(served.url, '--verbose --only etag.refuses-stale-write')).out;
    expect(verbose).toContain('    Source        Microsoft Learn, "Update a customer\'s billing profile",\n');
    expect(verbose).toContain(`    Sent            PUT ${served.url}/v1/customers/${customerId}/profiles/billing\n`);
    expect(verbose).toContain('    Received      > 200\n                    content-type: application/json; charset=utf-8\n');
    expect(verbose).toContain('    Curl          # It writes the profile');
  });

  test('that answers HTML to everything ends with 1, without a stack', async () => {
    served = await serve(
      serviceOf(() => new Response('<html></html>', { headers: { 'Content-Type': 'text/html' } })),
      { port: 0 },
    );
    const { exitCode, out, err } = await conformance(served.url);
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: '' });
    expect(out).toContain('✗ read.answers-one-object (must)');
    expect(out).not.toContain('    at ');
  });

  test('that is not there ends with 2', async () => {
    const server = await socketServer(() => {});
    await server.close();
    const { exitCode, out, err } = await conformance(server.url);
    expect(exitCode).toBe(2);
    expect(out).toContain(`Target    ${server.url}`);
    expect(err).toMatch(/^pc-billing: http:\/\/127\.0\.0\.1:\d+ does not respond: .*ECONNREFUSED.*\n$/);
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
    expect(out).toContain('✗');
    expect(err).toContain('cannot be written: ENOENT');
  });
});

describe('arguments that will not do are exit 2, and nothing is sent', () => {
  const server = '--base-url https://api.partnercenter.microsoft.com';
  const live = `${server} --customer ${customerId}`;
  test.each([
    ['--mode delete', 'Allowed choices are read, write, race'],
    ['--only nothing.*', 'No requirement fits "nothing.*"'],
    ['--only zebra', 'No requirement fits "zebra". Available:\n  read\n'],
    ['--only raec', 'No requirement fits "raec". Did you mean:\n  race\n'],
    ['--only refuses-stale-wirte', 'Did you mean:\n  etag.refuses-stale-write\n'],
    [`--customer ${customerId}`, 'no --base-url'],
    ['--base-url http://127.0.0.1:9 --customer contoso', 'not a GUID'],
    [`--base-url http://127.0.0.1:9 --allow-writes-to ${otherCustomerId}`, '--allow-writes-to repeats the id of the customer'],
    ['--base-url nonsense', 'not an http or https URL'],
    ['--base-url 127.0.0.1:4020', 'not an http or https URL; put http:// before a local address'],
    ['--nonsense', '(pc-billing conformance run --help shows its options and examples)'],
    ['diff', '(pc-billing conformance diff --help shows its options and examples)'],
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
    ['explain etag.refuses', 'Did you mean:\n  etag.refuses-stale-write'],
    ['explain rase', 'Did you mean:\n  race\n'],
    ['explain nonsense', 'conformance list'],
    ['explain client.guards-write', '`pc-billing score` tests the requirements of clients'],
    ['--json x --html x', 'cannot take two reports'],
    ['--json x --html ./x', 'cannot take two reports'],
    [`--base-url http://127.0.0.1:9 --customer ${customerId} --other-customer ${customerId.toUpperCase()}`, 'is the same as'],
    ['--known no-such-file.yaml', 'cannot be read: ENOENT'],
  ])('%s', async (args, words) => {
    const { exitCode, out, err } = await cli(`conformance ${args}`, { PARTNER_CENTER_TOKEN: 'canary-token' });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
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
  expect(out).toContain('✗ error.keeps-token-secret (must)');
  const text = out + err + (await readFile(files.json, 'utf8')) + (await readFile(files.fingerprint, 'utf8'));
  for (const canary of canaries) expect(text).not.toContain(canary);
});
