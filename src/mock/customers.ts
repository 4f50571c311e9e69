import { isGuid } from '../contract/guid.ts';
import { fnv1a64 } from '../contract/bytes.ts';
import { mergePatch } from '../contract/json.ts';
import { billingProfilePathOf, type CustomerBillingProfile } from '../contract/profile.ts';

/** A customer that the mock starts with. The profile's own links and ETag are the mock's business. */
export interface SeedCustomer {
  /** Tenant id, a GUID. */
  customerId: string;
  profile: Omit<CustomerBillingProfile, 'links' | 'attributes'>;
}

/** One customer as the store holds it. `profile` is in camelCase, without links and attributes. */
export interface Customer {
  readonly customerId: string;
  profile: Record<string, unknown>;
  objectType: string;
  etag: string;
  /** Counts the writes; the ETag is made from it. */
  version: number;
  /** What {@link profileOf} last made, and of which stored profile. */
  shown?: { readonly of: Record<string, unknown>; readonly profile: CustomerBillingProfile };
}

/** Customers that are made when they are first asked for. */
export interface CustomerSource {
  readonly size: number;
  /** The id of one of them, in lower case. */
  idAt(index: number): string;
  /** One of them; the id is a GUID in lower case. */
  find(customerId: string): SeedCustomer | undefined;
}

/** The customers of one mock. Ids are GUIDs, and looked up regardless of letter case. */
export type CustomerStore = ReturnType<typeof createCustomerStore>;

const objectType = 'CustomerBillingProfile';

export function createCustomerStore(listed: readonly SeedCustomer[], source?: CustomerSource) {
  const customers = new Map<string, Customer>();
  const add = ({ customerId, profile }: SeedCustomer): Customer => {
    // A copy, because a write to the customer must not reach the caller's seed.
    const stored = structuredClone(profile) as Record<string, unknown>;
    delete stored.links;
    delete stored.attributes;
    const customer = { customerId, profile: stored, objectType, version: 0, etag: etagOf(customerId, 0) };
    customers.set(customerId.toLowerCase(), customer);
    return customer;
  };
  for (const seed of listed) add(seed);
  const listedIds = [...customers.values()].map(({ customerId }) => customerId);
  const size = listedIds.length + (source?.size ?? 0);
  return {
    /** Those that are listed, then those of the source that were asked for. */
    all: (): readonly Customer[] => [...customers.values()],
    size,
    /** The first so many ids, or all: those that are listed, then those of the source. */
    ids: (limit = size): string[] =>
      Array.from({ length: Math.min(limit, size) }, (_, index) => listedIds[index] ?? source!.idAt(index - listedIds.length)),
    find(customerId: string): Customer | undefined {
      const id = customerId.toLowerCase();
      const customer = customers.get(id);
      if (customer !== undefined || source === undefined || !isGuid(id)) return customer;
      const made = source.find(id);
      return made && add(made);
    },
  };
}

type OrNull<T> = { [Name in keyof T]?: T[Name] | null | undefined };

/** Members and their new values, in camelCase; null removes one, undefined leaves it alone. */
export type MemberChanges = OrNull<Omit<CustomerBillingProfile, 'id' | 'links' | 'attributes' | 'defaultAddress'>> & {
  defaultAddress?: OrNull<CustomerBillingProfile['defaultAddress']> | undefined;
};

/** Changes a profile as another writer would: its members and its ETag. Nothing is checked. */
export function changeMembers(customer: Customer, changes: MemberChanges): void {
  customer.profile = mergePatch(customer.profile, changes) as Record<string, unknown>;
  renewEtag(customer);
}

/** Gives the customer a new ETag. */
export function renewEtag(customer: Customer): void {
  customer.version += 1;
  customer.etag = etagOf(customer.customerId, customer.version);
}

/** The profile as a response carries it: the same object, which is not to be changed, as long as nothing is written. */
export function profileOf(customer: Customer, linkPrefix: '' | '/v1'): CustomerBillingProfile {
  const { shown } = customer;
  // A write replaces the profile, or the ETag, or both.
  if (shown?.of === customer.profile && shown.profile.attributes.etag === customer.etag) return shown.profile;
  const profile = {
    // What is stored was validated when it was written or seeded.
    ...(customer.profile as SeedCustomer['profile']),
    links: { self: { uri: billingProfilePathOf(customer.customerId, linkPrefix), method: 'GET', headers: [] } },
    attributes: { etag: customer.etag, objectType: customer.objectType },
  };
  customer.shown = { of: customer.profile, profile };
  return profile;
}

/** A signed 64-bit decimal, as in every ETag of this resource that is known. */
function etagOf(customerId: string, version: number): string {
  return BigInt.asIntN(64, fnv1a64(`${customerId.toLowerCase()}#${version}`)).toString();
}

/** The ids of the two customers that a run of the suite uses when it is told of none. */
export const defaultCustomerIds = ['4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04', '2ca7c44a-3f2b-4b8e-9a53-6d0c1f6b7e21'] as const;

/** The first one is the documented example; the others have what it has not: umlauts, no names, an empty phone number. */
export const defaultCustomers: readonly SeedCustomer[] = [
  {
    customerId: defaultCustomerIds[0],
    profile: {
      id: 'a58ceba5-60ac-48e4-a0bc-2a855811807a',
      firstName: 'FirstName',
      lastName: 'LastName',
      email: 'email@sample.com',
      culture: 'en-US',
      language: 'en',
      companyName: 'CompanyName',
      defaultAddress: {
        country: 'US',
        city: 'Redmond',
        state: 'WA',
        addressLine1: '1 Microsoft Way',
        postalCode: '98052',
        firstName: 'FirstName',
        lastName: 'LastName',
        phoneNumber: '4255555555',
      },
    },
  },
  {
    customerId: defaultCustomerIds[1],
    profile: {
      id: 'd17c0275-da92-4c33-9032-782ef1d0b69b',
      firstName: 'Jörg',
      lastName: 'Weiß',
      email: 'rechnung@kontor.example',
      culture: 'de-DE',
      language: 'de',
      companyName: 'Kontor für Gewürze GmbH',
      defaultAddress: {
        country: 'DE',
        region: 'Bayern',
        city: 'München',
        addressLine1: 'Prinzregentenstraße 7',
        addressLine2: 'Hinterhaus',
        postalCode: '80538',
        firstName: 'Anneliese',
        middleName: 'M.',
        lastName: 'Größer',
        phoneNumber: '089 5550123',
      },
    },
  },
  {
    customerId: '8f0b6c1e-52d4-47a9-b1c7-0e9d3a4f5b60',
    profile: {
      id: 'eeada110-69d6-4cc9-b093-75feb7ca9d3f',
      email: 'contas@loja.example',
      culture: 'pt-PT',
      language: 'pt-PT',
      companyName: 'Loja do Bairro Lda.',
      defaultAddress: { country: 'PT', city: 'Lisboa', addressLine1: 'Rua Augusta 12', postalCode: '1100-053', phoneNumber: '' },
    },
  },
];
