import { createPartnerClient } from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { createSeededCustomers } from '../../src/mock/seeded-customers.ts';
import { expect, test } from 'vitest';

test('3 of 200 customers fail, and the other 197 are changed', async () => {
  const mock = createMockService({ customers: [], moreCustomers: createSeededCustomers({ count: 200, seed: 1 }) });
  const customerIds = mock.customers.ids();
  const broken = customerIds.slice(20, 23);
  for (const customerId of broken) mock.addFault({ name: 'answers-503', method: 'PUT', customerId });
  const partner = createPartnerClient({ token: mock.token, fetch: mock.fetch, sleep: () => Promise.resolve() });

  const edits = customerIds.map((id) => partner.customers.byId(id).profiles.billing.edit({ companyName: 'Contoso' }));
  const results = await Promise.allSettled(edits);

  const failed = customerIds.filter((_, index) => results[index]?.status === 'rejected');
  expect(failed).toEqual(broken);
  expect(customerIds.filter((id) => mock.customers.get(id)?.companyName === 'Contoso')).toHaveLength(197);
});
