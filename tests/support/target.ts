import type { Target } from '../../src/conformance/index.ts';
import type { MockService } from '../../src/mock/index.ts';

/** A mock as the target of a run in this process: no socket, but every mode is allowed. */
export function targetOf(mock: MockService, baseUrl = 'http://mock.localhost'): Target {
  const [customerId, otherCustomerId] = mock.customers.ids();
  return { baseUrl, token: mock.token, customerId: customerId!, otherCustomerId: otherCustomerId!, fetch: mock.fetch };
}
