export { createPartnerClient } from './client/client.ts';
export { clouds } from './client/clouds.ts';
export {
  CancelledError,
  ConflictError,
  ContractError,
  EnvironmentError,
  isPartnerError,
  NetworkError,
  PartnerError,
  ServiceError,
  StaleEtagError,
  ThrottledError,
  TokenError,
} from './client/errors.ts';

export type { PartnerApi } from './client/api.ts';
export type { BillingProfileOperations } from './client/billing-profile.ts';
export type { AttemptEvent } from './client/call/attempt.ts';
export type { TokenCredential, TokenOption } from './client/call/token-source.ts';
export type { Change, ProfileChange, ProfileDraft } from './client/change.ts';
export type { PartnerClient, PartnerClientOptions } from './client/client.ts';
export type { Cloud } from './client/clouds.ts';
export type { WriteOutcome } from './client/errors.ts';
export type { CallOptions, EditOptions } from './client/options.ts';
export type { ProfileCall, ProfileResult } from './client/profile-call.ts';
export type { ContractViolation, ResponseValidationOptions } from './client/response-validation.ts';
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
