import { createPartnerClient } from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { expect, test } from 'vitest';

test('invoices go to the new address', async () => {
  const mock = createMockService();
  const [customerId] = mock.customers.ids() as [string];
  const partner = createPartnerClient({ token: mock.token, fetch: mock.fetch });

  await partner.customers.byId(customerId).profiles.billing.edit({ email: 'billing@contoso.com' });

  expect(mock.customers.get(customerId)?.email).toBe('billing@contoso.com');
});
