import { createPartnerClient } from '../../src/index.ts';

const partner = createPartnerClient({
  token: () => process.env.PARTNER_CENTER_TOKEN!,
  baseUrl: process.env.PARTNER_CENTER_BASE_URL!, // leave it out for the global cloud
});
const billing = partner.customers.byId(process.env.PARTNER_CENTER_CUSTOMER_ID!).profiles.billing;

const stored = await billing.edit((draft) => {
  draft.companyName = draft.companyName.trim();
  delete draft.defaultAddress.addressLine2;
});
console.log(stored.defaultAddress);
