import type { CustomerBillingProfile } from '../contract/profile.ts';
import type { Validation } from '../contract/validate.ts';
import { type CallFacts, ContractError } from './errors.ts';
import { isolated } from './observer.ts';
import { MisuseError } from '../contract/misuse.ts';

/** How profiles in responses are compared with the contract. */
export interface ResponseValidationOptions {
  /** Whether to do it: not at all (the default), to tell `onContractViolation`, or to throw a `ContractError` too. */
  validate?: 'off' | 'report' | 'throw' | undefined;
  /** `validateProfile` of `partner-center-billing-profile/validate`; the client needs it only for response validation, so that other clients do not load it. */
  validator?: ((value: unknown) => Validation<CustomerBillingProfile>) | undefined;
  /** Told of a profile that does not fit the contract. */
  onContractViolation?: ((violation: ContractViolation) => void) | undefined;
}

/** A success that does not fit the contract. */
export interface ContractViolation extends Pick<CallFacts, 'method' | 'path' | 'requestId' | 'correlationId'> {
  problems: { path: string; message: string }[];
}

/** Compares the profile of a response with the contract. Errors: `ContractError` when that was asked for. */
export type ResponseValidation = (call: CallFacts, status: number, profile: CustomerBillingProfile) => void;

/** The validation that the options ask for; undefined when they ask for none. Errors: `TypeError` without a validator. */
export function resolveResponseValidation(options: ResponseValidationOptions): ResponseValidation | undefined {
  const { validate = 'off', validator, onContractViolation } = options;
  if (validate === 'off') return undefined;
  if (!validator || !/^(?:report|throw)$/.test(validate)) {
    throw new MisuseError('validate is off, or report or throw with a validator: validateProfile of /validate.');
  }
  return (call, status, profile) => {
    const validation = validator(profile);
    if (validation.ok) return;
    const { method, path, requestId, correlationId } = call;
    isolated(() => onContractViolation?.({ method, path, requestId, correlationId, problems: validation.problems }));
    if (validate === 'report') return;
    const misfits = validation.problems.map((problem) => `${problem.path} ${problem.message}`).join('; ');
    throw new ContractError(call, status, `the profile does not fit the contract: ${misfits}`);
  };
}
