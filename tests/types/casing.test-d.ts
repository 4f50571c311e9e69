/**
 * The compiler's proof that the two hand-written schemas are each other's image: PascalCase of what is answered is what is sent,
 * but for null and required. Rename, add or drop a member on one side of the contract and this file does not compile.
 */
import type { CustomerBillingProfile, CustomerBillingProfileUpdate, WritableProfile } from '../../src/contract/profile.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function proof<_Holds extends true>(): void;

type Pascal<T> = T extends readonly (infer Item)[]
  ? Pascal<Item>[]
  : T extends object
    ? { [Name in keyof T as Capitalize<Name & string>]: Pascal<T[Name]> }
    : T;

/** Without null and without optional members, at every depth. */
type Solid<T> = T extends readonly (infer Item)[]
  ? Solid<Item>[]
  : T extends object
    ? { [Name in keyof T]-?: Solid<NonNullable<T[Name]>> }
    : NonNullable<T>;

proof<Equal<Solid<Pascal<CustomerBillingProfile>>, Solid<CustomerBillingProfileUpdate>>>();

// The proof can fail: another member, another name, another type, another letter case.
proof<Equal<Equal<Solid<Pascal<{ email: string }>>, Solid<{ Email: string; City: string }>>, false>>();
proof<Equal<Equal<Solid<Pascal<{ email: string }>>, Solid<{ EMail: string }>>, false>>();
proof<Equal<Equal<Solid<Pascal<{ a: { email: string } }>>, Solid<{ A?: { Email?: number | null } }>>, false>>();
proof<Equal<Equal<Solid<Pascal<{ email: string }>>, Solid<{ email: string }>>, false>>();
// And it holds where only null and required differ.
proof<Equal<Equal<Solid<Pascal<{ a: { email: string }[] }>>, Solid<{ A?: { Email?: string | null }[] | null }>>, true>>();

// Whatever was read can be written.
declare const read: CustomerBillingProfile;
export const writable: WritableProfile = read;
