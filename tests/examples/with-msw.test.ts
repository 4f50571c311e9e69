import { setupServer } from 'msw/node';
import { createMockService } from '../../src/mock/index.ts';
import { createHandlers } from '../../src/mock/msw.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const mock = createMockService();
const server = setupServer(...createHandlers(mock, { baseUrl: 'https://api.partnercenter.microsoft.com' }));
beforeAll(() => server.listen());
beforeEach(() => mock.reset());
afterAll(() => server.close());

test('my code changes the company name', async () => {
  const [customerId] = mock.customers.ids();
  // … my code …
  expect(mock.customers.get(customerId!)?.companyName).toBe('CompanyName');
});
