import { ConflictError, createPartnerClient } from '../../src/index.ts';

const partner = createPartnerClient({
  token: () => process.env.PARTNER_CENTER_TOKEN!,
  baseUrl: process.env.PARTNER_CENTER_BASE_URL!, // leave it out for the global cloud
});
const billing = partner.customers.byId(process.env.PARTNER_CENTER_CUSTOMER_ID!).profiles.billing;
const change = { email: 'billing@contoso.com' };

/** The value of a member such as `defaultAddress.city`. */
const valueOf = (profile: object | undefined, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], profile);

try {
  await billing.edit(change);
} catch (error) {
  if (!(error instanceof ConflictError)) throw error;
  console.log('Both changed the same place, and yours was not written.', error.correlationId);
  for (const member of error.members) {
    console.log(member, 'was:', valueOf(error.base, member));
    console.log(member, 'yours:', valueOf(error.mine, member));
    console.log(member, 'theirs:', valueOf(error.theirs, member));
  }
  // Only after a person has decided: yours over theirs.
  await billing.edit(change, { onConflict: 'rerun' });
}
