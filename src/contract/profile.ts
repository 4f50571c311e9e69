import type { components } from '../../generated/schema.ts';
import type { paths } from './generated.ts';

type Schemas = components['schemas'];

/** The billing profile as the service returns it: camelCase, no nulls. Source: SOURCES.md#customerbillingprofile */
export type CustomerBillingProfile = Schemas['CustomerBillingProfile'];
/** Where the bills go. Source: SOURCES.md#address */
export type Address = Schemas['Address'];
export type ResourceLinks = Schemas['ResourceLinks'];
export type Link = Schemas['Link'];
/** ETag and type of the resource. Source: SOURCES.md#links-and-attributes */
export type ResourceAttributes = Schemas['ResourceAttributes'];
/** The body of a PUT as it travels: PascalCase, nulls allowed. Source: SOURCES.md#put */
export type CustomerBillingProfileUpdate = Schemas['CustomerBillingProfileUpdate'];
/** The body of a refusal by the API. Source: SOURCES.md#error-response */
export type ErrorResponse = Schemas['ErrorResponse'];
/** The body of a refusal by the gateway in front of the API. Source: SOURCES.md#throttling */
export type ThrottlingResponse = Schemas['ThrottlingResponse'];

type Camel<T> = T extends readonly (infer Item)[]
  ? Camel<Item>[]
  : T extends object
    ? { [Name in keyof T as Uncapitalize<Name & string>]: Camel<T[Name]> }
    : T;

/**
 * A profile that can be written: the full resource under its camelCase names, with the ETag that was read.
 *
 * Shape: whatever was read fits; a member that may be absent may also be `null`.
 */
export type WritableProfile = Omit<Camel<CustomerBillingProfileUpdate>, 'attributes'> & {
  attributes: { etag: string; objectType?: string | null };
};

/** The one path of the contract. */
export const billingProfilePath = '/v1/customers/{customer-tenant-id}/profiles/billing' satisfies keyof paths;

/** The path of one customer's profile; `linkPrefix` of the documents' links is with and without `/v1`. */
export function billingProfilePathOf(customerId: string, prefix: '' | '/v1' = '/v1'): string {
  return `${prefix}/customers/${customerId}/profiles/billing`;
}
