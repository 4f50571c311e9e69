import { getResponse } from 'msw';
import { describe, expect, test } from 'vitest';
import { createMockService } from '../../src/mock/index.ts';
import { createHandlers } from '../../src/mock/msw.ts';

const mock = createMockService();
const [customerId] = mock.customers.ids() as [string];
const ask = (baseUrl: string, url: string) =>
  getResponse(createHandlers(mock, { baseUrl }), new Request(url, { headers: { Authorization: `Bearer ${mock.token}` } }));

describe('handlers', () => {
  test.each([
    ['https://api.partnercenter.microsoft.com', 'https://api.partnercenter.microsoft.com/v1'],
    ['https://api.partnercenter.microsoft.com/v1/', 'https://api.partnercenter.microsoft.com/v1'],
    ['https://gateway.example/partner.center', 'https://gateway.example/partner.center/v1'],
    ['http://localhost:8080/a/b/v1', 'http://localhost:8080/a/b/v1'],
    ['https://API.example', 'https://api.example/V1'],
  ])('of %s answer below %s', async (baseUrl, prefix) => {
    const response = await ask(baseUrl, `${prefix}/customers/${customerId}/profiles/billing`);
    expect(response?.status).toBe(200);
    expect(JSON.parse(await response!.text())).toMatchObject({ firstName: 'FirstName' });
  });

  test('leave every other address alone', async () => {
    for (const url of [
      `https://gateway.example/v1/customers/${customerId}/profiles/billing`,
      `https://gateway.example/partnerXcenter/v1/customers/${customerId}/profiles/billing`,
      `https://gateway.example/partner.center/v1/customers/${customerId}`,
    ]) {
      expect(await ask('https://gateway.example/partner.center', url)).toBeUndefined();
    }
  });
});
