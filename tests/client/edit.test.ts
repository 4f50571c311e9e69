import { describe, expect, test } from 'vitest';
import {
  type Change,
  ConflictError,
  createPartnerClient,
  type CustomerBillingProfile,
  type EditOptions,
  StaleEtagError,
} from '../../src/index.ts';
import { createMockService, type MockServiceOptions } from '../../src/mock/index.ts';

type Json = Record<string, unknown>;

/** A client of a mock, and what it sent. `beforePut` is told of each PUT of this client before the mock sees it. */
function setUp(options: MockServiceOptions = {}) {
  const mock = createMockService(options);
  const [customerId] = mock.customers.ids() as [string];
  const puts: Json[] = [];
  const requests: Request[] = [];
  let beforePut: (count: number) => unknown = () => {};
  const billingOver = (fetch: (request: Request) => Promise<Response>) =>
    createPartnerClient({ token: mock.token, fetch, sleep: () => Promise.resolve() }).customers.byId(customerId).profiles.billing;
  const billing = billingOver(async (request) => {
    requests.push(request);
    if (request.method === 'PUT') {
      puts.push((await request.clone().json()) as Json);
      await beforePut(puts.length);
    }
    return mock.fetch(request);
  });
  const other = billingOver(mock.fetch);
  return {
    mock,
    billing,
    other,
    puts,
    requests,
    stored: () => mock.customers.get(customerId)!,
    onPut: (act: (count: number) => unknown) => (beforePut = act),
  };
}

const changes: [string, Change][] = [
  ['a part of a profile', { email: 'new@contoso.example', defaultAddress: { city: 'Bothell' } }],
  ['a function', (draft) => void ((draft.email = 'new@contoso.example'), (draft.defaultAddress.city = 'Bothell'))],
  ['a function that waits', async (draft) => { await Promise.resolve(); draft.email = 'new@contoso.example'; draft.defaultAddress.city = 'Bothell'; }],
]; // prettier-ignore

test.each<[string, object, string]>([
  ['CompanyName', { CompanyName: 'x' }, 'companyName'],
  ['companyname', { companyname: 'x' }, 'companyName'],
  ['defaultAddress.PostalCode', { defaultAddress: { PostalCode: '1' } }, 'defaultAddress.postalCode'],
])('%s is a TypeError that says how it is spelled, and no PUT is sent', async (written, change, meant) => {
  const { billing, puts } = setUp();
  await expect(billing.edit(change as Change)).rejects.toEqual(new TypeError(`There is no member "${written}". Did you mean "${meant}"?`));
  expect(puts).toEqual([]);
});

test('a value that JSON cannot take is a TypeError, and no PUT is sent', async () => {
  const { billing, puts } = setUp();
  const profile = await billing.get();
  await expect(billing.edit({ companyName: 1n as unknown as string })).rejects.toBeInstanceOf(TypeError);
  await expect(billing.update({ ...profile, companyName: 1n as unknown as string })).rejects.toBeInstanceOf(TypeError);
  expect(puts).toEqual([]);
});

describe('edit', () => {
  test.each(changes)('by %s: GET, then one PUT of the full resource with the ETag that was read', async (_, change) => {
    const { billing, puts, requests, stored } = setUp();
    const before = stored();
    const { profile, result, attempts } = await billing.edit(change).withResponse();
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(requests[1]!.headers.get('If-Match')).toBe(`"${before.attributes.etag}"`);
    expect(puts[0]).toMatchObject({
      Email: 'new@contoso.example',
      FirstName: 'FirstName',
      DefaultAddress: { City: 'Bothell', AddressLine1: '1 Microsoft Way' },
    });
    expect(profile).toEqual(stored());
    expect(stored()).toMatchObject({
      email: 'new@contoso.example',
      companyName: 'CompanyName',
      defaultAddress: { city: 'Bothell', postalCode: '98052' },
    });
    expect({ result, attempts }).toEqual({ result: 'stored', attempts: 2 });
    expect(new Set(requests.map(({ headers }) => headers.get('MS-CorrelationId'))).size).toBe(1);
    expect(new Set(requests.map(({ headers }) => headers.get('MS-RequestId'))).size).toBe(2);
  });

  test.each<[string, Change]>([
    ['nothing', {}],
    ['undefined, which leaves alone', { email: undefined, defaultAddress: undefined }],
    ['the values that are there', { email: 'email@sample.com', defaultAddress: { city: 'Redmond', region: null } }],
    ['a function that does nothing', () => {}],
    ['a function that changes it and back', (draft) => void ((draft.email = 'x'), (draft.email = 'email@sample.com'))],
    ['the culture in other letters', { culture: 'en-US' }],
    ['the id and the ETag as they are', { id: 'a58ceba5-60ac-48e4-a0bc-2a855811807a' } as Change],
  ])('of %s sends no PUT', async (_, change) => {
    const { billing, requests, stored } = setUp();
    const { profile, result } = await billing.edit(change).withResponse();
    expect(requests.map(({ method }) => method)).toEqual(['GET']);
    expect(result).toBe('unchanged');
    expect(profile).toEqual(stored());
  });

  test.each<[string, Change]>([
    ['id, in a part', { id: 'x' } as Change],
    ['attributes, in a part', { attributes: { etag: 'x', objectType: 'y' } } as Change],
    ['id, on a draft', (draft) => void ((draft as Json).id = 'x')],
    ['links, on a draft', (draft) => void delete (draft as Json).links],
    ['the ETag, on a draft', (draft) => void ((draft.attributes as Json).etag = 'x')],
    ['the e-mail address, by clearing it', { email: null } as unknown as Change],
    ['the language, by clearing it', { language: null } as unknown as Change],
    ['the culture, by clearing it', { culture: null } as unknown as Change],
    ['the company name, by deleting it', (draft) => void delete (draft as Json).companyName],
    ['the country, by clearing it', { defaultAddress: { country: null } } as unknown as Change],
    ['the whole address', { defaultAddress: null } as unknown as Change],
    ['a member in PascalCase', { Email: 'x' } as unknown as Change],
    ['a member of the address in PascalCase', (draft) => void ((draft.defaultAddress as Json).City = 'x')],
    ['nothing that is a change', 'email' as unknown as Change],
  ])('of %s is a TypeError, and nothing is written', async (_, change) => {
    const { billing, puts, stored } = setUp();
    const before = stored();
    await expect(billing.edit(change)).rejects.toBeInstanceOf(TypeError);
    expect(puts).toEqual([]);
    expect(stored()).toEqual(before);
  });

  describe.each(['cleared', 'kept'] as const)('on a service where what is left out is %s', (omittedMember) => {
    test.each<[string, Change]>([
      ['null in a part', { firstName: null, defaultAddress: { phoneNumber: null } }],
      ['null on a draft', (draft) => void ((draft.firstName = null), (draft.defaultAddress.phoneNumber = null))],
      ['undefined on a draft', (draft) => void ((draft.firstName = undefined), (draft.defaultAddress.phoneNumber = undefined))],
      ['delete on a draft', (draft) => void (delete draft.firstName, delete draft.defaultAddress.phoneNumber)],
    ])('%s clears, because it travels as null', async (_, change) => {
      const { billing, puts, stored } = setUp({ behaviour: { omittedMember } });
      const profile = await billing.edit(change);
      expect(puts[0]).toMatchObject({ FirstName: null, DefaultAddress: { PhoneNumber: null } });
      expect('firstName' in profile || 'phoneNumber' in profile.defaultAddress).toBe(false);
      expect(profile).toEqual(stored());
      expect(profile.lastName).toBe('LastName');
    });
  });

  test('of what it does not know sees an empty list that becomes an object', async () => {
    const puts: Json[] = [];
    const { profile } = await setUp().billing.get().withResponse();
    const fetch = async (request: Request): Promise<Response> => {
      if (request.method === 'PUT') puts.push((await request.json()) as Json);
      return Response.json({ ...profile, tags: [] });
    };
    const { billing } = createPartnerClient({ token: 't', fetch }).customers.byId('4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04').profiles;
    await billing.edit((draft) => void ((draft as unknown as Json).tags = {})).catch(() => {});
    expect(puts).toMatchObject([{ tags: {} }]);
  });

  test('sends back what it does not know', async () => {
    const { billing, puts } = setUp({ behaviour: { unknownMember: 'kept' }, customers: [{ customerId: '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04', profile: { ...createMockService().customers.get('4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04')!, xUnknown: 'X1', tags: ['a'] } as CustomerBillingProfile }] }); // prettier-ignore
    const profile = (await billing.edit({ companyName: 'New' })) as unknown as Json;
    expect(puts[0]).toMatchObject({ xUnknown: 'X1', tags: ['a'] });
    expect(profile).toMatchObject({ xUnknown: 'X1', tags: ['a'], companyName: 'New' });
  });
});

describe('somebody else who writes between the read and the write', () => {
  const collide = async (mine: Change, theirs: Change, options?: EditOptions) => {
    const all = setUp();
    all.onPut((count) => count === 1 && all.other.edit(theirs));
    const outcome = await all.billing
      .edit(mine, options)
      .withResponse()
      .catch((error: unknown) => error);
    return { ...all, outcome };
  };

  test.each<[string, Change, Change]>([
    ['the company and the address', { companyName: 'Mine' }, { defaultAddress: { city: 'Theirs' } }],
    ['the contact and the culture', { email: 'mine@example.com' }, { culture: 'fr-FR' }],
    ['the place and the contact of the address', { defaultAddress: { city: 'Mine' } }, { defaultAddress: { phoneNumber: '4255550100' } }],
    ['the names of contact and address', { firstName: 'Mine' }, { defaultAddress: { firstName: 'Theirs' } }],
    ['the language and the culture', { language: 'fr' }, { culture: 'fr-FR' }],
  ])('in another place, %s: both are there', async (_, mine, theirs) => {
    const { outcome, stored, requests } = await collide(mine, theirs);
    expect(outcome).toMatchObject({ result: 'stored', attempts: 4 });
    expect(stored()).toMatchObject(mine as Json);
    expect(stored()).toMatchObject(theirs as Json);
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'PUT']);
    expect(new Set(requests.map(({ headers }) => headers.get('MS-RequestId'))).size).toBe(4);
  });

  test.each<[string, Change, Change, string[]]>([
    ['the same member', { companyName: 'Mine' }, { companyName: 'Theirs' }, ['companyName']],
    [
      'two members of one address',
      { defaultAddress: { city: 'Mine' } },
      { defaultAddress: { postalCode: '98004' } },
      ['defaultAddress.postalCode'],
    ],
    ['street and state', { defaultAddress: { addressLine1: 'Mine' } }, { defaultAddress: { state: 'CA' } }, ['defaultAddress.state']],
    ['name and e-mail of the contact', { firstName: 'Mine' }, { email: 'theirs@example.com' }, ['email']],
    [
      'names of the address',
      { defaultAddress: { firstName: 'Mine' } },
      { defaultAddress: { phoneNumber: '4255550100' } },
      ['defaultAddress.phoneNumber'],
    ],
    [
      'name and e-mail of the address',
      { defaultAddress: { lastName: 'Mine' } },
      { defaultAddress: { emailAddress: 'theirs@example.com' } as never },
      ['defaultAddress.emailAddress'],
    ],
    [
      'names of one person of the address',
      { defaultAddress: { lastName: 'Mine' } },
      { defaultAddress: { middleName: 'Theirs' } as never },
      ['defaultAddress.middleName'],
    ],
    ['a member that they cleared', { firstName: 'Mine' }, { firstName: null }, ['firstName']],
  ])('in the same place, %s: a ConflictError with the three versions, and theirs stays', async (_, mine, theirs, members) => {
    const { outcome, stored, puts, requests } = await collide(mine, theirs);
    expect(outcome).toBeInstanceOf(ConflictError);
    expect(outcome).toBeInstanceOf(StaleEtagError);
    const error = outcome as ConflictError;
    expect(error).toMatchObject({ members, outcome: 'refused', status: 400, code: 2055, base: { companyName: 'CompanyName' }, mine });
    expect(error.theirs).toEqual(stored());
    expect(error.message).toContain(members[0]);
    // The call is found in the service's logs by the write, not by the read after it.
    expect(error.requestId).toBe(requests[1]!.headers.get('MS-RequestId'));
    expect(error.message).toMatch(/^PUT /);
    expect(puts).toHaveLength(1);
  });

  test('who writes the same is no conflict, and nothing is written twice', async () => {
    const { outcome, puts, stored } = await collide({ companyName: 'Same' }, { companyName: 'Same', language: 'fr' });
    expect(outcome).toMatchObject({ result: 'unchanged' });
    expect(puts).toHaveLength(1);
    expect(stored()).toMatchObject({ companyName: 'Same', language: 'fr' });
  });

  test('onConflict: rerun applies the part again over theirs', async () => {
    const { outcome, stored } = await collide(
      { defaultAddress: { city: 'Mine' } },
      { defaultAddress: { city: 'Theirs', postalCode: '98004' } },
      { onConflict: 'rerun' },
    );
    expect(outcome).toMatchObject({ result: 'stored' });
    expect(stored().defaultAddress).toMatchObject({ city: 'Mine', postalCode: '98004' });
  });

  test('in the second round leaves mine as it was meant', async () => {
    const { billing, other, onPut } = setUp();
    onPut((count) => other.edit(count === 1 ? { language: 'fr' } : { companyName: 'Theirs' }));
    const error = (await billing.edit({ companyName: 'Mine' }).catch((thrown: unknown) => thrown)) as ConflictError;
    expect(error).toMatchObject({
      base: { language: 'en' },
      mine: { companyName: 'Mine', language: 'en' },
      theirs: { companyName: 'Theirs', language: 'fr' },
    });
  });

  test('a function is run again on what is there then: two clients that both count up count twice', async () => {
    const count: Change = (draft) => void (draft.companyName = String(Number(draft.companyName) + 1));
    const { billing, other, stored, onPut } = setUp();
    await other.edit({ companyName: '5' });
    onPut((puts) => puts === 1 && other.edit(count));
    await billing.edit(count);
    expect(stored().companyName).toBe('7');
  });

  test('every time is told after maxAttempts rounds, with nothing lost', async () => {
    for (const maxAttempts of [1, 3]) {
      const { billing, other, puts, stored, onPut } = setUp();
      onPut((count) => other.edit({ language: `l${count}` }));
      const error: unknown = await billing.edit({ companyName: 'Mine' }, { maxAttempts }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StaleEtagError);
      expect(error).toMatchObject({ outcome: 'refused', attempts: 2 * maxAttempts });
      expect(puts).toHaveLength(maxAttempts);
      expect(stored()).toMatchObject({ language: `l${maxAttempts}`, companyName: 'CompanyName' });
    }
  });

  test('update never merges', async () => {
    const { billing, other, puts } = setUp();
    const profile = await billing.get();
    await other.edit({ language: 'fr' });
    await expect(billing.update({ ...profile, companyName: 'Mine' })).rejects.toMatchObject({ name: 'StaleEtagError', outcome: 'refused' });
    expect(puts).toHaveLength(1);
  });
});

describe('an answer to a write that is lost', () => {
  const reset = () => new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });

  /** The nth PUT is done, and its answer is lost; `then` comes before the next one. */
  function losing(lost: (request: Request) => Promise<Response>, then: (other: ReturnType<typeof setUp>['other']) => unknown = () => {}) {
    const all = setUp();
    const sent: Request[] = [];
    let puts = 0;
    const fetch = async (request: Request): Promise<Response> => {
      sent.push(request);
      if (request.method === 'PUT' && (puts += 1) === 1) return lost(request).finally(() => then(all.other));
      return all.mock.fetch(request);
    };
    const customerId = all.mock.customers.ids()[0]!;
    const billing = createPartnerClient({ token: all.mock.token, fetch, sleep: () => Promise.resolve() }).customers.byId(customerId)
      .profiles.billing;
    return { ...all, billing, sent };
  }
  const storedAndLost = (mock: () => ReturnType<typeof setUp>['mock']) => async (request: Request) => {
    await mock().fetch(request);
    throw reset();
  };

  test.each(['edit', 'update'] as const)('%s: read, compared: it is there, and nothing is sent again', async (how) => {
    const all = losing(storedAndLost(() => all.mock));
    const call =
      how === 'edit'
        ? all.billing.edit({ companyName: 'Mine' }, { maxAttempts: 1 })
        : all.billing.update({ ...(await all.billing.get()), companyName: 'Mine' });
    const { result, profile } = await call.withResponse();
    expect(result).toBe('reconciled');
    expect(profile).toEqual(all.stored());
    expect(profile.companyName).toBe('Mine');
    expect(all.sent.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET']);
    expect(new Set(all.sent.map(({ headers }) => headers.get('MS-RequestId'))).size).toBe(3);
  });

  test('on a service that repeats its response to a repeated request id is read and reconciled as well', async () => {
    const all = losing(storedAndLost(() => all.mock));
    const documented = createMockService({ behaviour: 'documented' });
    let puts = 0;
    const billing = createPartnerClient({
      token: documented.token,
      sleep: () => Promise.resolve(),
      fetch: async (request) => {
        const answer = await documented.fetch(request);
        if (request.method === 'PUT' && (puts += 1) === 1) throw reset();
        return answer;
      },
    }).customers.byId(all.mock.customers.ids()[0]!).profiles.billing;
    expect(await billing.edit({ companyName: 'Mine' }).withResponse()).toMatchObject({
      result: 'reconciled',
      profile: { companyName: 'Mine' },
    });
  });

  test.each(['throw', 'rerun'] as const)(
    'is neither merged nor run again when somebody wrote since, with onConflict: %s',
    async (onConflict) => {
      for (const change of [{ companyName: 'Mine' }, (draft) => void (draft.companyName = 'Mine')] satisfies Change[]) {
        const all = losing(
          async () => {
            throw reset();
          },
          (other) => other.edit({ language: 'fr' }),
        );
        const error = (await all.billing.edit(change, { onConflict }).catch((thrown: unknown) => thrown)) as ConflictError;
        expect(error).toBeInstanceOf(ConflictError);
        expect(error).toMatchObject({
          outcome: 'unknown',
          members: ['companyName'],
          base: { language: 'en' },
          theirs: { language: 'fr', companyName: 'CompanyName' },
        });
        expect(error.message).toContain('got no response that says whether it was stored');
        expect(all.sent.filter(({ method }) => method === 'PUT')).toHaveLength(1);
        expect(all.stored().companyName).toBe('CompanyName');
      }
    },
  );

  test('of update compares what a write can set: null is absent, a culture has no letter case, unknown members do not count', async () => {
    const all = losing(storedAndLost(() => all.mock));
    const profile = await all.billing.get();
    const written = {
      ...profile,
      culture: 'EN-us',
      firstName: null,
      unknown: 1,
      defaultAddress: { ...profile.defaultAddress, region: null },
    };
    expect(await all.billing.update(written).withResponse()).toMatchObject({ result: 'reconciled' });
  });

  test.each([
    'firstName',
    'lastName',
    'email',
    'companyName',
    'defaultAddress.country',
    'defaultAddress.region',
    'defaultAddress.city',
    'defaultAddress.state',
    'defaultAddress.addressLine1',
    'defaultAddress.addressLine2',
    'defaultAddress.postalCode',
    'defaultAddress.firstName',
    'defaultAddress.middleName',
    'defaultAddress.lastName',
    'defaultAddress.phoneNumber',
  ])('of update that was never stored is a ConflictError that names what is not there: %s', async (path) => {
    const all = losing(
      async () => {
        throw reset();
      },
      (other) => other.edit({ language: 'fr' }),
    );
    const profile = await all.billing.get();
    const [member, inner] = path.split('.') as [string, string?];
    const mine = {
      ...profile,
      ...(inner === undefined ? { [member]: 'Mine' } : { defaultAddress: { ...profile.defaultAddress, [inner]: 'Mine' } }),
    };
    const error = (await all.billing.update(mine).catch((thrown: unknown) => thrown)) as ConflictError;
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ outcome: 'unknown', base: undefined, mine, theirs: { language: 'fr' } });
    expect(error.members.toSorted()).toEqual([path, 'language'].toSorted());
  });

  test('stays unknown whatever else is answered', async () => {
    const answers: [string, () => Promise<Response>, string][] = [
      ['ServiceError', async () => Response.json({ code: 3000, description: 'Invalid property' }, { status: 400 }), 'unknown'],
      ['NetworkError', () => Promise.reject(reset()), 'unknown'],
      [
        'ThrottledError',
        async () => Response.json({ statusCode: 429, message: 'x' }, { status: 429, headers: { 'Retry-After': '3600' } }),
        'unknown',
      ],
    ];
    for (const [name, answer, outcome] of answers) {
      const mock = createMockService();
      let puts = 0;
      const fetch = async (request: Request) => {
        if (request.method === 'GET') return mock.fetch(request);
        // The first one never arrives, so that the same request is sent again.
        if ((puts += 1) > 1) return answer();
        throw reset();
      };
      const { billing } = createPartnerClient({ token: mock.token, fetch, sleep: () => Promise.resolve() }).customers.byId(
        mock.customers.ids()[0]!,
      ).profiles;
      await expect(billing.edit({ companyName: 'Mine' })).rejects.toMatchObject({ name, outcome });
    }
  });
});

test('a call is a promise: then, catch and finally, and what came with it from the same call', async () => {
  const { billing, requests } = setUp();
  const call = billing.get();
  expect((await call).email).toBe('email@sample.com');
  const { response, requestId, correlationId, result } = await call.withResponse();
  expect(requests).toHaveLength(1);
  expect(response.status).toBe(200);
  expect({ requestId, correlationId }).toEqual({
    requestId: requests[0]!.headers.get('MS-RequestId'),
    correlationId: requests[0]!.headers.get('MS-CorrelationId'),
  });
  expect(result).toBe('read');
  let ended = 0;
  expect(await call.then(({ culture }) => culture).finally(() => (ended += 1))).toBe('en-US');
  expect(await Promise.all([call, call])).toHaveLength(2);
  expect(ended).toBe(1);
  const failing = createPartnerClient({ token: 't', retries: 0, fetch: () => Promise.reject(new Error('down')) }).customers.byId('4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04').profiles.billing.get(); // prettier-ignore
  expect(await failing.catch((error: unknown) => (error as Error).name)).toBe('NetworkError');
  await expect(failing.finally(() => {})).rejects.toThrow('down');
});
