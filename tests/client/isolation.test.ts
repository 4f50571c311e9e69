import type { Middleware } from 'openapi-fetch';
import { expect, test } from 'vitest';
import { createPartnerClient } from '../../src/index.ts';
import { fakeProfile } from '../support/fake.ts';
import { jsonResponse, observedFetch, type ObservedRequest } from '../support/observed-fetch.ts';

const customerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';
const profile = fakeProfile(11);

/** Rewrites all that middleware can: the URL, the headers, and the response. */
const meddling: Middleware = {
  onRequest({ request }) {
    const moved = new Request('https://elsewhere.example/', request);
    moved.headers.set('If-Match', '"of-the-middleware"');
    moved.headers.set('X-Middleware', 'was here');
    return moved;
  },
  onResponse: () => jsonResponse({ made: 'by the middleware' }, { status: 418 }),
};

/** What get, edit and update send and return, with middleware on `partner.api` or without. */
async function seenWith(middleware: Middleware[]) {
  const { fetch, requests } = observedFetch(({ method }) =>
    jsonResponse(method === 'GET' ? profile : { ...profile, companyName: 'Contoso' }),
  );
  let count = 0;
  const partner = createPartnerClient({ token: 'secret-token', fetch, newId: () => `id-${(count += 1)}` });
  partner.api.use(...middleware);
  const { billing } = partner.customers.byId(customerId).profiles;
  const returned = [
    await billing.get(),
    await billing.edit({ companyName: 'Contoso' }),
    await billing.update({ ...profile, companyName: 'Contoso' }),
  ];
  const sent = requests.splice(0).map(({ headers, ...request }: ObservedRequest) => ({ ...request, headers: Object.fromEntries(headers) }));
  return { partner, requests, seen: { returned, sent } };
}

test('middleware on partner.api changes what partner.api does, and nothing of get, edit and update', async () => {
  const { seen: expected } = await seenWith([]);
  const { partner, requests, seen } = await seenWith([meddling]);
  expect(expected.sent.map(({ method }) => method)).toEqual(['GET', 'GET', 'PUT', 'PUT']);
  expect(seen).toEqual(expected);

  const { error, response } = await partner.api.GET('/v1/customers/{customer-tenant-id}/profiles/billing', {
    params: { path: { 'customer-tenant-id': customerId } },
  });
  expect({ status: response.status, error }).toEqual({ status: 418, error: { made: 'by the middleware' } });
  expect(requests[0]!.url).toBe('https://elsewhere.example/');
  expect(requests[0]!.headers.get('X-Middleware')).toBe('was here');
});
