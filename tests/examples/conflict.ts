import { ConflictError, createPartnerClient } from '../../src/index.ts';

const partner = createPartnerClient({
  token: () => process.env.PARTNER_CENTER_TOKEN!,
  baseUrl: process.env.PARTNER_CENTER_BASE_URL!, // leave it out for the global cloud
});
const billing = partner.customers.byId(process.env.PARTNER_CENTER_CUSTOMER_ID!).profiles.billing;
const change = { email: 'billing@contoso.com' };

try {
  await billing.edit(change);
} catch (error) {
  if (!(error instanceof ConflictError)) throw error;
  console.log('Both changed', error.members, 'and nothing was written.', error.correlationId);
  // Only after a person has compared error.base, error.mine and error.theirs: ours over theirs.
  await billing.edit(change, { onConflict: 'rerun' });
}
