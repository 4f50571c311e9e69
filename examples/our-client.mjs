// Before: `npm run build` in a clone. Then: `npx pc-billing score -- node examples/our-client.mjs`.
import { createPartnerClient } from 'partner-center-billing-profile';

const { PARTNER_CENTER_BASE_URL, PARTNER_CENTER_TOKEN, PARTNER_CENTER_CUSTOMER_ID, PC_BILLING_COMPANY } = process.env;
const partner = createPartnerClient({ baseUrl: PARTNER_CENTER_BASE_URL, token: PARTNER_CENTER_TOKEN });
await partner.customers.byId(PARTNER_CENTER_CUSTOMER_ID).profiles.billing.edit({ companyName: PC_BILLING_COMPANY });
