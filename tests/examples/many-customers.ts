import { createPartnerClient, isPartnerError, type ProfileChange } from '../../src/index.ts';

const client = createPartnerClient({
  token: () => process.env.PARTNER_CENTER_TOKEN!,
  baseUrl: process.env.PARTNER_CENTER_BASE_URL!, // leave it out for the global cloud
  maxRequestsPerMinute: 400,
});

/** Changes many profiles, eight at a time. A failure does not stop the others: it is in the result, by customer id. */
export async function changeAll(customerIds: readonly string[], change: ProfileChange): Promise<Map<string, unknown>> {
  const partner = client.with({ correlationId: crypto.randomUUID() }); // one id finds the whole batch in the logs
  const failures = new Map<string, unknown>();
  const left = customerIds.values(); // shared: each lane takes the next customer
  let done = 0;
  const lane = async (): Promise<void> => {
    for (const customerId of left) {
      try {
        await partner.customers.byId(customerId).profiles.billing.edit(change);
      } catch (error) {
        failures.set(customerId, error);
      }
      console.log(`${(done += 1)} of ${customerIds.length}, ${failures.size} failed`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return failures;
}

/** The customers to look at before a second attempt: the write may be stored. */
export const inDoubt = (failures: Map<string, unknown>): string[] =>
  [...failures].filter(([, error]) => isPartnerError(error) && error.outcome === 'unknown').map(([customerId]) => customerId);
