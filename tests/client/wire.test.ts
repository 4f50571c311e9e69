import { describe, expect, test } from 'vitest';
import getResponse from '../../openapi/examples/get-response.json' with { type: 'json' };
import updateResponse from '../../openapi/examples/update-response.json' with { type: 'json' };
import { clouds, createPartnerClient } from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { fakeProfile, seeds } from '../support/fake.ts';
import { jsonResponse, observedFetch } from '../support/observed-fetch.ts';

const customerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';
const examples = { 'get-response': getResponse, 'update-response': updateResponse };
const example = (name: keyof typeof examples): string => JSON.stringify(examples[name]);

/** Ids that count, so that a test can name them. */
function countingIds(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
}

function observedClient(answer: Parameters<typeof observedFetch>[0], options: { application?: string } = {}) {
  const { fetch, requests } = observedFetch(answer);
  const partner = createPartnerClient({ token: 'secret-token', fetch, newId: countingIds(), ...options });
  return { partner, billing: partner.customers.byId(customerId).profiles.billing, requests };
}

describe('GET', () => {
  test('asks the documented address with the documented headers', async () => {
    const { billing, requests } = observedClient(() => new Response(example('get-response')));
    await billing.get();
    expect(requests).toHaveLength(1);
    expect(requests[0]!.method).toBe('GET');
    expect(requests[0]!.url).toBe(`https://api.partnercenter.microsoft.com/v1/customers/${customerId}/profiles/billing`);
    expect(Object.fromEntries(requests[0]!.headers)).toEqual({
      accept: 'application/json',
      authorization: 'Bearer secret-token',
      'ms-correlationid': '00000000-0000-4000-8000-000000000001',
      'ms-requestid': '00000000-0000-4000-8000-000000000002',
    });
  });

  test('answers the profile in camelCase, exactly as it came', async () => {
    const { billing } = observedClient(() => new Response(example('get-response')));
    expect(await billing.get()).toEqual(JSON.parse(example('get-response')));
  });

  test('reads a body that begins with a byte order mark', async () => {
    const { billing } = observedClient(() => new Response(`\uFEFF${example('get-response')}`));
    expect((await billing.get()).email).toBe('email@sample.com');
  });

  test('names the application when it is told', async () => {
    const { billing, requests } = observedClient(() => new Response(example('get-response')), { application: 'Invoice run' });
    await billing.get();
    expect(requests[0]!.headers.get('MS-PartnerCenter-Application')).toBe('Invoice run');
  });

  test('goes to another cloud when it is told, with or without /v1', async () => {
    for (const baseUrl of [clouds.china.baseUrl, `${clouds.china.baseUrl}/v1/`]) {
      const { fetch, requests } = observedFetch(() => new Response(example('get-response')));
      await createPartnerClient({ token: 't', baseUrl, fetch }).customers.byId(customerId).profiles.billing.get();
      expect(requests[0]!.url).toBe(`https://partner.partnercenterapi.microsoftonline.cn/v1/customers/${customerId}/profiles/billing`);
    }
  });

  test('asks for a new token with every call, when the token is a function', async () => {
    let count = 0;
    const { fetch, requests } = observedFetch(() => new Response(example('get-response')));
    const { billing } = createPartnerClient({ token: async () => `token-${(count += 1)}`, fetch }).customers.byId(customerId).profiles;
    await billing.get();
    await billing.get();
    expect(requests.map(({ headers }) => headers.get('Authorization'))).toEqual(['Bearer token-1', 'Bearer token-2']);
  });
});

describe('PUT', () => {
  test('carries the full resource in PascalCase, byte for byte', async () => {
    const { billing, requests } = observedClient(() => new Response(example('update-response')));
    const profile = JSON.parse(example('get-response'));
    profile.defaultAddress.addressLine1 = 'One Microsoft Way';
    await billing.update(profile);
    expect(requests).toHaveLength(1);
    expect(requests[0]!.body).toBe(
      '{"Id":"a58ceba5-60ac-48e4-a0bc-2a855811807a","FirstName":"FirstName","LastName":"LastName","Email":"email@sample.com",' +
        '"Culture":"en-US","Language":"en","CompanyName":"CompanyName","DefaultAddress":{"Country":"US","City":"Redmond","State":"WA",' +
        '"AddressLine1":"One Microsoft Way","PostalCode":"98052","FirstName":"FirstName","LastName":"LastName",' +
        '"PhoneNumber":"4255555555"},"Links":{"Self":{"Uri":"/v1/customers/4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04/profiles/billing",' +
        '"Method":"GET","Headers":[]}},"Attributes":{"Etag":"-1976482798186460340","ObjectType":"CustomerBillingProfile"}}',
    );
  });

  test('is guarded by the ETag that was read, in quotes, and carries ids of its own', async () => {
    const { billing, requests } = observedClient(() => new Response(example('update-response')));
    await billing.update(JSON.parse(example('get-response')));
    await billing.update(JSON.parse(example('update-response')));
    expect(Object.fromEntries(requests[0]!.headers)).toEqual({
      accept: 'application/json',
      authorization: 'Bearer secret-token',
      'content-type': 'application/json',
      'if-match': '"-1976482798186460340"',
      'ms-correlationid': '00000000-0000-4000-8000-000000000001',
      'ms-requestid': '00000000-0000-4000-8000-000000000002',
    });
    expect(requests[1]!.headers.get('If-Match')).toBe('"-1976481698674832129"');
    expect(requests[1]!.headers.get('MS-RequestId')).toBe('00000000-0000-4000-8000-000000000004');
    expect(requests[1]!.headers.get('MS-CorrelationId')).toBe('00000000-0000-4000-8000-000000000003');
  });

  test('answers the stored profile in camelCase, with the new ETag', async () => {
    const { billing } = observedClient(() => new Response(example('update-response')));
    expect(await billing.update(JSON.parse(example('get-response')))).toEqual(JSON.parse(example('update-response')));
  });

  test('sends null to clear a member, as the documented request does', async () => {
    const { billing, requests } = observedClient(() => new Response(example('update-response')));
    const profile = JSON.parse(example('get-response'));
    await billing.update({ ...profile, defaultAddress: { ...profile.defaultAddress, region: null, addressLine2: null } });
    expect(requests[0]!.body).toContain('"Region":null,"AddressLine2":null');
  });

  test('sends back members that it does not know, untouched', async () => {
    const { billing, requests } = observedClient(() => new Response(example('update-response')));
    const read = { ...JSON.parse(example('get-response')), tags: [{ email: 'kept' }], __Links: { self: 1 } };
    read.defaultAddress.geo = { city: 'kept' };
    await billing.update(read);
    expect(JSON.parse(requests[0]!.body)).toMatchObject({
      tags: [{ email: 'kept' }],
      __Links: { self: 1 },
      DefaultAddress: { geo: { city: 'kept' } },
    });
  });

  test('does not change the profile that it is given', async () => {
    const { billing } = observedClient(() => new Response(example('update-response')));
    const profile = JSON.parse(example('get-response'));
    await billing.update(profile);
    expect(profile).toEqual(JSON.parse(example('get-response')));
  });

  test.each(seeds)('writes what was read and reads what was written (seed %i)', async (seed) => {
    const made = fakeProfile(seed);
    const mock = createMockService({ customers: [{ customerId, profile: made }], behaviour: { linkPrefix: '/v1' } });
    const { billing } = createPartnerClient({ token: mock.token, fetch: mock.fetch }).customers.byId(customerId).profiles;
    const read = await billing.get();
    expect({ ...read, links: made.links, attributes: made.attributes }).toEqual(made);
    const written = await billing.update({ ...read, companyName: `${read.companyName} ünïcödé 😀` });
    expect(written).toEqual({ ...read, companyName: `${read.companyName} ünïcödé 😀`, attributes: written.attributes });
    expect(written.attributes.etag).not.toBe(read.attributes.etag);
    expect(await billing.get()).toEqual(written);
  });
});

describe('partner.api', () => {
  test('is the typed client, with token and ids filled in where they are missing', async () => {
    const { partner, requests } = observedClient(() =>
      jsonResponse({ code: 2055, description: 'Etag is no longer valid' }, { status: 400 }),
    );
    const { data, error, response } = await partner.api.GET('/v1/customers/{customer-tenant-id}/profiles/billing', {
      params: { path: { 'customer-tenant-id': customerId }, header: { 'MS-RequestId': 'my-own' } },
    });
    expect(data).toBeUndefined();
    expect(error).toEqual({ code: 2055, description: 'Etag is no longer valid' });
    expect(response.status).toBe(400);
    expect(requests[0]!.headers.get('Authorization')).toBe('Bearer secret-token');
    expect(requests[0]!.headers.get('MS-RequestId')).toBe('my-own');
    expect(requests[0]!.headers.get('MS-CorrelationId')).toBe('00000000-0000-4000-8000-000000000001');
  });
});

test.each([['€'], ['a\nb'], [' ']])('an id that no header can carry, %j, is a TypeError, and nothing is sent', async (id) => {
  const { partner, billing, requests } = observedClient(() => new Response(example('get-response')));
  const words = (name: string) => new TypeError(`The ${name} is empty or has a character that cannot stand in a header.`);
  await expect(billing.get({ requestId: id })).rejects.toEqual(words('requestId'));
  await expect(billing.get({ correlationId: id })).rejects.toEqual(words('correlationId'));
  const scoped = partner.with({ correlationId: id }).customers.byId(customerId).profiles.billing;
  await expect(scoped.get()).rejects.toEqual(words('correlationId'));
  expect(requests).toEqual([]);
});

test('a name of the application that no header can carry is a TypeError, before anything is sent', () => {
  expect(() => createPartnerClient({ token: 't', application: 'Shop™' })).toThrow(TypeError);
  expect(() => createPartnerClient({ token: 't', application: 'a\r\nb' })).toThrow('cannot stand in a header');
});
