import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { settableMembers } from '../../src/cli/commands/set.ts';
import { toWire } from '../../src/contract/casing.ts';
import { createMockService, type MockService } from '../../src/mock/index.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';
import { jsonResponse } from '../support/observed-fetch.ts';
import { socketServer } from '../support/socket-server.ts';
import { cli } from '../support/cli.ts';
import { withVirtualClock } from '../support/virtual-clock.ts';
import { serviceOf } from '../support/service-of.ts';

let mock: MockService;
let served: ServedMock;
let folder: string;
/** Answers in place of the mock, when a test sets it. */
let instead: ((request: Request) => Response | undefined | Promise<Response | undefined>) | undefined;
let requests: string[];
const customerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';

beforeEach(async () => {
  mock = createMockService();
  instead = undefined;
  requests = [];
  folder = await mkdtemp(join(tmpdir(), 'pc-billing-'));
  served = await serve(
    serviceOf(async (request) => {
      requests.push(request.method);
      return (await instead?.(request)) ?? mock.fetch(request);
    }),
    { port: 0 },
  );
});
afterEach(async () => {
  await served.close();
  await rm(folder, { recursive: true });
});

const token = { PARTNER_CENTER_TOKEN: 'mock-token' };
const get = (env: Record<string, string> = token, more = '') => cli(`get ${customerId} --base-url ${served.url} ${more}`, env);
const set = (members: string) => cli(`set ${customerId} --base-url ${served.url} ${members}`, token);

describe('get', () => {
  test('prints the profile as JSON', async () => {
    const { exitCode, out, err } = await get();
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(JSON.parse(out)).toEqual(mock.customers.get(customerId));
  });

  test.each([
    ['{"email":"new@contoso.example","defaultAddress":{"city":"X"}}'],
    ['{"Email":"new@contoso.example","DEFAULTADDRESS":{"city":"X"}}'],
  ])('merges %s into what was read, whatever the letter case, so that nothing stands twice', async (patch) => {
    const read = mock.customers.get(customerId)!;
    const merged = { ...read, email: 'new@contoso.example', defaultAddress: { ...read.defaultAddress, city: 'X' } };
    expect(JSON.parse((await get(token, `--merge '${patch}'`)).out)).toEqual(merged);
    expect(JSON.parse((await get(token, `--pascal-case --merge '${patch}'`)).out)).toEqual(toWire(merged));
  });

  test('takes the address from the environment', async () => {
    const { exitCode } = await cli(`get ${customerId}`, { ...token, PARTNER_CENTER_BASE_URL: `${served.url}/v1/` });
    expect(exitCode).toBe(0);
  });

  test('takes the token from a file, whose line end does not matter, before the environment', async () => {
    const file = join(folder, 'token');
    await writeFile(file, 'mock-token\n');
    expect((await get({ PARTNER_CENTER_TOKEN: 'wrong' }, `--token-file ${file}`)).exitCode).toBe(0);
  });
});

describe('set', () => {
  const required = ['email', 'culture', 'language', 'company-name', 'country'];
  test.each(settableMembers.map(({ flag }) => flag))(
    '--%s with nothing clears the member, or is refused where the service wants one',
    async (flag) => {
      const { exitCode, err } = await set(`--${flag} ''`);
      expect(exitCode).toBe(required.includes(flag) ? 2 : 0);
      expect(err).toBe(required.includes(flag) ? `pc-billing: --${flag} cannot be empty; the service wants a value.\n` : '');
    },
  );

  test('changes what it is told and nothing else, and prints what is stored', async () => {
    const before = mock.customers.get(customerId)!;
    const { exitCode, out } = await set("--email billing@contoso.example --first-name Zoë --address-line1 '2 Way' --address-first-name A");
    expect(exitCode).toBe(0);
    const after = mock.customers.get(customerId)!;
    expect(after).toEqual({
      ...before,
      email: 'billing@contoso.example',
      firstName: 'Zoë',
      defaultAddress: { ...before.defaultAddress, addressLine1: '2 Way', firstName: 'A' },
      attributes: after.attributes,
    });
    expect(JSON.parse(out)).toEqual(after);
    expect(requests).toEqual(['GET', 'PUT']);
  });

  test('clears a member with an empty value', async () => {
    expect((await set("--phone-number '' --last-name=")).exitCode).toBe(0);
    expect(mock.customers.get(customerId)!.defaultAddress).not.toHaveProperty('phoneNumber');
    expect(mock.customers.get(customerId)).not.toHaveProperty('lastName');
  });

  test('ends with 5 when somebody wrote in between, and leaves their change', async () => {
    instead = async (request) => {
      if (request.method !== 'PUT') return undefined;
      instead = undefined;
      expect((await set('--company-name Theirs')).exitCode).toBe(0);
      return undefined;
    };
    const { exitCode, out, err } = await set('--company-name Mine --email mine@contoso.example');
    expect(exitCode).toBe(5);
    expect(out).toBe('');
    expect(err).toMatch(
      /^pc-billing: PUT \S+ was refused, because another writer has changed the same place since it was read \(companyName\).*MS-RequestId .*\n {2}companyName\n {4}was {4}"CompanyName"\n {4}mine {3}"Mine"\n {4}theirs "Theirs"\n$/,
    );
    expect(mock.customers.get(customerId)).toMatchObject({ companyName: 'Theirs', email: 'email@sample.com' });
  });

  test('keeps what another writer wrote in another place in between', async () => {
    instead = async (request) => {
      if (request.method !== 'PUT') return undefined;
      instead = undefined;
      expect((await set('--company-name Theirs')).exitCode).toBe(0);
      return undefined;
    };
    expect((await set('--email mine@contoso.example')).exitCode).toBe(0);
    expect(mock.customers.get(customerId)).toMatchObject({ companyName: 'Theirs', email: 'mine@contoso.example' });
  });
});

describe('exit codes', () => {
  test('4, a server that takes the connection and never answers, as soon as the deadline has passed', async () => {
    vi.stubGlobal('fetch', () => new Promise(() => {}));
    try {
      await withVirtualClock(async ({ until }) => {
        const { exitCode, err } = await until(cli(`set ${customerId} --base-url http://127.0.0.1:9 --email a@b.example`, token));
        expect(exitCode).toBe(4);
        expect(err).toMatch(/^pc-billing: GET \S+ was ended: the call took 120000 ms \(deadlineMs\) \(MS-RequestId .*\)\n {2}No complete response came .* Check --base-url/);
      });
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('3, in words that cannot write over the terminal', async () => {
    instead = () => jsonResponse({ code: 1, description: 'evil \u009b2J \u202e' }, { status: 403 });
    const { exitCode, err } = await get();
    expect(exitCode).toBe(3);
    expect(err).not.toMatch(/[\u009b\u202e]/);
  });

  test.each([
    ['3, refused by the service', 3, () => jsonResponse({ code: 20002, description: 'No relationship' }, { status: 403 }), '403, code 20002'],
    ['3, refused in HTML', 3, () => new Response('<html>', { status: 502 }), '502'],
    ['3, throttled', 3, () => jsonResponse({ statusCode: 429, message: 'x' }, { status: 429, headers: { 'Retry-After': '57' } }), '57'],
    ['6, the service broke the contract', 6, () => new Response('<html>'), 'not JSON'],
  ])('%s', async (_, code, answer, words) => {
    instead = answer;
    const { exitCode, out, err } = await get();
    expect({ exitCode, out }).toEqual({ exitCode: code, out: '' });
    expect(err).toContain(words);
    expect(err).not.toContain('    at ');
    expect(err).toMatch(/MS-RequestId [0-9a-f-]{36}, MS-CorrelationId [0-9a-f-]{36}/);
  });

  test('3, a wrong token, which is not printed', async () => {
    const { exitCode, out, err } = await get({ PARTNER_CENTER_TOKEN: 'wrong-token' });
    expect(exitCode).toBe(3);
    expect(out + err).not.toContain('wrong-token');
  });

  test('4, no answer', async () => {
    const dead = await socketServer((socket) => socket.destroy());
    try {
      const { exitCode, err } = await cli(`get ${customerId} --base-url ${dead.url}`, token);
      expect(exitCode).toBe(4);
      expect(err).not.toContain('    at ');
    } finally {
      await dead.close();
    }
  });

  test.each([
    ['no command', '', 'Usage: pc-billing'],
    ['an unknown command', 'fetch', "unknown command 'fetch'"],
    ['no customer', 'get', "missing required argument 'customer-id'"],
    ['two customers', `get ${customerId} ${customerId}`, 'too many arguments'],
    ['a customer that is not a GUID', 'get contoso --base-url http://127.0.0.1:9', 'not a GUID'],
    ['an address that is none', `get ${customerId} --base-url nonsense`, 'not an http or https URL'],
    ['an address in clear text', `get ${customerId} --base-url http://api.partnercenter.microsoft.com`, 'clear text'],
    ['no token off this machine', `get ${customerId}`, 'PARTNER_CENTER_TOKEN'],
    ['a token file that is not there', `get ${customerId} --token-file /no/such/file`, 'ENOENT'],
    ['an unknown option', `get ${customerId} --colour`, "unknown option '--colour'"],
    ['nothing to set', `set ${customerId} --base-url http://127.0.0.1:9`, 'Nothing to set'],
    ['a member that cannot be cleared', `set ${customerId} --base-url http://127.0.0.1:9 --email ''`, '--email cannot be empty'],
  ])('2, %s', async (_, args, words) => {
    const { exitCode, out, err } = await cli(args);
    expect(exitCode).toBe(2);
    expect(out + err).toContain(words);
    expect(err).not.toContain('    at ');
  });

  test.each(['--token=canary-token', '--token canary-token'])('2, a token as an argument (%s), which is not printed', async (option) => {
    for (const command of [`get ${customerId}`, `set ${customerId} --email a@b.c`, 'conformance']) {
      const { exitCode, out, err } = await cli(`${command} ${option}`);
      expect(exitCode).toBe(2);
      expect(out + err).toContain('--token');
      expect(out + err).not.toContain('canary-token');
    }
  });

  test('0, --help and --version', async () => {
    for (const args of ['--help', '--version', 'get --help', 'conformance --help', 'conformance run --help']) {
      const { exitCode, out, err } = await cli(args);
      expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
      expect(out).not.toBe('');
    }
  });
}); // prettier-ignore

test('an empty variable of the environment counts as none', async () => {
  const { exitCode, err } = await cli(`get ${customerId}`, { PARTNER_CENTER_BASE_URL: '' });
  expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining('PARTNER_CENTER_TOKEN') });
});

test.each([
  ['an ETag that cannot stand in a header', { etag: 'a"b' }, {}],
  ['both spellings of a member', {}, { Email: 'x@example.com' }],
])('a profile with %s cannot be written back: exit 6, and nothing is', async (_, attributes, more) => {
  const profile = mock.customers.get(customerId)!;
  instead = (request) =>
    request.method === 'GET' ? jsonResponse({ ...profile, ...more, attributes: { ...profile.attributes, ...attributes } }) : undefined;
  const { exitCode, err } = await cli(`set ${customerId} --base-url ${served.url} --last-name X`, token);
  expect(exitCode).toBe(6);
  expect(err).toContain('but the profile cannot be written back: ');
  expect(requests).toEqual(['GET']);
});
