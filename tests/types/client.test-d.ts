/** What must not compile, does not. */
import { createPartnerClient, type CustomerBillingProfile } from '../../src/index.ts';

declare const profile: CustomerBillingProfile;
const partner = createPartnerClient({ token: 'token' });
const { billing } = partner.customers.byId('4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04').profiles;

export const fine = [
  billing.update(profile),
  billing.update({ ...profile, firstName: null, defaultAddress: { ...profile.defaultAddress, region: null } }),
];

// @ts-expect-error: a misspelt member
void profile.emial;
// @ts-expect-error: a PascalCase member
void profile.Email;
// @ts-expect-error: a number as postal code
void billing.update({ ...profile, defaultAddress: { ...profile.defaultAddress, postalCode: 98052 } });
// @ts-expect-error: a misspelt member in a literal
void billing.update({ ...profile, defaultAddress: { country: 'US', postcalCode: '98052' } });
// @ts-expect-error: a profile without an ETag cannot be guarded
void billing.update({ ...profile, attributes: {} });
// @ts-expect-error: an e-mail address cannot be cleared
void billing.update({ ...profile, email: null });
// @ts-expect-error: a misspelt option
createPartnerClient({ token: 'token', baseURL: 'https://api.partnercenter.microsoft.com' });
// @ts-expect-error: there is no client without a token
createPartnerClient({});

// The raw client: the contract's path, its required header, its body.
const path = { 'customer-tenant-id': '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04' };
// @ts-expect-error: If-Match is required
void partner.api.PUT('/v1/customers/{customer-tenant-id}/profiles/billing', { params: { path }, body: {} as never });
// @ts-expect-error: not a path of the contract
void partner.api.GET('/v1/customers/{id}/profiles/company', { params: { path } });
