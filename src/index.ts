export { createPartnerClient } from './client/client.ts';
export { clouds } from './client/clouds.ts';
export { ContractError, isPartnerError, NetworkError, PartnerError, ServiceError, StaleEtagError } from './client/errors.ts';

export type { BillingProfileOperations } from './client/billing-profile.ts';
export type { PartnerApi, PartnerClient, PartnerClientOptions } from './client/client.ts';
export type {
  Address,
  CustomerBillingProfile,
  CustomerBillingProfileUpdate,
  ErrorResponse,
  Link,
  ResourceAttributes,
  ResourceLinks,
  ThrottlingResponse,
  WritableProfile,
} from './contract/profile.ts';
