/** What must not compile, does not. */
import { clouds, createPartnerClient, type CustomerBillingProfile, type ProfileResult } from '../../src/index.ts';
import { validateProfile } from '../../src/validate.ts';

declare const profile: CustomerBillingProfile;
const partner = createPartnerClient({ token: 'token' });
const { billing } = partner.customers.byId('4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04').profiles;

export const fine = [
  billing.update(profile),
  billing.update({ ...profile, firstName: null, defaultAddress: { ...profile.defaultAddress, region: null } }),
];

export const edits = [
  billing.edit({ email: 'a@b.example', firstName: null, defaultAddress: { city: 'x', region: null } }),
  billing.edit({ email: undefined }),
  billing.edit((draft) => {
    draft.firstName = null;
    draft.lastName = undefined;
    delete draft.defaultAddress.phoneNumber;
    draft.email = draft.companyName;
  }),
  billing.edit(async () => {}, { onConflict: 'rerun', maxAttempts: 5, signal: AbortSignal.timeout(1) }),
];
export const results: Promise<ProfileResult>[] = edits.map((call) => call.withResponse());
export const plain: Promise<CustomerBillingProfile>[] = edits;

/** The shape of the credentials of `@azure/identity`, as they declare it. */
interface AzureCredential {
  getToken(
    scopes: string | string[],
    options?: { abortSignal?: AbortSignal; tenantId?: string },
  ): Promise<{ token: string; expiresOnTimestamp: number; refreshAfterTimestamp?: number; tokenType?: 'Bearer' | 'pop' } | null>;
}
declare const credential: AzureCredential;
createPartnerClient({ token: credential, validate: 'report', validator: validateProfile });
void clouds.china.authority;

// @ts-expect-error: a PascalCase member of a draft
void billing.edit((draft) => void (draft.Email = 'x'));
// @ts-expect-error: a PascalCase member of a part
void billing.edit({ Email: 'x' });
// @ts-expect-error: a number as postal code, in a part
void billing.edit({ defaultAddress: { postalCode: 98052 } });
// @ts-expect-error: a number as postal code, on a draft
void billing.edit((draft) => void (draft.defaultAddress.postalCode = 98052));
// @ts-expect-error: an e-mail address cannot be cleared
void billing.edit({ email: null });
// @ts-expect-error: nor deleted
void billing.edit((draft) => void delete draft.email);
// @ts-expect-error: the id is the service's
void billing.edit((draft) => void (draft.id = 'x'));
// @ts-expect-error: so are the attributes
void billing.edit({ attributes: { etag: 'x' } });
// @ts-expect-error: a misspelt option of a call
void billing.edit({}, { maxAttempt: 3 });
// @ts-expect-error: rounds are for edit
void billing.update(profile, { maxAttempts: 3 });
// @ts-expect-error: no document gives the scope of this cloud
void clouds.china.scope;
// @ts-expect-error: a client has no signal for all of its calls
createPartnerClient({ token: 'token', signal: AbortSignal.timeout(1) });

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
