import { http, passthrough } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPartnerClient } from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { createHandlers } from '../../src/mock/msw.ts';

const customerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';

describe('with MSW', () => {
  const mock = createMockService();
  const baseUrl = 'https://api.partnercenter.microsoft.com';
  // Made before MSW starts: the client looks the global fetch up at every call.
  const { billing } = createPartnerClient({ token: mock.token, baseUrl }).customers.byId(customerId).profiles;
  const server = setupServer(...createHandlers(mock, { baseUrl }));
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());

  test('works although MSW started after the client was made', async () => {
    expect((await billing.get()).companyName).toBe('CompanyName');
  });

  test('writes through MSW, and the mock has it', async () => {
    const profile = await billing.get();
    const written = await billing.update({ ...profile, companyName: 'Contoso' });
    expect(written.companyName).toBe('Contoso');
    expect(mock.customers.get(customerId)!.companyName).toBe('Contoso');
  });

  test("MSW's own reading of the contract's path does not match, which is why the handlers use a pattern of their own", async () => {
    let matched = false;
    server.use(
      http.get(`${baseUrl}/v1/customers/:customer-tenant-id/profiles/billing`, () => {
        matched = true;
        return passthrough();
      }),
    );
    expect((await billing.get()).companyName).toBe('Contoso');
    expect(matched).toBe(false);
  });
});
