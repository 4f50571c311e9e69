import { createPartnerClient, type CustomerBillingProfile } from '../../src/index.ts';

const partner = createPartnerClient({
  token: () => process.env.PARTNER_CENTER_TOKEN!,
  baseUrl: process.env.PARTNER_CENTER_BASE_URL!, // leave it out for the global cloud
});
const billing = partner.customers.byId(process.env.PARTNER_CENTER_CUSTOMER_ID!).profiles.billing;

const profile: CustomerBillingProfile = await billing.get();
console.log(profile.companyName, profile.email);

const stored = await billing.edit({ email: 'billing@contoso.com', defaultAddress: { addressLine2: null } });
console.log(stored.companyName, stored.email);
