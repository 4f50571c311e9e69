import { Failure } from '../outcome.ts';
import { describe } from '../profile-probe.ts';
import { sources } from '../sources.ts';
import type { Probe, Requirement } from '../types.ts';

/** Looks like no token anybody has. */
export const wrongToken = 'pc-billing-conformance-wrong-token';

export const authRequirements: readonly Requirement[] = [
  {
    id: 'auth.refuses-anonymous-caller',
    level: 'must',
    mode: 'read',
    rule: 'A request without a token is refused with 401 or 403.',
    sources: [sources.headersPage, sources.unauthorized],
    needs: [],
    check: (probe) => expectRefusal(probe, null, 'without a token'),
  },
  {
    id: 'auth.refuses-wrong-token',
    level: 'must',
    mode: 'read',
    rule: 'A request with a token that nobody issued is refused with 401 or 403.',
    sources: [sources.headersPage, sources.unauthorized],
    needs: [],
    check: (probe) => expectRefusal(probe, wrongToken, 'with a wrong token'),
  },
];

async function expectRefusal(probe: Probe, token: string | null, how: string): Promise<void> {
  const answer = await probe.send({ method: 'GET', token });
  if (answer.status !== 401 && answer.status !== 403) throw new Failure(`GET ${how} was answered ${describe(answer)}, not 401.`);
}
