import type { CustomerBillingProfile } from '../contract/profile.ts';
import type { Validation } from '../contract/validate.ts';
import { type Call, ContractError } from './errors.ts';

/** How what the service answers is compared with the contract. */
export interface InspectionOptions {
  /** Whether to compare profiles with the contract: not at all (the default), to tell `onDrift`, or to throw a `ContractError` too. */
  validate?: 'off' | 'report' | 'throw';
  /** `validateProfile` of `partner-center-billing-profile/validate`; needed to validate, and loaded by nobody else. */
  validator?: (value: unknown) => Validation<CustomerBillingProfile>;
  /** Told of a profile that does not fit the contract. */
  onDrift?: ((drift: Drift) => void) | undefined;
}

/** A success that does not fit the contract. */
export interface Drift extends Pick<Call, 'method' | 'path' | 'requestId' | 'correlationId'> {
  problems: { path: string; message: string }[];
}

/** What is to be done with what is found. */
export type Inspection = Required<Pick<InspectionOptions, 'validate' | 'validator'>> & Pick<InspectionOptions, 'onDrift'>;

/** Compares a profile that was answered with the contract. Errors: `ContractError` when that was asked for. */
export function inspect({ validate, validator, onDrift }: Inspection, call: Call, status: number, profile: CustomerBillingProfile): void {
  const validation = validator(profile);
  if (validation.ok) return;
  const { method, path, requestId, correlationId } = call;
  const { problems } = validation;
  onDrift?.({ method, path, requestId, correlationId, problems });
  if (validate === 'report') return;
  const misfits = problems.map((problem) => `${problem.path} ${problem.message}`).join('; ');
  throw new ContractError(call, status, `the profile does not fit the contract: ${misfits}`);
}
