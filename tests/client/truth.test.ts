import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  type Change,
  ConflictError,
  ContractError,
  createPartnerClient,
  type CustomerBillingProfile,
  EnvironmentError,
  type PartnerClientOptions,
  type PartnerError,
  StaleEtagError,
} from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';

type Fetch = (request: Request) => Promise<Response>;
type Json = Record<string, unknown>;

const reset = () => new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
const gateway = (status: number) => Response.json({ statusCode: status, message: 'No' }, { status });
const api = (status: number) => Response.json({ code: 800003, description: 'Unexpected service error' }, { status });

/** A client of a mock with something in between. `around` gets each request with its number among those of its method, from 1. */
function setUp(around: (request: Request, count: number, mock: Fetch) => Promise<Response>, options: Partial<PartnerClientOptions> = {}) {
  const mock = createMockService();
  const [customerId] = mock.customers.ids() as [string];
  const counts: Record<string, number> = {};
  const sent: string[] = [];
  const requestIds: (string | null)[] = [];
  const stored: CustomerBillingProfile[] = [];
  const arrive: Fetch = async (request) => {
    const before = mock.customers.get(customerId)!.attributes.etag;
    const response = await mock.fetch(request);
    const after = mock.customers.get(customerId)!;
    if (after.attributes.etag !== before) stored.push(after);
    return response;
  };
  const clientOver = (fetch: Fetch) =>
    createPartnerClient({ token: mock.token, fetch, sleep: () => Promise.resolve(), ...options }).customers.byId(customerId).profiles
      .billing;
  const billing = clientOver((request) => {
    sent.push(request.method);
    requestIds.push(request.headers.get('MS-RequestId'));
    return around(request, (counts[request.method] = (counts[request.method] ?? 0) + 1), arrive);
  });
  return { mock, customerId, billing, other: clientOver(arrive), sent, requestIds, stored, now: () => mock.customers.get(customerId)! };
}

const caught = (promise: Promise<unknown>) => promise.then(() => undefined, (error: unknown) => error as PartnerError); // prettier-ignore
const countUp: Change = (draft) => void (draft.companyName = String(Number(draft.companyName) + 1));

/** Responses to a PUT that was stored all the same. */
const storedAllTheSame: [string, (request: Request, mock: Fetch) => Promise<Response>][] = [
  ['no response', async (request, mock) => (await mock(request), Promise.reject(reset()))],
  ['408', async (request, mock) => (await mock(request), gateway(408))],
  ['a 429 that is not the gateway\'s', async (request, mock) => (await mock(request), api(429))],
  ['a 429 in HTML', async (request, mock) => (await mock(request), new Response('<p>Slow down', { status: 429 }))],
  ...[500, 501, 502, 503, 504, 507, 599].map((status): (typeof storedAllTheSame)[number] => [
    String(status),
    async (request, mock) => (await mock(request), api(status)),
  ]),
  ['a redirect', async (request, mock) => (await mock(request), new Response(null, { status: 307, headers: { Location: 'https://x.example' } }))],
  ['200 without a body', async (request, mock) => (await mock(request), new Response(null, { status: 200 }))],
  ['204', async (request, mock) => (await mock(request), new Response(null, { status: 204 }))],
  ['200 with HTML', async (request, mock) => (await mock(request), new Response('<html>Signed in'))],
  ['200 with half a profile', async (request, mock) => (await mock(request), new Response('{"id":"a5'))],
]; // prettier-ignore

describe.each(storedAllTheSame)('a PUT that is stored and gets %s', (_, respond) => {
  const once = (request: Request, count: number, mock: Fetch): Promise<Response> =>
    request.method === 'PUT' && count === 1 ? respond(request, mock) : mock(request);

  test('is not made twice by a function', async () => {
    const { other, billing, stored, now } = setUp(once);
    await other.edit({ companyName: '5' });
    const error = await caught(billing.edit(countUp));
    // It counts on from what is there, so it cannot tell whether it is done.
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ outcome: 'unknown', members: ['companyName'] });
    expect(now().companyName).toBe('6');
    expect(stored).toHaveLength(2);
  });

  test('is reconciled, by edit of members, by a function that sets a value, and by update', async () => {
    for (const write of [
      ({ billing }: ReturnType<typeof setUp>) => billing.edit({ companyName: 'Mine' }),
      ({ billing }: ReturnType<typeof setUp>) => billing.edit((draft) => void (draft.companyName = 'Mine')),
      async ({ billing }: ReturnType<typeof setUp>) =>
        await billing.update({ ...(await billing.get()), companyName: 'Mine' }).withResponse(),
    ] as const) {
      const all = setUp(once);
      const call = write(all);
      const { result, profile } = 'withResponse' in call ? await call.withResponse() : await call;
      expect(result).toBe('reconciled');
      expect(profile).toEqual(all.now());
      expect(profile.companyName).toBe('Mine');
      expect(all.stored).toHaveLength(1);
    }
  });

  test('is unknown without retries', async () => {
    const { billing, stored } = setUp(once, { retries: 0 });
    expect(await caught(billing.edit({ companyName: 'Mine' }))).toMatchObject({ outcome: 'unknown' });
    expect(stored).toHaveLength(1);
  });
});

describe('a write that is in doubt', () => {
  test.each([
    ['no response', () => Promise.reject<Response>(reset()), true],
    ['408', async () => gateway(408), true],
    ['502', async () => gateway(502), true],
    ['504', async () => gateway(504), true],
    ['500 of the API', async () => api(500), false],
    ['503', async () => api(503), false],
    ['a redirect', async () => new Response(null, { status: 302, headers: { Location: 'https://x.example/' } }), false],
    ['200 with HTML', async () => new Response('<html>'), false],
  ] as const)('after %s is sent again only when the profile is as it was read; same MS-RequestId: %j', async (_, fail, isSameId) => {
    const { billing, sent, requestIds, stored } = setUp((request, count, mock) =>
      request.method === 'PUT' && count === 1 ? fail() : mock(request),
    );
    expect(await billing.edit({ companyName: 'Mine' }).withResponse()).toMatchObject({ result: 'stored', attempts: 4 });
    expect(sent).toEqual(['GET', 'PUT', 'GET', 'PUT']);
    expect(requestIds[1] === requestIds[3]).toBe(isSameId);
    expect(new Set(requestIds).size).toBe(isSameId ? 3 : 4);
    expect(stored).toHaveLength(1);
  });

  test('two that both count up, of which one never arrives: a ConflictError, not a lost update', async () => {
    const all = setUp(async (request, count, mock) => {
      if (request.method !== 'PUT' || count > 1) return mock(request);
      await all.other.edit(countUp);
      throw reset();
    });
    await all.other.edit({ companyName: '5' });
    const error = await caught(all.billing.edit(countUp));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ outcome: 'unknown', theirs: { companyName: '6' } });
    expect(all.sent).toEqual(['GET', 'PUT', 'GET']);
    expect(all.now().companyName).toBe('6');
  });

  test('is not sent again under an ETag that came back with other content', async () => {
    const { billing, sent } = setUp(async (request, count, mock) => {
      if (request.method === 'PUT') throw reset();
      const response = await mock(request);
      return count === 1 ? response : Response.json({ ...((await response.json()) as Json), companyName: 'Theirs' });
    });
    const error = await caught(billing.edit({ email: 'mine@example.com' }));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ outcome: 'unknown', members: ['email'], theirs: { companyName: 'Theirs' } });
    expect(sent).toEqual(['GET', 'PUT', 'GET']);
  });

  test('whose read fails is told as it was, with the ids of the write', async () => {
    const { billing, requestIds } = setUp(
      (request, count, mock) => (request.method === 'GET' && count === 1 ? mock(request) : Promise.resolve(api(503))),
      {
        retries: 1,
      },
    );
    const error = (await caught(billing.edit({ companyName: 'Mine' })))!;
    expect(error).toMatchObject({ name: 'ServiceError', status: 503, method: 'PUT', outcome: 'unknown', requestId: requestIds[1] });
    expect(error.message).toMatch(/^PUT .*It is unknown whether the profile was stored/s);
  });

  test('and refused as stale is settled by a read that does not lag behind', async () => {
    // The response is lost, and the read that follows lags: the same request is sent again, and refused.
    let old: Response | undefined;
    const { billing, sent, stored } = setUp(async (request, count, mock) => {
      if (request.method === 'PUT') {
        const response = await mock(request);
        if (count === 1) throw reset();
        return response;
      }
      if (count === 1) old = await mock(request);
      return count <= 4 ? old!.clone() : mock(request);
    });
    expect(await billing.edit({ companyName: 'Mine' }).withResponse()).toMatchObject({ result: 'reconciled' });
    expect(sent).toEqual(['GET', 'PUT', 'GET', 'PUT', 'GET', 'GET', 'GET']);
    expect(stored).toHaveLength(1);
  });

  test('and refused as stale is unknown when all reads lag until the deadline', async () => {
    let old: Response | undefined;
    const { billing } = setUp(async (request, count, mock) => {
      if (request.method === 'GET') return (old ??= await mock(request)).clone();
      const response = await mock(request);
      return count === 1 ? Promise.reject(reset()) : response;
    });
    const error = await caught(billing.edit({ companyName: 'Mine' }));
    expect(error).toMatchObject({ name: 'CancelledError', method: 'PUT', outcome: 'unknown' });
  });

  test('and refused for another reason is unknown', async () => {
    const { billing } = setUp((request, count, mock) => {
      if (request.method === 'GET') return mock(request);
      return count === 1 ? Promise.reject(reset()) : Promise.resolve(api(403));
    });
    expect(await caught(billing.edit({ companyName: 'Mine' }))).toMatchObject({ status: 403, outcome: 'unknown' });
  });

  test('and throttled is sent again without a read', async () => {
    const { billing, sent } = setUp((request, count, mock) =>
      request.method === 'PUT' && count === 1 ? Promise.resolve(api(429)) : mock(request),
    );
    expect(await billing.edit({ companyName: 'Mine' }).withResponse()).toMatchObject({ result: 'stored' });
    expect(sent).toEqual(['GET', 'PUT', 'PUT']);
  });
});

describe('a success that is not what was written', () => {
  const responding = (change: (profile: Json, before: Json) => Json | undefined) => {
    let before: Json;
    return setUp(async (request, _, mock) => {
      const response = await mock(request);
      const profile = (await response.json()) as Json;
      if (request.method === 'GET') return Response.json((before = profile));
      return Response.json(change(profile, before));
    });
  };

  test.each<[string, (profile: Json, before: Json) => Json, string]>([
    ['the old profile', (_, before) => before, 'companyName did not get the value'],
    ['the old profile with a new ETag', (now, before) => ({ ...before, attributes: now.attributes }), 'companyName did not get the value'],
    ['another id', (now) => ({ ...now, id: '00000000-0000-4000-8000-000000000000' }), 'its link or id is that of another customer'],
    ['the link of another customer', (now) => ({ ...now, links: { self: { uri: '/customers/2ca7c44a-3f2b-4b8e-9a53-6d0c1f6b7e21/profiles/billing' } } }), 'of another customer'],
  ])('%s is a ContractError that names it, with the outcome unknown', async (_, change, words) => {
    const { billing } = responding(change);
    const error = (await caught(billing.edit({ companyName: 'Mine' })))!;
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({ method: 'PUT', status: 200, outcome: 'unknown' });
    expect(error.message).toContain(words);
  }); // prettier-ignore

  test('the old profile after update, known by its ETag', async () => {
    const { billing } = responding((_, before) => before);
    const error = await caught(billing.update({ ...(await billing.get()), companyName: 'Mine' }));
    expect(error).toBeInstanceOf(ContractError);
    expect(error!.message).toContain('companyName');
  });

  test.each<[string, string, string]>([
    ['in other letter case', 'companyName', 'MINE'],
    ['trimmed', 'companyName', 'Mi ne'],
    ['otherwise', 'companyName', 'Mine GmbH'],
  ])('but a member that came back %s is stored, and listed as normalised', async (_, member, value) => {
    const { billing } = responding((profile) => ({ ...profile, [member]: value }));
    expect(await billing.edit({ companyName: 'Mine', firstName: 'A' }).withResponse()).toMatchObject({
      result: 'stored',
      normalised: [member],
    });
    const profile = await billing.get();
    expect(await billing.update({ ...profile, companyName: 'Mine' }).withResponse()).toMatchObject({ normalised: [member] });
  });

  test('a change of letter case alone, which the service takes back, is stored', async () => {
    const { billing } = responding((profile) => ({ ...profile, companyName: 'CompanyName' }));
    expect(await billing.edit({ companyName: 'COMPANYNAME' }).withResponse()).toMatchObject({
      result: 'stored',
      normalised: ['companyName'],
    });
  });

  test('a profile of another customer is never written back', async () => {
    const all = setUp(async (request, _, mock) => {
      if (request.method !== 'GET') return mock(request);
      return mock(new Request(request.url.replace(/customers\/[^/]+/, `customers/${all.mock.customers.ids()[1]!}`), request));
    });
    const error = (await caught(all.billing.edit({ companyName: 'Mine' })))!;
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({ method: 'GET', outcome: 'not-sent' });
    expect(error.message).toContain('that of another customer, and is not written back');
    expect(all.sent).toEqual(['GET']);
    await expect(all.billing.update(await all.billing.get())).rejects.toThrow(TypeError);
    expect(all.sent).toEqual(['GET', 'GET']);
  });
});

describe('every wait has an end', () => {
  const never = () => new Promise<never>(() => {});

  test('for a token that never comes: in time, and the next call asks anew', async () => {
    let asked = 0;
    const token = () => ((asked += 1) === 1 ? never() : Promise.resolve('mock-token'));
    const { billing, sent } = setUp((request, _, mock) => mock(request), { token });
    expect(await caught(billing.get({ deadlineMs: 20 }))).toMatchObject({ name: 'CancelledError', attempts: 0 });
    expect((await billing.get()).id).toBeTruthy();
    expect([asked, sent.length]).toEqual([2, 1]);
  });

  test('for a token, when the signal is aborted', async () => {
    const stop = new AbortController();
    const { billing } = setUp((request, _, mock) => mock(request), { token: never });
    const call = caught(billing.edit({ companyName: 'x' }, { signal: stop.signal }));
    stop.abort(new Error('enough'));
    expect(await call).toMatchObject({ name: 'CancelledError', outcome: 'not-sent', cause: { message: 'enough' } });
  });

  test('for a change function that never ends', async () => {
    const { billing, sent } = setUp((request, _, mock) => mock(request));
    expect(await caught(billing.edit(never, { deadlineMs: 20 }))).toMatchObject({ name: 'CancelledError', outcome: 'not-sent' });
    expect(sent).toEqual(['GET']);
  });

  test('for twelve calls with one signal, without a warning of a leak', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on('warning', onWarning);
    try {
      const { signal } = new AbortController();
      const { billing } = setUp((request, _, mock) => mock(request));
      await Promise.all(Array.from({ length: 12 }, () => billing.get({ signal })));
      await new Promise((resolve) => setImmediate(resolve));
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', onWarning);
    }
  });
});

describe('a body without end', () => {
  const endless = () => {
    let pulled = 0;
    const chunk = new Uint8Array(64 * 1024).fill(0x20);
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => void ((pulled += 1), controller.enqueue(chunk)) });
    return { body, pulled: () => pulled };
  };

  test.each([200, 400, 503])('with status %i is an error with the ids, after at most 4 MiB', async (status) => {
    const { body, pulled } = endless();
    const { billing, requestIds } = setUp(async () => new Response(body, { status }), { retries: 0 });
    const error = (await caught(billing.get()))!;
    expect(error).toMatchObject({ name: status === 200 ? 'ContractError' : 'ServiceError', status, requestId: requestIds[0] });
    if (status === 200) expect(error.message).toContain('more than 4 MiB');
    expect(pulled()).toBeLessThan(70);
  });
});

describe('misuse and defects', () => {
  const plain = () => setUp((request, _, mock) => mock(request));

  test.each<[object, string]>([
    [{ city: 'Lisbon' }, 'There is no member "city". Did you mean "defaultAddress.city"?'],
    [{ defaultAddress: { email: 'a@b.example' } }, 'There is no member "defaultAddress.email". Did you mean "email"?'],
    [{ emial: 'a@b.example' }, 'There is no member "emial".'],
    [{ POSTALCODE: '1' }, 'There is no member "POSTALCODE". Did you mean "defaultAddress.postalCode"?'],
  ])('%j is a TypeError that says where it belongs, and nothing is written', async (change, words) => {
    const { billing, sent } = plain();
    await expect(billing.edit(change as Change)).rejects.toThrow(new TypeError(words));
    await expect(billing.edit((draft) => void Object.assign(draft, change))).rejects.toThrow(TypeError);
    expect(sent).toEqual(['GET', 'GET']);
  });

  test('a change function that returns something is a TypeError', async () => {
    const { billing, sent } = plain();
    for (const change of [(draft: object) => ({ ...draft, companyName: 'x' }), async () => 'x'])
      await expect(billing.edit(change as unknown as Change)).rejects.toThrow('The change function returned a value');
    expect(sent).toEqual(['GET', 'GET']);
  });

  test('a base URL that is undefined is not production', () => {
    expect(() => createPartnerClient({ token: 't', baseUrl: process.env.NOT_SET } as PartnerClientOptions)).toThrow(
      'baseUrl is undefined. Set the variable',
    );
  });

  test.each([
    [new TypeError('Request is not a constructor'), true],
    [new ReferenceError('Headers is not defined'), true],
    [new TypeError("Cannot read properties of undefined (reading 'x')"), true],
    [new TypeError('fetch failed', { cause: new Error('bad port') }), true],
    [reset(), false],
    [new TypeError('Failed to fetch'), false],
    [new TypeError('Load failed'), false],
    [new TypeError('NetworkError when attempting to fetch resource.'), false],
    [new TypeError('terminated'), false],
    [new Error('Network connection lost.'), false],
  ])('%s from fetch: a defect of the environment is %j', async (thrown, isDefect) => {
    const { billing, sent } = setUp(() => Promise.reject(thrown));
    const error = (await caught(billing.get()))!;
    expect(error).toMatchObject({ name: isDefect ? 'EnvironmentError' : 'NetworkError' });
    expect(error instanceof EnvironmentError).toBe(isDefect);
    expect(error.message).toContain((thrown.cause as Error | undefined)?.message ?? thrown.message.replace(/\.$/, ''));
    expect(sent).toHaveLength(isDefect ? 1 : 4);
  });

  test('a refused token names the base URL in use', async () => {
    const { billing } = setUp(async () => api(401), { baseUrl: 'http://127.0.0.1:4010' });
    expect((await caught(billing.get()))!.message).toContain('http://127.0.0.1:4010 refused the token');
  });

  test.each([
    [{ error: { code: '2055', message: 'Etag is no longer valid' } }, '2055', 'Etag is no longer valid'],
    [{ Message: 'Etag is no longer valid', Code: 2055 }, 2055, 'Etag is no longer valid'],
    [{ Code: 2055, Description: 'Etag is no longer valid' }, 2055, 'Etag is no longer valid'],
    [{ fault: { CODE: 2055, DESCRIPTION: 'x' } }, 2055, 'x'],
  ])('a stale refusal is recognised in %j', async (body, code, description) => {
    const { billing } = setUp(async (request, _, mock) =>
      request.method === 'GET' ? mock(request) : Response.json(body, { status: 400 }),
    );
    const error = await caught(billing.update(await billing.get()));
    expect(error).toBeInstanceOf(StaleEtagError);
    expect(error).toMatchObject({ code, description });
  });
});

describe('a cause', () => {
  test('has name, code and message, and nothing of the wire', async () => {
    const parser = Object.assign(new Error('Invalid character in chunk size'), {
      name: 'HTTPParserError',
      code: 'HPE_INVALID_CHUNK_SIZE',
      data: 'email@sample.com mock-token',
    });
    const { billing } = setUp(() => Promise.reject(new TypeError('terminated', { cause: parser })), { retries: 0 });
    const error = (await caught(billing.get()))!;
    expect(error.cause).toMatchObject({
      name: 'TypeError',
      message: 'terminated',
      cause: { name: 'HTTPParserError', code: 'HPE_INVALID_CHUNK_SIZE' },
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/email@sample\.com|mock-token/);
  });
});

describe("edit with a base of one's own", () => {
  const plain = () => setUp((request, _, mock) => mock(request));

  test('merges with what others changed in another place', async () => {
    const { billing, other, sent, now } = plain();
    const base = await billing.get();
    await other.edit({ language: 'fr' });
    await billing.edit({ companyName: 'Mine' }, { base });
    expect(now()).toMatchObject({ companyName: 'Mine', language: 'fr' });
    expect(sent).toEqual(['GET', 'GET', 'PUT']);
  });

  test('takes the whole form: what does not differ from the base is left to others', async () => {
    const { billing, other, now } = plain();
    const { id: _id, links: _links, attributes: _attributes, ...base } = await billing.get();
    await other.edit({ language: 'fr' });
    await billing.edit({ ...base, companyName: 'Mine' }, { base });
    expect(now()).toMatchObject({ companyName: 'Mine', language: 'fr' });
  });

  test('is a ConflictError before anything is written when the same place has changed since', async () => {
    const { billing, other, sent } = plain();
    const base = await billing.get();
    await other.edit({ companyName: 'Theirs' });
    const error = await caught(billing.edit({ companyName: 'Mine' }, { base }));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ outcome: 'not-sent', members: ['companyName'], base, mine: { companyName: 'Mine' }, theirs: { companyName: 'Theirs' }, status: 200 }); // prettier-ignore
    expect(sent).toEqual(['GET', 'GET']);
  });

  test('never loses a count: a function that is merged collides even with the same value', async () => {
    const { billing, other, now } = plain();
    await other.edit({ companyName: '5' });
    const base = await billing.get();
    await other.edit(countUp);
    expect(await caught(billing.edit(countUp, { base }))).toBeInstanceOf(ConflictError);
    await billing.edit(countUp, { base, onConflict: 'rerun' });
    expect(now().companyName).toBe('7');
  });

  test('is nothing to do when others have written the same members', async () => {
    const { billing, other, sent } = plain();
    const base = await billing.get();
    await other.edit({ companyName: 'Same' });
    expect(await billing.edit({ companyName: 'Same' }, { base }).withResponse()).toMatchObject({ result: 'unchanged' });
    expect(sent).toEqual(['GET', 'GET']);
  });

  test('of another customer is a TypeError', async () => {
    const { billing, mock } = plain();
    const base = mock.customers.get(mock.customers.ids()[1]!)!;
    await expect(billing.edit({ companyName: 'x' }, { base })).rejects.toThrow(TypeError);
  });

  test('ifMatch writes only over that ETag, and merges nothing', async () => {
    const { billing, other, now, sent } = plain();
    const { etag } = now().attributes;
    await billing.edit({ companyName: 'First' }, { ifMatch: `"${etag}"` });
    expect(now().companyName).toBe('First');
    const error = await caught(billing.edit({ companyName: 'Second' }, { ifMatch: etag }));
    expect(error).toBeInstanceOf(StaleEtagError);
    expect(error).toMatchObject({ outcome: 'not-sent' });
    expect(sent).toEqual(['GET', 'PUT', 'GET']);
    const all = setUp(
      async (request, count, mock) => (
        request.method === 'PUT' && count === 1 && (await all.other.edit({ language: 'fr' })),
        mock(request)
      ),
    );
    expect(await caught(all.billing.edit({ companyName: 'x' }, { ifMatch: all.now().attributes.etag }))).toMatchObject({
      name: 'StaleEtagError',
      outcome: 'refused',
    });
    expect(all.sent).toEqual(['GET', 'PUT']);
    await other.get();
  });

  test('base and ifMatch together are a TypeError', async () => {
    const { billing, now } = plain();
    await expect(billing.edit({}, { base: now(), ifMatch: 'x' })).rejects.toThrow('base or ifMatch, not both');
  });
});

describe('a service that repeats what it was sent', () => {
  const token = 'tok/en+canary=="1"&<2>';
  const name = 'Ca/na+ry & "Söhne" <GmbH>';
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const entities = (text: string): string => [...text].map((char) => `&#${char.codePointAt(0)};`).join('');
  const forms: [string, (text: string) => string][] = [
    ['as it is', (text) => text],
    ['in base64', base64],
    ['in base64, shifted', (text) => base64(`x${text}y`)],
    ['in base64, shifted by two', (text) => base64(`xy${text}`)],
    ['in base64url', (text) => Buffer.from(text).toString('base64url')],
    ['percent-encoded', encodeURIComponent],
    ['percent-encoded whole', (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
    ['in entities', entities],
    ['in named entities', (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
    ['in hexadecimal entities', (text) => [...text].map((char) => `&#x${char.codePointAt(0)!.toString(16)};`).join('')],
    ['escaped twice', (text) => JSON.stringify(JSON.stringify(text))],
    ['percent-encoded base64', (text) => encodeURIComponent(base64(text))],
    ['base64 of entities', (text) => base64(entities(text))],
  ];
  const places: [string, (text: string) => Response][] = [
    ['description', (text) => Response.json({ code: 1, description: `No: ${text}` }, { status: 400 })],
    ['code', (text) => Response.json({ code: text, description: 'No' }, { status: 400 })],
    ['data', (text) => Response.json({ code: 1, description: 'No', data: [text, { [text]: [text] }] }, { status: 400 })],
    ['a nested error', (text) => Response.json({ error: { code: text, message: text } }, { status: 403 })],
    ['the id', (text) => Response.json({ code: 1 }, { status: 400, headers: { 'MS-RequestId': text.replaceAll(/[^\x20-\x7e]/g, ''), 'MS-CorrelationId': encodeURIComponent(text) } })],
    ['a redirect', (text) => new Response(null, { status: 307, headers: { Location: `https://${base64(text).replaceAll(/[^a-z0-9]/gi, '')}.example/${encodeURIComponent(text)}` } })],
  ]; // prettier-ignore

  test.each(forms.flatMap(([form, encode]) => places.map(([place, respond]) => [form, place, encode, respond] as const)))(
    '%s, in %s: no error, event or message has it',
    async (_form, place, encode, respond) => {
      for (const secret of [token, name]) {
        const events: unknown[] = [];
        const mock = createMockService({ token: 'mock-token' });
        const [customerId] = mock.customers.ids() as [string];
        const fetch: Fetch = async (request) => {
          if (request.method === 'PUT') return respond(encode(secret));
          const read = await mock.fetch(new Request(request.url, { headers: { Authorization: 'Bearer mock-token' } }));
          return Response.json({ ...((await read.json()) as Json), firstName: name });
        };
        const headerToken = token.replaceAll(/[^\x21-\x7e]/g, '');
        const { billing } = createPartnerClient({ token: headerToken, fetch, retries: 0, onAttempt: (event) => events.push(event) }).customers.byId(customerId).profiles;
        const error = (await caught(billing.edit({ companyName: 'x' })))!;
        const seen = inspect([error, error.message, error.stack, events], { depth: 12, showHidden: true }) + JSON.stringify({ ...error });
        for (const [, form] of forms) expect(seen).not.toContain(form(secret));
        expect(error.name, place).toBe('ServiceError');
      }
    },
  ); // prettier-ignore
});

describe('what a stranger tried', () => {
  const plain = () => setUp((request, _, mock) => mock(request));

  test.each([[{}], ['x'], [5], [new AbortController() as unknown]])(
    'a signal that is none (%j) is a TypeError, and nothing is sent',
    async (signal) => {
      const { billing, sent } = plain();
      await expect(billing.get({ signal: signal as AbortSignal })).rejects.toThrow('signal has to be an AbortSignal');
      expect(sent).toEqual([]);
    },
  );

  test.each(['sleep', 'random', 'now'])('%s that is no function is a TypeError', (name) => {
    expect(() => createPartnerClient({ token: 't', [name]: 5 })).toThrow(`${name} has to be a function.`);
  });

  test.each<[object, string]>([
    [{ firstName: () => 'x' }, '"firstName" has to be a text.'],
    [{ firstName: Symbol('x') }, '"firstName" has to be a text.'],
    [{ firstName: NaN }, '"firstName" has to be a text.'],
    [{ email: 5 }, '"email" has to be a text.'],
    [{ defaultAddress: { city: {} } }, '"defaultAddress.city" has to be a text.'],
  ])('a value that JSON would change is a TypeError, and clears nothing: %s', async (change, words) => {
    const { billing, sent } = plain();
    await expect(billing.edit(change as Change)).rejects.toThrow(words);
    const profile = await billing.get();
    const { defaultAddress, ...members } = change as Json;
    const whole = { ...profile, ...members, defaultAddress: { ...profile.defaultAddress, ...(defaultAddress as Json) } };
    // A whole profile may carry what a service returned, of whatever type JSON has.
    if (words.includes('firstName')) await expect(billing.update(whole as never)).rejects.toThrow('"firstName" has to be a JSON value.');
    expect(sent).not.toContain('PUT');
  });

  test.each(['email', 'companyName', 'language'])('an update without %s is a TypeError before anything is sent', async (name) => {
    const { billing, sent } = plain();
    await expect(billing.update({ ...(await billing.get()), [name]: undefined } as never)).rejects.toThrow(`"${name}" cannot be cleared`);
    expect(sent).toEqual(['GET']);
  });

  class Form {
    get email() {
      return 'x';
    }
  }
  test.each<[string, unknown]>([
    ['a Map', new Map([['email', 'x']])],
    ['a promise', Promise.resolve({ email: 'x' })],
    ['an instance of a class', new Form()],
    ['an object with a prototype of its own', Object.create({ email: 'x' })],
    ['a list', ['x']],
  ])('%s as a change or a base is a TypeError, not an unchanged profile', async (_, members) => {
    const { billing, sent } = plain();
    await expect(billing.edit(members as Change)).rejects.toThrow('plain object of members');
    await expect(billing.edit({}, { base: members as never })).rejects.toThrow('plain object of members');
    expect(sent).toEqual([]);
  });

  test('a change or a base that the caller changes meanwhile is taken as it was given', async () => {
    const { billing, now } = plain();
    const base = await billing.get();
    const change = { email: 'first@example.com', defaultAddress: { city: 'First' } };
    const call = billing.edit(change, { base });
    change.email = 'second@example.com';
    change.defaultAddress.city = 'Second';
    Object.assign(base, { email: 'first@example.com' });
    await call;
    expect(now()).toMatchObject({ email: 'first@example.com', defaultAddress: { city: 'First' } });
  });

  test.each([
    ['an ETag that fits no header', (profile: Json) => ({ ...profile, attributes: { etag: 'a"b' } })],
    ['both spellings of a name', (profile: Json) => ({ ...profile, Email: 'x' })],
  ])('%s in the response is the fault of the service: a ContractError with the ids', async (_, change) => {
    const { billing, requestIds } = setUp(async (request, _count, mock) =>
      Response.json(change((await (await mock(request)).json()) as Json)),
    );
    expect(await caught(billing.edit({ companyName: 'x' }))).toMatchObject({
      name: 'ContractError',
      outcome: 'not-sent',
      requestId: requestIds[0],
    });
  });

  test.each([201, 202, 203, 206])(
    '%i is no documented success: a write that gets it is read, and not sent again when it is there',
    async (status) => {
      const { billing, sent } = setUp(async (request, _, mock) => {
        const response = await mock(request);
        return request.method === 'GET' ? response : new Response(await response.text(), { status });
      });
      expect(await billing.edit({ companyName: 'Mine' }).withResponse()).toMatchObject({ result: 'reconciled' });
      expect(sent).toEqual(['GET', 'PUT', 'GET']);
    },
  );

  test('a write in doubt is not settled by a profile with another id', async () => {
    const { billing } = setUp(async (request, count, mock) => {
      if (request.method === 'PUT') throw reset();
      const response = await mock(request);
      if (count === 1) return response;
      const profile = (await response.json()) as Json;
      return Response.json({ ...profile, id: '00000000-0000-4000-8000-000000000000', companyName: 'Mine', attributes: { etag: 'x' } });
    });
    expect(await caught(billing.edit({ companyName: 'Mine' }))).toMatchObject({ name: 'NetworkError', outcome: 'unknown' });
  });

  test('an old profile from a cache is no success', async () => {
    const { billing } = setUp(async (request, _, mock) => {
      const response = await mock(request);
      if (request.method === 'GET') return response;
      return Response.json({ ...((await response.json()) as Json), companyName: 'Of long ago', attributes: { etag: 'old' } });
    });
    expect(await caught(billing.edit({ companyName: 'Mine' }))).toMatchObject({ name: 'ContractError', outcome: 'unknown' });
  });

  test('a token function that repeats the refused token does not get it into the error', async () => {
    let asked = 0;
    const token = () => {
      if ((asked += 1) > 1) throw new Error('silent refresh of a-secret-token failed');
      return 'a-secret-token';
    };
    const { billing } = setUp(async () => api(401), { token });
    const error = (await caught(billing.get()))!;
    expect(error.name).toBe('TokenError');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('a-secret-token');
  });

  test.each([
    ['王小明', '客户王小明的地址无效'],
    ['Bob', 'Bob is not a valid name'],
    ['Fiona Secret', 'FIONA SECRET is refused'],
    ['Acme Corporation Ltd', 'q=Acme+Corporation+Ltd'],
    ['Acme Corporation Ltd', 'Acme&nbsp;Corporation&nbsp;Ltd'],
    ['Acme Corporation Ltd', 'Acme\u00a0Corporation  Ltd'],
    ['Acme Corporation Ltd', 'Acme Corpo\u00adration Ltd'],
  ])('the name %s is not shown by "%s"', async (companyName, description) => {
    const { billing, other } = setUp(async (request, _, mock) =>
      request.method === 'GET' ? mock(request) : Response.json({ code: 1, description }, { status: 400 }),
    );
    await other.edit({ companyName });
    const error = (await caught(billing.edit({ email: 'x@example.com' })))! as PartnerError;
    const letters = (text: string): string =>
      text
        .normalize('NFKC')
        .toLowerCase()
        .replaceAll(/&nbsp;|[^\p{L}]/gu, '');
    expect(letters(inspect(error))).not.toContain(letters(companyName));
    expect(error.description).toBeTruthy();
  });

  test('a word that has a short value in it stays', async () => {
    const { billing, other } = setUp(async (request, _, mock) =>
      request.method === 'GET' ? mock(request) : Response.json({ code: 1, description: 'The domain is not valid' }, { status: 400 }),
    );
    await other.edit({ companyName: 'main', firstName: 'WA' });
    expect(await caught(billing.edit({ email: 'x@example.com' }))).toMatchObject({ description: 'The domain is not valid' });
  });

  test('a refusal with ten thousand texts takes no time, and 20 of them at most', async () => {
    const texts = Array.from({ length: 900 }, (_, index) => `detail ${index}`);
    const { billing } = setUp(async (request, _, mock) =>
      request.method === 'GET' ? mock(request) : Response.json({ code: 1, description: 'x', data: texts }, { status: 400 }),
    );
    expect(((await caught(billing.edit({ email: 'x@example.com' }))) as unknown as { data: unknown[] }).data).toHaveLength(20);
    const huge = setUp(async (request, _, mock) =>
      request.method === 'GET' ? mock(request) : Response.json({ code: 1, data: Array(10_000).fill('x') }, { status: 400 }),
    );
    expect(await caught(huge.billing.edit({ email: 'x@example.com' }))).toMatchObject({
      status: 400,
      code: undefined,
      data: [],
      outcome: 'refused',
    });
  });
});
