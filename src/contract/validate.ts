import * as validators from '../../generated/validators.ts';
import type { Validator } from '../../generated/validators.ts';
import type { CustomerBillingProfile, CustomerBillingProfileUpdate, ErrorResponse, ThrottlingResponse } from './profile.ts';

/** One way in which a value does not fit a schema. `path` is a JSON pointer, empty for the value itself. */
export interface Problem {
  path: string;
  message: string;
}

/** The value, now typed, or everything that is wrong with it. Messages never repeat a value. */
export type Validation<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

/** Whether a value is a profile as the service returns it. Unknown members are fine. */
export const validateProfile = (value: unknown): Validation<CustomerBillingProfile> => validate(validators.CustomerBillingProfile, value);

/** Whether a value is the body of a PUT: PascalCase, the full resource. Unknown members are fine. */
export const validateUpdate = (value: unknown): Validation<CustomerBillingProfileUpdate> =>
  validate(validators.CustomerBillingProfileUpdate, value);

/** Whether a value is the body of a refusal by the API. */
export const validateErrorResponse = (value: unknown): Validation<ErrorResponse> => validate(validators.ErrorResponse, value);

/** Whether a value is the body of a refusal by the gateway. */
export const validateThrottlingResponse = (value: unknown): Validation<ThrottlingResponse> =>
  validate(validators.ThrottlingResponse, value);

function validate<T>(validator: Validator, value: unknown): Validation<T> {
  // The validator has just proved that the value is a T.
  if (validator(value)) return { ok: true, value: value as T };
  return { ok: false, problems: (validator.errors ?? []).map(toProblem) };
}

function toProblem({ instancePath, keyword, message, params }: NonNullable<Validator['errors']>[number]): Problem {
  // A missing member is reported at the place where it is missing, not at the object around it.
  if (keyword === 'required') return { path: `${instancePath}/${String(params.missingProperty)}`, message: 'is missing' };
  if (keyword === 'type') return { path: instancePath, message: `must be ${[params.type].flat().join(' or ')}` };
  return { path: instancePath, message: message ?? keyword };
}
