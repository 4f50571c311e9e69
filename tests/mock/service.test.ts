import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { validateErrorResponse, validateProfile, validateThrottlingResponse } from '../../src/contract/validate.ts';
import { createMockService, type MockService, type MockServiceOptions } from '../../src/mock/index.ts';

const example = (name: string): string => readFileSync(new URL(`../../openapi/examples/${name}.json`, import.meta.url), 'utf8');
const documentedPut: Record<string, any> = JSON.parse(example('update-request')); // oxlint-disable-line no-explicit-any

interface Sent {
  method?: string;
  path?: string;
  customerId?: string;
  headers?: Record<string, string | undefined>;
  body?: unknown;
  raw?: BodyInit;
}

/** A mock, and a way to talk to it that begins with a good request. */
function mockWith(options: MockServiceOptions = {}) {
  const mock = createMockService(options);
  const [customerId] = mock.customers.ids() as [string];
  const send = async ({ method = 'GET', path, headers = {}, body, raw, ...rest }: Sent = {}) => {
    const url = `http://mock.localhost${path ?? `/v1/customers/${rest.customerId ?? customerId}/profiles/billing`}`;
    const given = {
      Authorization: `Bearer ${mock.token}`,
      ...(method === 'PUT' ? { 'Content-Type': 'application/json' } : {}),
      ...headers,
    };
    const response = await mock.fetch(
      new Request(url, {
        method,
        headers: Object.entries(given).filter((header): header is [string, string] => header[1] !== undefined),
        ...(body === undefined && raw === undefined ? {} : { body: raw ?? JSON.stringify(body) }),
      }),
    );
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const parse = () => JSON.parse(text.replace(/^\uFEFF/, ''));
    return { status: response.status, headers: response.headers, text, get json() { return parse(); } }; // prettier-ignore
  };
  const etag = () => mock.customers.get(customerId)!.attributes.etag;
  /** A PUT that is good, but for what the test changes. */
  const put = (change: Record<string, unknown> = {}, sent: Sent = {}) =>
    send({
      method: 'PUT',
      ...sent,
      headers: { 'If-Match': `"${etag()}"`, ...sent.headers },
      body: { ...documentedPut, Attributes: { Etag: etag(), ObjectType: 'CustomerBillingProfile' }, ...change },
    });
  return { mock, customerId, send, put, etag };
}

const stored = (mock: MockService): unknown => mock.customers.ids().map((id) => mock.customers.get(id));

describe("the guide's exchange", () => {
  test('GET, PUT of the documented body with the ETag, the same PUT again', async () => {
    const { send, etag, mock, customerId } = mockWith();
    const read = await send();
    expect(read.status).toBe(200);
    expect(read.json).toMatchObject({ companyName: 'CompanyName', attributes: { etag: etag() } });

    const before = etag();
    const put = { method: 'PUT', headers: { 'If-Match': `"${before}"` }, body: documentedPut };
    const written = await send(put);
    expect(written.status).toBe(200);
    expect(written.json.defaultAddress).toEqual(JSON.parse(example('update-response')).defaultAddress);
    expect(written.json.attributes.etag).not.toBe(before);

    const stale = await send(put);
    expect(stale.status).toBe(400);
    expect(stale.json).toMatchObject({ code: 2055, description: 'Etag is no longer valid', data: [] });
    expect((await send()).json).toEqual(written.json);
    expect(mock.customers.get(customerId)).toEqual(written.json);
  });

  test('what is answered fits the contract, for every customer and preset', async () => {
    for (const behaviour of ['observed', 'documented'] as const) {
      const { mock, send } = mockWith({ behaviour });
      expect(mock.customers.ids().length).toBeGreaterThanOrEqual(2);
      for (const customerId of mock.customers.ids()) expect(validateProfile((await send({ customerId })).json)).toMatchObject({ ok: true });
    }
  });

  test('ETags are signed 64-bit decimals that never come again', async () => {
    const { put, etag } = mockWith();
    const seen = new Set<string>([etag()]);
    for (let write = 1; write <= 200; write += 1) {
      expect((await put()).status).toBe(200);
      expect(BigInt.asIntN(64, BigInt(etag())).toString()).toBe(etag());
      seen.add(etag());
    }
    expect(seen.size).toBe(201);
  });

  test('reset puts everything back', async () => {
    const { mock, put } = mockWith();
    const before = stored(mock);
    await put({ CompanyName: 'Other' });
    expect(stored(mock)).not.toEqual(before);
    mock.reset();
    expect(stored(mock)).toEqual(before);
  });

  test('reset forgets the request ids that it has seen', async () => {
    const { mock, customerId, put } = mockWith({ behaviour: { requestIdReplay: 'answered-again' } });
    const headers = { 'MS-RequestId': '11111111-1111-4111-8111-111111111111' };
    await put({ CompanyName: 'Other' }, { headers });
    mock.reset();
    await put({ CompanyName: 'Other' }, { headers });
    expect(mock.customers.get(customerId)!.companyName).toBe('Other');
  });

  test('two mocks share nothing, and what is looked at is a copy', async () => {
    const [one, other] = [mockWith(), mockWith()];
    await one.put({ CompanyName: 'Changed' });
    one.mock.customers.get(one.customerId)!.companyName = 'Tampered';
    expect(one.mock.customers.get(one.customerId)!.companyName).toBe('Changed');
    expect(other.mock.customers.get(other.customerId)!.companyName).toBe('CompanyName');
  });
});

test('the name of the scheme has no letter case', async () => {
  const { send, mock } = mockWith();
  expect((await send({ headers: { Authorization: `bearer ${mock.token}` } })).status).toBe(200);
});

describe('a refusal', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const cases: [string, number, number | string, Sent | ((mock: ReturnType<typeof mockWith>) => Sent), string?][] = [
    ['no token', 401, 400, { headers: { Authorization: undefined } }],
    ['a wrong token', 401, 400, { headers: { Authorization: 'Bearer wrong' } }],
    ['a token without its scheme', 401, 400, { headers: { Authorization: 'mock-token' } }],
    ['an id that is not a GUID', 400, 2000, { customerId: 'contoso' }],
    ['an id that is not UTF-8', 400, 2000, { customerId: '%E0%A4%A' }],
    ['an unknown customer', 404, 60003, { customerId: '00000000-0000-4000-8000-000000000000' }],
    ['POST', 405, 800042, { method: 'POST' }],
    ['PATCH', 405, 800042, { method: 'PATCH', body: {} }],
    ['DELETE', 405, 800042, { method: 'DELETE' }],
    ['text/plain', 415, 800042, { method: 'PUT', headers: { 'Content-Type': 'text/plain' }, body: documentedPut }],
    ['XML, which the swagger names', 400, 800002, { method: 'PUT', headers: { 'Content-Type': 'application/xml' }, raw: '<a/>' }],
    ['an empty body', 400, 800002, { method: 'PUT', raw: '' }],
    ['half a body', 400, 800002, { method: 'PUT', raw: '{"Email":' }],
    ['a body nested too deep', 400, 800002, { method: 'PUT', raw: nested(100_000) }],
    ['a body that is an array', 400, 3000, { method: 'PUT', body: [documentedPut] }, 'The body: must be object'],
    ['a body that is null', 400, 3000, { method: 'PUT', raw: 'null' }, 'The body: must be object'],
    ['a body over 1 MiB', 413, 800002, { method: 'PUT', body: { ...documentedPut, FirstName: 'x'.repeat(1024 * 1024) } }],
    ['no e-mail address', 400, 3000, { method: 'PUT', body: { ...documentedPut, Email: undefined } }, 'Email: is missing'],
    ['null as e-mail address', 400, 3000, { method: 'PUT', body: { ...documentedPut, Email: null } }, 'Email: must be string'],
    ['a number as city', 400, 3000, { method: 'PUT', body: { ...documentedPut, DefaultAddress: { City: 5 } } }, 'DefaultAddress.City: must be string or null'],
    ['an address that is text', 400, 3000, { method: 'PUT', body: { ...documentedPut, DefaultAddress: 'x' } }, 'DefaultAddress: must be object'],
    ['an ETag that is a number', 400, 3000, { method: 'PUT', body: { ...documentedPut, Attributes: { Etag: 1 } } }, 'Attributes.Etag: must be string or null'],
    ['no ETag at all', 400, 2055, { method: 'PUT', body: { ...documentedPut, Attributes: null } }],
    ['a stale ETag', 400, 2055, { method: 'PUT', headers: { 'If-Match': '"1"' }, body: documentedPut }],
  ]; // prettier-ignore

  test.each(cases)('of %s: %i with code %s, an error response, both ids, and nothing changed', async (_, status, code, sent, data) => {
    const inside = mockWith();
    const before = stored(inside.mock);
    const given = typeof sent === 'function' ? sent(inside) : sent;
    const ids = { 'MS-RequestId': '11111111-1111-4111-8111-111111111111', 'MS-CorrelationId': '22222222-2222-4222-8222-222222222222' };
    const answer = await inside.send({ ...given, headers: { ...ids, ...given.headers } });
    expect({ status: answer.status, code: answer.json.code }).toEqual({ status, code });
    expect(validateErrorResponse(answer.json)).toMatchObject({ ok: true });
    if (data !== undefined) expect(answer.json.data).toContain(data);
    expect(answer.text).not.toContain(inside.mock.token);
    expect(answer.text.startsWith('\uFEFF')).toBe(false);
    expect(answer.headers.get('MS-RequestId')).toBe(ids['MS-RequestId']);
    expect(answer.headers.get('MS-CorrelationId')).toBe(ids['MS-CorrelationId']);
    expect(stored(inside.mock)).toEqual(before);
  });

  test('of a method names those that there are', async () => {
    expect((await mockWith().send({ method: 'DELETE' })).headers.get('Allow')).toBe('GET, HEAD, PUT');
  });

  test('of a caller challenges it', async () => {
    expect((await mockWith().send({ headers: { Authorization: undefined } })).headers.get('WWW-Authenticate')).toMatch(/^OAuth realm=/);
  });

  test('of a body over 1 MiB comes before the body was read to its end', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const { mock, customerId } = mockWith();
    const url = `http://mock.localhost/v1/customers/${customerId}/profiles/billing`;
    const headers = { Authorization: `Bearer ${mock.token}`, 'Content-Type': 'application/json' };
    const response = await mock.fetch(new Request(url, { method: 'PUT', headers, body: endless, duplex: 'half' } as RequestInit));
    expect(response.status).toBe(413);
    expect(pulled).toBeLessThan(30);
  });

  test('of another path is the gateway’s: its own body, no ids', async () => {
    for (const path of ['/', '/v1/customers', '/v1/customers//profiles/billing', '/v2/customers/x/profiles/billing']) {
      const answer = await mockWith().send({ path });
      expect(answer.status).toBe(404);
      expect(validateThrottlingResponse(answer.json)).toMatchObject({ ok: true });
      expect(answer.headers.has('MS-RequestId')).toBe(false);
    }
  });
});

describe('an answer', () => {
  test('repeats both ids, and makes those that are missing or empty', async () => {
    let count = 0;
    const { send } = mockWith({ newId: () => `made-${(count += 1)}` });
    const sent = await send({ headers: { 'MS-RequestId': 'mine', 'MS-CorrelationId': '' } });
    expect(sent.headers.get('MS-RequestId')).toBe('mine');
    expect(sent.headers.get('MS-CorrelationId')).toBe('made-1');
    expect((await send()).headers.get('MS-RequestId')).toBe('made-2');
  });

  test('carries the headers that recordings show', async () => {
    const { headers, text } = await mockWith().send();
    expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
    expect(headers.get('Content-Length')).toBe(String(new TextEncoder().encode(text).length));
    expect(headers.get('MS-CV')).toMatch(/^[A-Za-z0-9+/]{16}\.0$/);
    expect(headers.get('MS-ServerId')).toBe('00000055');
    expect(headers.has('ETag')).toBe(false);
  });

  test('to HEAD has the headers of GET and no body', async () => {
    const { send } = mockWith();
    const ids = { 'MS-RequestId': 'a', 'MS-CorrelationId': 'b' };
    const [head, get] = [await send({ method: 'HEAD', headers: ids }), await send({ headers: ids })];
    expect(head.text).toBe('');
    expect([...head.headers]).toEqual([...get.headers]);
  });

  test('is found whatever the letter case of path and id', async () => {
    const { send, customerId } = mockWith();
    expect((await send({ path: `/V1/Customers/${customerId.toUpperCase()}/Profiles/Billing/` })).status).toBe(200);
  });
});

describe('a PUT', () => {
  test('is read whatever the letter case of its names, as the Java SDK sends it', async () => {
    const { send } = mockWith();
    const body = JSON.stringify(documentedPut).replaceAll(
      /"([A-Z]\w*)":/g,
      (_, name: string) => `"${name[0]!.toLowerCase()}${name.slice(1)}":`,
    );
    const answer = await send({ method: 'PUT', raw: body });
    expect(answer.status).toBe(200);
    expect(answer.json.defaultAddress.addressLine1).toBe('One Microsoft Way');
  });

  test('whose body is not UTF-8 is read with replacement characters', async () => {
    const { send, etag } = mockWith();
    const text = JSON.stringify({ ...documentedPut, FirstName: 'Zoë', Attributes: { Etag: etag() } });
    const latin1 = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const answer = await send({ method: 'PUT', raw: latin1 });
    expect(answer.status).toBe(200);
    expect(answer.json.firstName).toBe('Zo\uFFFD');
  });

  test('with the byte order mark of some clients is read', async () => {
    const { send, etag } = mockWith();
    const raw = `\uFEFF${JSON.stringify({ ...documentedPut, Attributes: { Etag: etag() } })}`;
    expect((await send({ method: 'PUT', raw })).status).toBe(200);
  });

  test('without a Content-Type is taken for JSON; a parameter does not matter', async () => {
    const { put } = mockWith();
    expect((await put({}, { headers: { 'Content-Type': 'application/json;charset=UTF-8' } })).status).toBe(200);
    expect((await put({}, { headers: { 'Content-Type': 'text/json' } })).status).toBe(200);
  });

  test('normalises the culture, not the language', async () => {
    const { put } = mockWith();
    expect((await put({ Culture: 'EN-US', Language: 'En' })).json).toMatchObject({ culture: 'en-US', language: 'En' });
    expect((await put({ Culture: 'no culture' })).json.culture).toBe('no culture');
  });

  test('does not touch the links, whatever it sends', async () => {
    const { put, send } = mockWith();
    const before = (await send()).json.links;
    await put({ Links: { Self: { Uri: '/evil', Method: 'DELETE', Headers: [] } } });
    expect((await send()).json.links).toEqual(before);
  });

  test('cannot clear the country', async () => {
    const { put } = mockWith();
    expect((await put({ DefaultAddress: { Country: null, City: 'X' } })).json.defaultAddress).toEqual({ country: 'US', city: 'X' });
  });

  test.each(['__proto__', 'constructor', 'toString'])('with a member named %s stays harmless', async (name) => {
    const { send, etag } = mockWith({ behaviour: { unknownMember: 'kept' } });
    const raw = `{"${name}":{"polluted":true},${JSON.stringify({ ...documentedPut, Attributes: { Etag: etag() } }).slice(1)}`;
    const answer = await send({ method: 'PUT', raw });
    expect(answer.status).toBe(200);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.hasOwn(answer.json, name)).toBe(true);
  });

  test('answers its members in the order of the contract', async () => {
    const { put } = mockWith();
    const answer = await put({ DefaultAddress: { PostalCode: '98052', State: 'WA', Country: 'US', City: 'Redmond' } });
    expect(Object.keys(answer.json.defaultAddress)).toEqual(['country', 'city', 'state', 'postalCode']);
  });
});

test('a behaviour that there is not is a TypeError that names those there are', () => {
  const behaviour = 'docmented' as 'documented';
  expect(() => createMockService({ behaviour })).toThrow(
    new TypeError('There is no behaviour "docmented". There are observed and documented.'),
  );
});
