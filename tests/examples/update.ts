import { createPartnerClient, StaleEtagError } from '../../src/index.ts';

const partner = createPartnerClient({
  token: () => process.env.PARTNER_CENTER_TOKEN!,
  baseUrl: process.env.PARTNER_CENTER_BASE_URL!, // leave it out for the global cloud
});
const billing = partner.customers.byId(process.env.PARTNER_CENTER_CUSTOMER_ID!).profiles.billing;

const profile = await billing.get(); // shown in a form, sent back after an hour
try {
  const { result, correlationId } = await billing.update({ ...profile, language: 'fr' }).withResponse();
  console.log(result, correlationId);
} catch (error) {
  if (!(error instanceof StaleEtagError)) throw error;
  console.log('The profile was changed since it was shown; nothing was written.');
}
