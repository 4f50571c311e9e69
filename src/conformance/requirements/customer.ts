import { Failure } from '../outcome.ts';
import { describe } from '../profile-probe.ts';
import { sources } from '../sources.ts';
import type { Probe, ProbeAnswer, Requirement } from '../types.ts';

export const customerRequirements: readonly Requirement[] = [
  {
    id: 'customer.refuses-unknown-customer',
    level: 'must',
    mode: 'read',
    rule: 'A customer that the partner does not have is refused with 404, 403 or 400.',
    sources: [sources.errorCodes],
    needs: [],
    async check(probe) {
      const answer = await readUnknownCustomer(probe);
      if (![400, 403, 404].includes(answer.status))
        throw new Failure(`GET of an unknown customer was answered ${describe(answer)}, not 404.`);
    },
  },
];

/** Asks for a customer that cannot exist: its id was made this moment. */
export function readUnknownCustomer(probe: Probe, ids: { requestId?: string; correlationId?: string } = {}): Promise<ProbeAnswer> {
  return probe.send({ method: 'GET', customerId: probe.newId(), ...ids });
}
