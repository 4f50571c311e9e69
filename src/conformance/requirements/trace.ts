import { headerNames } from '../../contract/headers.ts';
import { validateThrottlingResponse } from '../../contract/validate.ts';
import { Failure, Untestable } from '../outcome.ts';
import { sources } from '../sources.ts';
import type { Probe, ProbeAnswer, Requirement } from '../types.ts';
import { readUnknownCustomer } from './customer.ts';

interface Ids {
  requestId: string;
  correlationId: string;
}

export const traceRequirements: readonly Requirement[] = [
  {
    id: 'trace.echoes-ids-on-success',
    level: 'must',
    mode: 'read',
    rule: 'A success repeats the MS-RequestId and the MS-CorrelationId of the request.',
    sources: [sources.headersPage, sources.getPage],
    needs: ['read.answers-one-object'],
    async check(probe) {
      const ids = newIds(probe);
      expectEcho(ids, await probe.send({ method: 'GET', ...ids }));
    },
  },
  {
    id: 'trace.echoes-ids-on-refusal',
    level: 'must',
    mode: 'read',
    rule: 'A refusal by the service repeats the MS-RequestId and the MS-CorrelationId of the request.',
    sources: [sources.headersPage, sources.errorCodes],
    needs: ['customer.refuses-unknown-customer'],
    async check(probe) {
      const ids = newIds(probe);
      const answer = await readUnknownCustomer(probe, ids);
      // The documented answer of the gateway carries no ids, so its silence says nothing about the service.
      const isSilentGateway = validateThrottlingResponse(answer.json).ok && !answer.headers.has(headerNames.requestId);
      if (isSilentGateway) throw new Untestable('The gateway refused in place of the service.');
      expectEcho(ids, answer);
    },
  },
];

const newIds = (probe: Probe): Ids => ({ requestId: probe.newId(), correlationId: probe.newId() });

function expectEcho(sent: Ids, { headers }: ProbeAnswer): void {
  const wrong = (['requestId', 'correlationId'] as const).flatMap((id) => {
    const answered = headers.get(headerNames[id]);
    if (answered === null) return [`${headerNames[id]} is missing`];
    // A service that reads the ids as GUIDs may write them in the other letter case.
    if (answered.toLowerCase() === sent[id].toLowerCase()) return [];
    const isOther = answered.toLowerCase() === sent[id === 'requestId' ? 'correlationId' : 'requestId'].toLowerCase();
    return [`${headerNames[id]} is ${isOther ? 'that of the other header' : 'not the one that was sent'}`];
  });
  if (wrong.length > 0) throw new Failure(`In the answer ${wrong.join(' and ')}.`);
}
