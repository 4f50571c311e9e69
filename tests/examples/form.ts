import { createPartnerClient } from '../../src/index.ts';

const partner = createPartnerClient({
  token: () => process.env.PARTNER_CENTER_TOKEN!,
  baseUrl: process.env.PARTNER_CENTER_BASE_URL!, // leave it out for the global cloud
});
const billing = partner.customers.byId(process.env.PARTNER_CENTER_CUSTOMER_ID!).profiles.billing;

const shown = await billing.get(); // in a form, perhaps for an hour
const stored = await billing.edit({ email: 'billing@contoso.com', language: shown.language }, { base: shown });
console.log(stored.email, stored.language);
