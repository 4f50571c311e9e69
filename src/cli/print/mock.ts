import { billingProfilePathOf } from '../../contract/profile.ts';
import { formatPlannedFault } from '../../mock/faults/plan.ts';
import type { MockService } from '../../mock/service.ts';

// What a script can use; more customers than this would only fill the line.
const customerIdsLimit = 100;
// What fits a screen.
const shownIdsLimit = 10;

/** A mock that is served, as one line of JSON. */
export function formatMockAsJson(mock: MockService, url: string): string {
  return `${JSON.stringify({ url, customerIds: mock.customers.ids(customerIdsLimit), token: mock.token })}\n`;
}

/** A mock that is served: what it knows, and how to try it. */
export function formatMock(mock: MockService, url: string, behaviour: string): string {
  const [first] = mock.customers.ids(1);
  const more = mock.customers.size - shownIdsLimit;
  const customers = [...mock.customers.ids(shownIdsLimit), ...(more > 0 ? [`and ${more} more; --json lists ${customerIdsLimit}`] : [])];
  return `Mock of the customer billing profile at ${url}

  token      ${mock.token}
  behaviour  ${behaviour}
  faults     ${mock.faults.map(formatPlannedFault).join(', ') || 'none'}
  customers  ${customers.join('\n             ')}

Try it:
  curl -H 'Authorization: Bearer ${mock.token}' ${url}${billingProfilePathOf(first!)}

Stop it with Ctrl-C.
`;
}
