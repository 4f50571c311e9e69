import { isGuid } from '../../contract/guid.ts';
import { firstProblem, needsWrite } from '../finding.ts';
import type { ClientRequirement } from '../requirement.ts';
import type { ObservedRequest, ScenarioRun } from '../scenario-run.ts';
import { scenarioNames } from '../scenarios.ts';
import { sources } from '../../suite/sources.ts';

export const idsRequirements: readonly ClientRequirement[] = [
  {
    id: 'client.sends-guids',
    level: 'should',
    since: '0.1.0',
    rule: 'Every request carries MS-RequestId and MS-CorrelationId, each a GUID.',
    remedy: 'Make both ids before the request is sent, write them to your log, and send them with it.',
    rationale: 'Support asks for them. The client learns the ids that the service makes only when the response arrives.',
    sources: [sources.requestHeaders],
    needs: needsWrite,
    scenarios: scenarioNames,
    judge: (runs) =>
      firstProblem(
        runs,
        ({ observedRequests }) => observedRequests,
        ({ requestId, correlationId, method }) => {
          const wrong = (
            [
              ['ms-requestid', requestId],
              ['ms-correlationid', correlationId],
            ] as const
          ).find(([, id]) => id === undefined || !isGuid(id));
          if (wrong === undefined) return undefined;
          return {
            reason: `a ${method} has no GUID as ${wrong[0]}.`,
            difference: { expected: `${wrong[0]}: a GUID`, actual: wrong[1] ?? 'none' },
          };
        },
        'The client sent nothing.',
      ),
  },
  {
    id: 'client.renews-ids',
    level: 'should',
    since: '0.1.0',
    rule: 'Each request has a new MS-RequestId, unless it repeats a request without a response; MS-CorrelationId is not a constant.',
    remedy: 'Make a new MS-RequestId for each request; keep it only when you repeat the same request because no response came.',
    rationale: 'An idempotent service responds to a repeated id with the old response, and stores nothing.',
    sources: [sources.requestHeaders],
    needs: ['client.sends-guids'],
    scenarios: scenarioNames,
    judge(runs) {
      const earlier: [ScenarioRun, ObservedRequest][] = [];
      return firstProblem(
        runs,
        ({ observedRequests }) => observedRequests,
        (request, run) => {
          const repeated = earlier.find(([, one]) => one.requestId === request.requestId);
          const constant = earlier.find(([of, one]) => of !== run && one.correlationId === request.correlationId);
          earlier.push([run, request]);
          if (constant !== undefined) {
            return {
              reason: `MS-CorrelationId is the one of ${constant[0].scenario}.`,
              difference: { expected: 'ms-correlationid: a new GUID', actual: `ms-correlationid: ${request.correlationId}` },
            };
          }
          if (repeated === undefined) return undefined;
          const [of, one] = repeated;
          if (of === run && !one.isResponded && one.method === request.method) return undefined;
          return {
            reason: `a ${request.method} has the MS-RequestId of a ${one.method} that got ${one.status ?? 'no response'}.`,
            difference: { expected: 'ms-requestid: a new GUID', actual: `ms-requestid: ${request.requestId}` },
          };
        },
        'The client sent nothing.',
      );
    },
  },
];
