import type { ServerRequirement } from '../requirement.ts';
import { authRequirements } from './auth.ts';
import { behaviourRequirements } from './behaviour.ts';
import { casingRequirements } from './casing.ts';
import { customerRequirements } from './customer.ts';
import { errorRequirements } from './error.ts';
import { etagRequirements } from './etag.ts';
import { raceRequirements } from './race.ts';
import { readRequirements } from './read.ts';
import { refusalRequirements } from './refusal.ts';
import { traceRequirements } from './trace.ts';
import { writeRequirements } from './write.ts';

/** Every requirement, in the order in which a person reads them. The runner follows `needs`, not this order. */
export const requirements: readonly ServerRequirement[] = [
  ...readRequirements,
  ...casingRequirements,
  ...etagRequirements,
  ...writeRequirements,
  ...refusalRequirements,
  ...authRequirements,
  ...customerRequirements,
  ...errorRequirements,
  ...traceRequirements,
  ...raceRequirements,
  ...behaviourRequirements,
];
