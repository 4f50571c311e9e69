import { ConflictError, createPartnerClient } from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { expect, test } from 'vitest';

test('what another writer saved first is not overwritten', async () => {
  const mock = createMockService();
  const [customerId] = mock.customers.ids() as [string];
  const partner = createPartnerClient({ token: mock.token, fetch: mock.fetch });
  const { billing } = partner.customers.byId(customerId).profiles;

  const shown = await billing.get(); // in the form of one user …
  mock.customers.change(customerId, { email: 'theirs@contoso.com' }); // … while another user saves

  const saved = billing.edit({ email: 'mine@contoso.com' }, { base: shown });
  await expect(saved).rejects.toBeInstanceOf(ConflictError);
  expect(mock.customers.get(customerId)?.email).toBe('theirs@contoso.com');
});
