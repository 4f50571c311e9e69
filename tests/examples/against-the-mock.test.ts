import { setupServer } from 'msw/node';
import { createPartnerClient } from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { createHandlers } from '../../src/mock/msw.ts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

const mock = createMockService({ retryAfterSeconds: 0 });
const server = setupServer(...createHandlers(mock, { baseUrl: 'https://api.partnercenter.microsoft.com' }));
const [customerId] = mock.customers.ids() as [string];
beforeAll(() => server.listen());
afterEach(() => mock.reset());
afterAll(() => server.close());

/** Stands for your code. It waits for nothing, so that the tests do not either. */
async function rename(companyName: string): Promise<string> {
  const partner = createPartnerClient({ token: mock.token, sleep: async () => {} });
  const { result } = await partner.customers.byId(customerId).profiles.billing.edit({ companyName }).withResponse();
  return result;
}

test('stores the name', async () => {
  await rename('Contoso');
  expect(mock.customers.get(customerId)?.companyName).toBe('Contoso');
});

test('waits for a service that throttles, and tries again', async () => {
  mock.addFault({ name: 'throttles-by-seconds', times: 2 });
  await rename('Contoso');
  expect(mock.journal.map(({ response }) => response.status)).toEqual([429, 429, 200, 200]);
});

test('stores once when the answer to the write is lost', async () => {
  mock.addFault({ name: 'resets-after-storing', times: 1 });
  expect(await rename('Contoso')).toBe('reconciled');
  expect(mock.customers.get(customerId)?.companyName).toBe('Contoso');
});
