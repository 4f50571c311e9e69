import type { BillingProfileOperations } from '../../client/billing-profile.ts';
import { createPartnerClient } from '../../client/client.ts';
import { clouds } from '../../client/clouds.ts';
import { type Io, UnusableProfile } from '../io.ts';
import type { ServiceOptions } from '../options.ts';
import { MisuseError } from '../../contract/misuse.ts';
import { resolveService } from '../target.ts';

// A person waits at the terminal: a Retry-After beyond this ends the command, and the error says when to try again.
const patienceMs = 10_000;

/** The billing profile of a customer at the service that the options and the environment name. */
export async function billingOf(customerId: string, options: ServiceOptions, io: Io): Promise<BillingProfileOperations> {
  const address = options.baseUrl ?? (io.env.PARTNER_CENTER_BASE_URL || clouds.global.baseUrl);
  const { baseUrl, token } = await resolveService(address, options, io);
  const client = createPartnerClient({ baseUrl, token, application: 'pc-billing', maxWaitMs: patienceMs });
  return client.customers.byId(customerId).profiles.billing;
}

/** The profile is as the service returned it: if it cannot be written back, the fault is not the user's. */
export function asUnusableProfile(error: unknown): never {
  if (error instanceof MisuseError)
    throw new UnusableProfile(`The profile that the service returned cannot be written back. ${error.message}`);
  throw error;
}

export const formatProfile = (profile: unknown): string => `${JSON.stringify(profile, null, 2)}\n`;
