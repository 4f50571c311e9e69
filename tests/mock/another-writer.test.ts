import { expect, test } from 'vitest';
import { ConflictError, createPartnerClient } from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { createSeededCustomers } from '../../src/mock/seeded-customers.ts';

const clientOf = (mock: ReturnType<typeof createMockService>) =>
  createPartnerClient({ token: mock.token, fetch: mock.fetch, sleep: () => Promise.resolve() });

test('customers.change is another writer who comes first: members and ETag are new, what it does not name stays', async () => {
  const mock = createMockService();
  const [customerId] = mock.customers.ids() as [string];
  const before = mock.customers.get(customerId)!;
  mock.customers.change(customerId, { firstName: null, defaultAddress: { city: 'Theirs', state: undefined } });
  const after = mock.customers.get(customerId)!;
  expect(after.attributes.etag).not.toBe(before.attributes.etag);
  const { firstName: _, ...rest } = before;
  expect(after).toEqual({ ...rest, attributes: after.attributes, defaultAddress: { ...before.defaultAddress, city: 'Theirs' } });
  mock.reset();
  expect(mock.customers.get(customerId)).toEqual(before);
  expect(() => mock.customers.change('00000000-0000-4000-8000-000000000000', {})).toThrow(TypeError);
});

test('a write after it is a conflict', async () => {
  const mock = createMockService();
  const [customerId] = mock.customers.ids() as [string];
  const { billing } = clientOf(mock).customers.byId(customerId).profiles;
  const base = await billing.get();
  mock.customers.change(customerId, { companyName: 'Theirs' });
  await expect(billing.edit({ companyName: 'Mine' }, { base })).rejects.toBeInstanceOf(ConflictError);
});

test('a planned fault may name a customer: 3 of 200 fail', async () => {
  const mock = createMockService({ customers: [], moreCustomers: createSeededCustomers({ count: 200, seed: 1 }) });
  const ids = mock.customers.ids();
  for (const customerId of ids.slice(10, 13)) mock.addFault({ name: 'answers-503', method: 'PUT', customerId: customerId.toUpperCase() });
  const partner = clientOf(mock);
  const results = await Promise.allSettled(ids.map((id) => partner.customers.byId(id).profiles.billing.edit({ language: 'fr' })));
  expect(results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([10, 11, 12]);
});
