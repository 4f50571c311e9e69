import { all } from '../probe/all.ts';
import { headerNames } from '../../contract/headers.ts';
import { validateThrottlingResponse } from '../../contract/validate.ts';
import { Failure, Untestable } from '../probe/check-errors.ts';
import { expectWritten, prepareWrite } from '../probe/profile.ts';
import { refusals } from '../probe/refusals.ts';
import { sources } from '../../suite/sources.ts';
import type { Probe } from '../probe/probe.ts';
import type { ProbeResponse } from '../probe/exchange.ts';
import type { ServerRequirement } from '../requirement.ts';

interface Ids {
  requestId: string;
  correlationId: string;
}

const concurrentReads = 8;

export const traceRequirements: readonly ServerRequirement[] = [
  {
    id: 'trace.echoes-ids-on-success',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A profile that was read repeats the MS-RequestId and the MS-CorrelationId of the request.',
    remedy: 'Copy both headers from the request into the response, each into its own.',
    rationale: 'The two ids tie a call to the logs of the service; without them support cannot find the call.',
    procedure: 'A GET with two new ids; both headers of the response are compared with them, letter case aside.',
    sources: [sources.headersPage, sources.getPage],
    needs: ['read.answers-one-object'],
    async check(probe) {
      const ids = newIds(probe);
      expectEcho(ids, await probe.send({ method: 'GET', ...ids }), 'the response');
    },
  },
  {
    id: 'trace.echoes-ids-on-write',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'The response to a PUT repeats the MS-RequestId and the MS-CorrelationId of the request.',
    remedy: 'Copy both headers in one place for every method.',
    rationale: 'When a customer disputes a change, the two ids lead to its log entry.',
    procedure:
      'A PUT of new first and last names with two new ids; both headers of the response are compared with them, letter case aside.',
    sources: [sources.headersPage, sources.updateResponse],
    needs: ['trace.echoes-ids-on-success', 'write.takes-pascal-case'],
    async check(probe) {
      const ids = newIds(probe);
      const { request } = await prepareWrite(probe);
      const response = await probe.send({ ...request, ...ids });
      await expectWritten(probe, response);
      expectEcho(ids, response, 'the response to the PUT');
    },
  },
  {
    id: 'trace.echoes-ids-on-refusal',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A refusal by the service repeats the MS-RequestId and the MS-CorrelationId of the request.',
    remedy: 'Add both headers to error responses too; support needs them most after a failure.',
    rationale: 'Support has to look for the failed call, by these two ids.',
    procedure:
      'Every request that has to be refused in the mode of the run is sent, each with two new ids; both headers of each refusal are compared with them, letter case aside.',
    sources: [sources.headersPage, sources.errorCodes],
    needs: ['customer.refuses-unknown-customer'],
    async check(probe) {
      let seen = 0;
      for await (const { what, response, sent } of refusals(probe, () => newIds(probe))) {
        // The documented response of the gateway carries no ids, so its silence says nothing about the service.
        if (validateThrottlingResponse(response.json).ok && !response.headers.has(headerNames.requestId)) continue;
        seen += 1;
        expectEcho(sent as Ids, response, `the refusal of ${what}`);
      }
      if (seen === 0) throw new Untestable('The gateway refused in place of the service.');
    },
  },
  {
    id: 'trace.makes-missing-ids',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A request without the two ids gets ids that the service makes, different ones each time.',
    remedy: 'Make a GUID for each id that a request lacks, and return it.',
    rationale: 'A simple client that sends no ids needs ids to give to support, too.',
    procedure: 'Two GETs without the two ids; both responses have to carry them, and they have to differ.',
    sources: [sources.swagger, sources.headersPage],
    needs: ['trace.echoes-ids-on-success'],
    async check(probe) {
      const responses = [];
      for (let count = 0; count < 2; count += 1) responses.push(await probe.send({ method: 'GET', requestId: null, correlationId: null }));
      for (const name of [headerNames.requestId, headerNames.correlationId]) {
        const [first, second] = responses.map(({ headers }) => headers.get(name));
        if (!first || !second)
          throw new Failure(`${name} is missing in the response to a request without it.`, {
            expected: `${name}: a GUID`,
            actual: `no ${name}`,
          });
        if (first === second)
          throw new Failure(`${name} is the same in the responses to two requests without it.`, {
            expected: `${name}: another one each time`,
            actual: `${name}: ${second}`,
          });
      }
    },
  },
  {
    id: 'trace.keeps-ids-apart',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'Each of several requests at the same time gets its own two ids back.',
    remedy: 'Keep the ids with the request, not in a field of the server that the next request overwrites.',
    rationale: 'Under load a mixed-up id leads a search of the logs to the call of another client.',
    procedure:
      'Eight GETs at the same time, each with two ids of its own; both headers of each response are compared with those of its request.',
    sources: [sources.headersPage],
    needs: ['trace.echoes-ids-on-success'],
    async check(probe) {
      const sent = Array.from({ length: concurrentReads }, () => newIds(probe));
      const responses = await all(sent.map((ids) => probe.send({ method: 'GET', ...ids })));
      for (const [index, response] of responses.entries()) expectEcho(sent[index]!, response, 'one of several responses at the same time');
    },
  },
];

const newIds = (probe: Probe): Ids => ({ requestId: probe.newId(), correlationId: probe.newCorrelationId() });

function expectEcho(sent: Ids, { headers }: ProbeResponse, where: string): void {
  for (const id of ['requestId', 'correlationId'] as const) {
    const returned = headers.get(headerNames[id]);
    // A service that reads the ids as GUIDs may write them in the other letter case.
    if (returned?.toLowerCase() === sent[id].toLowerCase()) continue;
    const isOther = returned?.toLowerCase() === sent[id === 'requestId' ? 'correlationId' : 'requestId'].toLowerCase();
    const how = returned === null ? 'missing' : isOther ? 'that of the other header' : 'not the one that was sent';
    throw new Failure(`In ${where} ${headerNames[id]} is ${how}.`, {
      expected: `${headerNames[id]}: ${sent[id]}`,
      actual: returned === null ? `no ${headerNames[id]}` : `${headerNames[id]}: ${returned}`,
    });
  }
}
