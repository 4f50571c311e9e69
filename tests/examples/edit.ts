import { ConflictError, createPartnerClient } from '../../src/index.ts';

const partner = createPartnerClient({
  token: () => process.env.PARTNER_CENTER_TOKEN!,
  baseUrl: process.env.PARTNER_CENTER_BASE_URL!, // leave it out for the global cloud
});
const billing = partner.customers.byId(process.env.PARTNER_CENTER_CUSTOMER_ID!).profiles.billing;

try {
  const stored = await billing.edit({ email: 'billing@contoso.com', defaultAddress: { addressLine2: null } });
  console.log(stored.email);
} catch (error) {
  if (!(error instanceof ConflictError)) throw error;
  console.error('Somebody else changed the same place. Theirs stays.', error.members, error.theirs, error.correlationId);
}
