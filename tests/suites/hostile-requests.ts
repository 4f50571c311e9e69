import * as fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { validateErrorResponse, validateProfile, validateThrottlingResponse } from '../../src/contract/validate.ts';
import { type BehaviourPreset, createMockService, type MockService } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';
import { RawConnection } from '../support/raw-connection.ts';

/** A request as bytes could carry it. Header values are Latin-1. */
export interface HostileRequest {
  method: string;
  path: string;
  headers: [string, string][];
  body: Uint8Array<ArrayBuffer> | undefined;
}

const customerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';
const token = 'hostile-canary-token';
const profile = {
  Id: 'b6a6bd24-6d36-4db0-8f0c-1d1e5bbbb001',
  FirstName: 'F',
  LastName: 'L',
  Email: 'e@contoso.com',
  Culture: 'EN-US',
  Language: 'En',
  CompanyName: 'C',
  DefaultAddress: { Country: 'US', City: 'Redmond', State: 'WA', AddressLine1: '1', PostalCode: '98052', PhoneNumber: '4255550100' },
  Links: { Self: { Uri: '/x', Method: 'GET', Headers: [] } },
  Attributes: { Etag: 'ETAG', ObjectType: 'CustomerBillingProfile' },
};
const names = [
  ...Object.keys(profile),
  ...Object.keys(profile.DefaultAddress),
  'Etag',
  '__proto__',
  'constructor',
  'toString',
  'email',
  '',
];

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'latin1'));
const utf16 = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new Uint16Array(Array.from(text, (unit) => unit.charCodeAt(0))).buffer);
const nested = (depth: number, [open, close]: readonly [string, string]): string => open.repeat(depth) + close.repeat(depth);
const bomb = new Uint8Array(gzipSync(Buffer.alloc(8 * 1024 * 1024)));

/** A JSON text that somebody could make of anything, lone surrogates included. */
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '"\\ud800"',
    '"\\udc00x\\ud800"',
    '1e999',
    '-0',
    '9007199254740993',
    '{"__proto__":{"polluted":1}}',
    'null',
    '[]',
    '{}',
    '""',
  ),
  fc.integer({ min: 1, max: 200 }).map((depth) => nested(depth, ['[', ']'])),
  fc.integer({ min: 1, max: 100 }).map((depth) => nested(depth, ['{"a":', '}']).replace(':}', ':1}')),
);

/** A good body with one to three things done to it. */
const mutatedBody = fc
  .array(fc.tuple(fc.constantFrom(...names), anyValue, fc.constantFrom('replace', 'drop', 'repeat', 'nest')), { maxLength: 3 })
  .map((changes) =>
    changes.reduce((text, [name, value, how]) => {
      const member = new RegExp(`"${name}":("[^"]*"|\\{[^{}]*\\}|null)`);
      if (how === 'replace') return text.replace(member, () => `"${name}":${value}`);
      if (how === 'drop') return text.replace(new RegExp(`${member.source},?`), '').replace(',}', '}');
      const repeated = `"${name}":${value}`;
      return how === 'repeat' ? `{${repeated},${text.slice(1)}` : text.replace('"Country"', () => `${repeated},"Country"`);
    }, JSON.stringify(profile)),
  );

const bodies = fc.oneof(
  { weight: 120, arbitrary: mutatedBody.map(encode) },
  { weight: 16, arbitrary: mutatedBody.map(utf16) },
  { weight: 16, arbitrary: mutatedBody.map((text) => latin1(`${text.slice(0, -1)},"X":"\u00eb"}`)) },
  { weight: 16, arbitrary: fc.tuple(mutatedBody, fc.nat(400)).map(([text, length]) => encode(text.slice(0, length))) },
  { weight: 16, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => new Uint8Array(bytes)) },
  { weight: 16, arbitrary: anyValue.map(encode) },
  { weight: 4, arbitrary: fc.constant(bomb) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(2 ** 16, 2 ** 20, 2 ** 21)
      .map((size) => encode(JSON.stringify({ ...profile, FirstName: 'x'.repeat(size) }))),
  },
  { weight: 1, arbitrary: fc.constantFrom(5_000, 200_000).map((depth) => encode(nested(depth, ['[', ']']))) },
);

const headerText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', ' ', '"', '*', 'W/"', '"ETAG"', 'ETAG', '"x", "ETAG"', ',,,"ETAG"', 'null', 'x'.repeat(4000)),
);
const headers = fc
  .tuple(
    fc.record(
      {
        Authorization: fc.oneof({ weight: 20, arbitrary: fc.constant(`Bearer ${token}`) }, headerText),
        'Content-Type': fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom('application/json', 'application/json; charset=utf-16', 'text/json;charset="utf-8"') },
          { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/xml', 'application/jsonx', ';', '') },
        ),
      },
      { requiredKeys: ['Authorization', 'Content-Type'] },
    ),
    fc.record(
      {
        'If-Match': headerText,
        'MS-RequestId': headerText,
        'MS-CorrelationId': headerText,
        'Content-Encoding': fc.constantFrom('gzip', 'br', 'identity', 'x'),
        'X-Mock-Fault': fc.constantFrom('resets-before-storing', 'stores-refused-writes', '__proto__'),
        Accept: headerText,
        Cookie: headerText,
      },
      { requiredKeys: [] },
    ),
  )
  .map(([always, sometimes]) =>
    Object.entries({ ...always, ...sometimes }).map(([name, value]): [string, string] => [
      name,
      // What cannot stand in a header at all is for the parser of HTTP, not for us.
      value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, ''),
    ]),
  );

const pathOf = (id: string, tail = '/profiles/billing'): string => `/v1/customers/${id}${tail}`;
const path = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(pathOf(customerId), pathOf(customerId.toUpperCase(), '/Profiles/BILLING/?x=%zz')) },
  { weight: 1, arbitrary: fc.webSegment().map((segment) => pathOf(segment)) },
  { weight: 1, arbitrary: fc.webPath({ size: 'small' }).map((text) => text || '/') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      pathOf('__proto__'),
      pathOf('%00'),
      pathOf('%E0%A4%A'),
      pathOf(`${customerId}%20`),
      pathOf('..%2f..'),
      `//${pathOf(customerId)}`,
    ),
  },
);

export const hostileRequest: fc.Arbitrary<HostileRequest> = fc
  .record({
    method: fc.oneof(
      { weight: 8, arbitrary: fc.constant('PUT') },
      { weight: 3, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'put', 'PROPFIND') },
    ),
    path,
    headers,
    body: bodies,
  })
  .map((request) => (/^(GET|HEAD)$/i.test(request.method) ? { ...request, body: undefined } : request));

/** A mock that hostile requests are sent to, and what has to hold after each of them. */
export function createVictim(behaviour: BehaviourPreset) {
  const mock = createMockService({ behaviour, token, control: false });
  const state = (): string[] => mock.customers.ids().map((id) => JSON.stringify(mock.customers.get(id)));
  let before = state();
  return {
    mock,
    /** The request with the ETag of now where it says ETAG, so that some are good. */
    current(request: HostileRequest): HostileRequest {
      const etag = mock.customers.get(customerId)!.attributes.etag;
      const fill = (text: string): string => text.replaceAll('ETAG', etag);
      const filled = request.body !== undefined && request.body.length < 10_000 ? replaceBytes(request.body, etag) : request.body;
      return { ...request, headers: request.headers.map(([name, value]) => [name, fill(value)]), body: filled };
    },
    /** No 5xx, a body of the contract, no token in it, and nothing changed unless the answer says so. */
    check(request: HostileRequest, status: number, body: Uint8Array): void {
      expect(status).toBeLessThan(500);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
      expect(text).not.toContain(token);
      const after = state();
      const isStored = status === 200 && request.method.toUpperCase() === 'PUT';
      const changed = after.filter((one, index) => one !== before[index]).length;
      expect(changed).toBeLessThanOrEqual(isStored ? 1 : 0);
      before = after;
      if (request.method.toUpperCase() !== 'HEAD' && text !== '') {
        const json: unknown = JSON.parse(text);
        const fits = status === 200 ? validateProfile(json).ok : validateErrorResponse(json).ok || validateThrottlingResponse(json).ok;
        expect(fits, text.slice(0, 300)).toBe(true);
      }
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  };
}

function replaceBytes(bytes: Uint8Array<ArrayBuffer>, etag: string): Uint8Array<ArrayBuffer> {
  return latin1(Buffer.from(bytes).toString('latin1').replaceAll('ETAG', etag));
}

/** Sends so many hostile requests to a mock in this process. Gives how often each status came. */
export async function attackInProcess(
  behaviour: BehaviourPreset,
  runs: number,
  seed: number,
): Promise<{ mock: MockService; statuses: Map<number, number> }> {
  const victim = createVictim(behaviour);
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(hostileRequest, async (hostile) => {
      const request = victim.current(hostile);
      const { method, path: target, headers: given } = request;
      const init = { method, headers: given, ...(request.body === undefined ? {} : { body: request.body }) };
      const response = await victim.mock.fetch(new Request(`http://mock.localhost${target}`, init));
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      victim.check(request, response.status, new Uint8Array(await response.arrayBuffer()));
    }),
    { numRuns: runs, seed, endOnFailure: false },
  );
  return { mock: victim.mock, statuses };
}

type Mangle =
  | 'none'
  | 'short'
  | 'chunked'
  | 'bad chunk'
  | 'two lengths'
  | 'no host'
  | 'bad host'
  | 'absolute'
  | 'asterisk'
  | 'half'
  | 'version'
  | 'trace';

/** The request as bytes, with something done to its framing. */
function toBytes({ method, path: target, headers: given, body: sent = new Uint8Array() }: HostileRequest, mangle: Mangle): Buffer {
  const chunked = mangle === 'chunked' || mangle === 'bad chunk';
  const lengths = mangle === 'two lengths' ? [sent.length, sent.length + 1] : [sent.length + (mangle === 'short' ? 10 : 0)];
  const targets: Partial<Record<Mangle, string>> = { absolute: `http://127.0.0.1${target}`, asterisk: '*' };
  const hosts: Partial<Record<Mangle, string[]>> = { 'no host': [], 'bad host': ['Host: a b/?#\\'] };
  const head = [
    `${mangle === 'trace' ? 'TRACE' : method} ${targets[mangle] ?? target} HTTP/${mangle === 'version' ? '9.9' : '1.1'}`,
    ...(hosts[mangle] ?? ['Host: 127.0.0.1']),
    ...given.map(([name, value]) => `${name}: ${value}`),
    ...(chunked ? ['Transfer-Encoding: chunked'] : lengths.map((length) => `Content-Length: ${length}`)),
    'Connection: close',
  ];
  const chunk = mangle === 'bad chunk' ? 'zz' : sent.length.toString(16);
  const framed = chunked ? [Buffer.from(`${chunk}\r\n`), sent, Buffer.from('\r\n0\r\n\r\n')] : [sent];
  const whole = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), ...framed]);
  return mangle === 'half' ? whole.subarray(0, Math.floor(whole.length / 2)) : whole;
}

const mangles = fc.oneof(
  { weight: 10, arbitrary: fc.constant<Mangle>('none') },
  {
    weight: 10,
    arbitrary: fc.constantFrom<Mangle>(
      'short',
      'chunked',
      'bad chunk',
      'two lengths',
      'no host',
      'bad host',
      'absolute',
      'asterisk',
      'half',
      'version',
      'trace',
    ),
  },
);

/** Sends so many hostile requests to a mock over HTTP, each on a connection of its own, and hangs up after it. */
export async function attackOverHttp(behaviour: BehaviourPreset, runs: number, seed: number): Promise<{ statuses: Map<number, number> }> {
  const victim = createVictim(behaviour);
  const { url, close } = await serve(victim.mock, { port: 0 });
  const statuses = new Map<number, number>();
  try {
    await fc.assert(
      fc.asyncProperty(hostileRequest, mangles, async (hostile, mangle) => {
        const request = victim.current(hostile);
        const connection = new RawConnection(url);
        connection.send(toBytes(request, mangle));
        // Who sends too little and stops sees an answer or an end, too.
        connection.socket.end();
        const answer = await connection.read(mangle === 'trace' ? 'TRACE' : request.method);
        connection.close();
        if (answer !== undefined) statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        // What the parser of HTTP refuses has no body of ours.
        else victim.check(request, 400, new Uint8Array());
        if (answer !== undefined) victim.check(request, answer.status, new Uint8Array(answer.body));
      }),
      { numRuns: runs, seed },
    );
    const good = await fetch(`${url}${pathOf(customerId)}`, { headers: { Authorization: `Bearer ${token}` } });
    expect(good.status).toBe(200);
  } finally {
    await close();
  }
  return { statuses };
}
