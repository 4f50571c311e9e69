import type { ClientRequirement } from '../requirement.ts';
import { bodyRequirements } from './body.ts';
import { guardRequirements } from './guard.ts';
import { idsRequirements } from './ids.ts';
import { jobRequirements } from './job.ts';
import { outcomeRequirements } from './outcome.ts';
import { responseRequirements } from './response.ts';
import { retryRequirements } from './retry.ts';

/** Every requirement, in the order in which a person reads them. */
export const clientRequirements: readonly ClientRequirement[] = [
  ...jobRequirements,
  ...guardRequirements,
  ...bodyRequirements,
  ...idsRequirements,
  ...retryRequirements,
  ...outcomeRequirements,
  ...responseRequirements,
];
