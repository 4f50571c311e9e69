import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { requirements } from '../../src/conformance/index.ts';
import { createMockService, faults } from '../../src/mock/index.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';
import { canaries, canaryCustomers, canaryToken } from '../support/canary.ts';
import { cli as bareCli, unwrapped } from '../support/cli.ts';
import { expectCurlRepeats } from '../suites/curl-repeats.ts';
import { problemsWith } from '../support/report-schema.ts';
import { serviceOf } from '../support/service-of.ts';

let folder: string;
let served: ServedMock | undefined;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'pc-billing-reports-'))));
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await served?.close();
  served = undefined;
});
const cli = (line: string, env: Record<string, string> = {}) => bareCli(line, { PC_BILLING_STATE_DIR: join(folder, 'state'), ...env });
const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
const forms = ['json', 'junit', 'markdown', 'html', 'fingerprint'] as const;
const allForms = (prefix: string): string => forms.map((form) => `--${form} ${join(folder, `${prefix}.${form}`)}`).join(' ');
const [customerId] = createMockService().customers.ids() as [string];

describe('the files of a run', () => {
  test('are written in any number, with the command that repeats a failure, and without a secret', async () => {
    served = await serve(
      createMockService({ token: canaryToken, customers: canaryCustomers, faults: ['repeats-token-in-errors', 'accepts-stale-etag'] }),
      { port: 0 },
    );
    const { exitCode, out, err } = await cli(`conformance --base-url ${served.url} ${allForms('all')}`, {
      PARTNER_CENTER_TOKEN: canaryToken,
    });
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: '' });
    expect(problemsWith('report', JSON.parse(await text('all.json')))).toEqual([]);
    const rerun = `pc-billing conformance --base-url ${served.url} --strict --only etag.refuses-stale-write`;
    for (const form of ['junit', 'markdown', 'html'] as const) expect(await text(`all.${form}`)).toContain(rerun);
    expect(unwrapped(out)).toContain(rerun);
    const everything = [out, ...(await Promise.all(forms.map((form) => text(`all.${form}`))))].join('\n');
    expect(everything).toContain('Bearer $PARTNER_CENTER_TOKEN');
    for (const canary of canaries) expect(everything).not.toContain(canary);
  });

  test('of an earlier run do not stay when this one ends before its report', async () => {
    served = await serve(createMockService(), { port: 0 });
    const { url } = served;
    const run = () => cli(`conformance --base-url ${url} ${allForms('earlier')}`, { PARTNER_CENTER_TOKEN: 'mock-token' });
    expect((await run()).exitCode).toBe(0);
    expect((await readdir(folder)).filter((name) => name.startsWith('earlier'))).toHaveLength(forms.length);
    await served.close();
    served = undefined;
    expect((await run()).exitCode).toBe(2);
    expect((await readdir(folder)).filter((name) => name.startsWith('earlier'))).toEqual([]);
  });

  test('that cannot be written are all named, the others are written, the profile is put back, and it is exit 2', async () => {
    const mock = createMockService();
    served = await serve(mock, { port: 0 });
    const before = mock.customers.get(customerId)!;
    const files = `--json ${join(folder, 'nowhere/a.json')} --junit ${join(folder, 'good.xml')} --markdown ${folder} --html ${join(folder, 'good.html')}`;
    const { exitCode, out, err } = await cli(`conformance --base-url ${served.url} --only etag.* ${files}`);
    expect(exitCode).toBe(2);
    expect(err).toContain(`The json report ${join(folder, 'nowhere/a.json')} cannot be written: ENOENT, there is no such file or folder.`);
    expect(err).toContain(`The markdown report ${folder} cannot be written: EISDIR, it is a folder.`);
    expect(out).toContain('✓ Passed: ');
    expect(await text('good.xml')).toContain('<testsuites>');
    expect(await text('good.html')).toContain('<!doctype html>');
    expect({ ...mock.customers.get(customerId), attributes: 0 }).toEqual({ ...before, attributes: 0 });
    expect(await readdir(join(folder, 'state'))).toEqual([]);
  });

  test('of the embedded mock offer no curl: the mock has ended', async () => {
    await cli(`conformance --only read.* --html ${join(folder, 'embedded.html')}`);
    expect(await text('embedded.html')).toContain('Conformance of the embedded mock');
    expect(await text('embedded.html')).not.toContain('curl -sS');
  });
});

describe('--known', () => {
  const write = async (...ids: string[]): Promise<string> => {
    const file = join(folder, 'known.yaml');
    const entries = ids.map((id) => `  - { requirement: ${id}, reason: Because of it., owner: team billing, expires: 9999-12-31 }\n`);
    await writeFile(file, `deviations:\n${entries.join('')}`);
    return file;
  };

  test('accepts a failure, and shows why', async () => {
    served = await serve(createMockService({ faults: ['answers-nulls'] }), { port: 0 });
    const args = `conformance --base-url ${served.url} --mode read --known ${await write('read.answers-no-nulls')} ${allForms('known')}`;
    const { exitCode, out } = await cli(args);
    expect(exitCode).toBe(0);
    expect(out).toContain('! read.answers-no-nulls (must, accepted until 9999-12-31)\n');
    expect(out).toContain('Accepted      until 9999-12-31; owner team billing: Because of it.\n');
    expect(out).toMatch(/✓ Passed: \d+ passed, 1 accepted, \d+ skipped in /);
    expect(out).toContain('Every requirement that was tested holds, apart from accepted failures.\n');
    expect(await text('known.junit')).toContain('<skipped message="accepted until 9999-12-31; owner team billing: Because of it.">');
    for (const form of ['markdown', 'html']) expect(await text(`known.${form}`)).toContain('Because of it.');
  });

  test('that is resolved fails the run and says what to remove', async () => {
    const { exitCode, out } = await cli(`conformance --mode read --known ${await write('read.answers-no-nulls')} ${allForms('stale')}`);
    expect(exitCode).toBe(1);
    expect(out).toContain('Resolved: read.answers-no-nulls passes. Remove its entry from the accepted\nfailures (owner team billing).\n');
    expect(await text('stale.junit')).toContain('<failure type="resolved"');
    for (const form of ['markdown', 'html']) expect(await text(`stale.${form}`)).toContain('Resolved failures: remove these entries');
  });

  test('that is wrong is exit 2 with its line, and nothing is sent', async () => {
    let requests = 0;
    served = await serve(
      serviceOf(() => ((requests += 1), new Response(''))),
      { port: 0 },
    );
    const { exitCode, err } = await cli(`conformance --base-url ${served.url} --known ${await write('read.answers-nothing')}`);
    expect({ exitCode, requests }).toEqual({ exitCode: 2, requests: 0 });
    expect(err).toContain('known.yaml, line 2: there is no requirement "read.answers-nothing".');
  });
});

describe('list and explain', () => {
  test('list prints a line for each; as JSON, all that is known', async () => {
    const { exitCode, out } = await cli('conformance list');
    expect(exitCode).toBe(0);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(requirements.map(({ id }) => id));
    const listed = JSON.parse((await cli('conformance list --json')).out) as Record<string, unknown>[];
    expect(listed).toHaveLength(requirements.length);
    for (const one of listed) {
      expect(Object.keys(one)).toEqual(
        expect.arrayContaining(['id', 'level', 'mode', 'since', 'rule', 'rationale', 'procedure', 'remedy', 'sources', 'needs', 'faults']),
      );
    }
  });

  test('explain tells everything of one, and of every one', async () => {
    const { exitCode, out } = await cli('conformance explain etag.refuses-stale-write');
    expect(exitCode).toBe(0);
    const { rule, rationale, procedure, remedy, sources } = requirements.find(({ id }) => id === 'etag.refuses-stale-write')!;
    const inOneLine = (printed: string): string => printed.replaceAll(/\s+/g, ' ');
    for (const words of [rule, rationale, procedure, remedy, ...sources, faults['accepts-stale-etag'].does])
      expect(inOneLine(out)).toContain(words);
    const all = inOneLine((await cli('conformance explain *')).out);
    for (const { rationale: why } of requirements) expect(all).toContain(why);
    const race = (await cli('conformance explain race')).out;
    expect(race.match(/^race\.[a-z-]+$/gm)).toEqual(requirements.filter(({ id }) => id.startsWith('race.')).map(({ id }) => id));
  });
});

describe('get prints what a curl needs', () => {
  test('the profile as a body, patched, and its ETag as If-Match wants it', async () => {
    served = await serve(createMockService(), { port: 0 });
    const get = (args = '') => cli(`get ${customerId} --base-url ${served!.url} ${args}`);
    const profile = JSON.parse((await get()).out);
    expect((await get('--etag')).out).toBe(`"${profile.attributes.etag}"\n`);
    const body = JSON.parse((await get(`--pascal-case --merge '{"Email":null,"DefaultAddress":{"City":"Bonn"},"New":{"a":null}}'`)).out);
    expect(body).toMatchObject({
      Id: profile.id,
      DefaultAddress: { City: 'Bonn', Country: 'US' },
      New: {},
      Attributes: { Etag: profile.attributes.etag },
    });
    expect(body).not.toHaveProperty('Email');
    expect(await get('--etag --pascal-case')).toMatchObject({ exitCode: 2, err: expect.stringContaining('--etag prints no body') });
    expect(await get('--merge []')).toMatchObject({ exitCode: 2, err: expect.stringContaining('wants a JSON object') });
  });
});

// The other faults are in tests/slow.
test.each(['accepts-malformed-json', 'stores-refused-writes'] as const)(
  'the curl of a failure sees the same once more: %s',
  expectCurlRepeats,
);
