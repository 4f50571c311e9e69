import { createPartnerClient, isPartnerError } from '../../src/index.ts';

const partner = createPartnerClient({
  token: () => process.env.PARTNER_CENTER_TOKEN!,
  baseUrl: process.env.PARTNER_CENTER_BASE_URL!, // leave it out for the global cloud
});
const billing = partner.customers.byId(process.env.PARTNER_CENTER_CUSTOMER_ID!).profiles.billing;
const email = 'billing@contoso.com';

try {
  await billing.edit({ email });
} catch (error) {
  if (!isPartnerError(error) || error.outcome !== 'unknown') throw error;
  const profile = await billing.get();
  console.log(profile.email === email ? 'It was stored.' : 'It was not stored.', error.requestId);
}
