import { createMockService } from '../../src/mock/index.ts';
import { describeConformance } from '../../src/vitest.ts';

const mock = createMockService();
const [customerId, otherCustomerId] = mock.customers.ids() as [string, string];
describeConformance({ baseUrl: 'http://mock.localhost', customerId, otherCustomerId, token: mock.token, fetch: mock.fetch });
