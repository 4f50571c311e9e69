import { endedProblem, firstProblem, needsWrite } from '../finding.ts';
import { isCompanyStored, puts } from '../observed-requests.ts';
import type { ClientRequirement } from '../requirement.ts';
import { scenarioNames } from '../scenarios.ts';
import { sources } from '../../suite/sources.ts';

export const outcomeRequirements: readonly ClientRequirement[] = [
  {
    id: 'client.preserves-others-changes',
    level: 'must',
    since: '0.1.0',
    rule: 'The client never overwrites what another writer stored after the client had read, unless it reads again.',
    remedy:
      'When a write is refused as stale (412, or 400 with code 2055), read again and apply the change to what is there now, or end with 1. Never send the old body with a new ETag.',
    rationale: 'Two people correct one customer. The first correction is lost, and its writer is not told.',
    sources: [sources.updateHeaders, sources.ifMatch],
    needs: ['client.guards-write'],
    scenarios: ['same-member-changed', 'other-member-changed'],
    judge: (runs) =>
      firstProblem(
        runs,
        (run) => (run.concurrentProfile === undefined ? [] : puts(run)),
        (put, { concurrentProfile, stored }) => {
          if (!put.isStored || stored.email === concurrentProfile!.email) return undefined;
          return {
            reason: 'the e-mail address that another writer had changed was written back.',
            difference: { expected: `email: ${concurrentProfile!.email}`, actual: `email: ${stored.email}` },
          };
        },
        'No other writer could write between the read and the write.',
      ),
  },
  {
    id: 'client.claims-only-what-is-stored',
    level: 'must',
    since: '0.1.0',
    rule: 'The client ends with 0 only when the company name is stored.',
    remedy: 'Check the status of every response; end with another code than 0 when the last PUT did not get 200.',
    rationale: 'The invoice goes to the old company, and every log reports success.',
    sources: [sources.job, sources.errorCodes],
    needs: needsWrite,
    scenarios: scenarioNames.filter((name) => name !== 'plain'),
    judge: (runs) =>
      endedProblem(runs, (run) =>
        run.end.exitCode === 0 && !isCompanyStored(run) && !run.observedRequests.some((one) => one.isStored)
          ? 'it ended with 0, but the company name is not stored.'
          : undefined,
      ),
  },
  {
    id: 'client.recognises-stored-write',
    level: 'must',
    since: '0.1.0',
    rule: 'The client does not report failure when the company name is stored.',
    remedy:
      'When no response comes to a PUT, read the profile before you report: it may have been stored. Then a repeated PUT that is refused as stale is a success too.',
    rationale: 'A user who believes the failure writes again, or tells the customer that nothing was changed.',
    sources: [sources.requestHeaders, sources.idempotent],
    needs: needsWrite,
    // Those in which a write that follows a read can be stored; a mark that cannot be read has a requirement of its own.
    scenarios: scenarioNames.filter((name) => !['plain', 'byte-order-mark', 'wrong-token', 'redirect'].includes(name)),
    judge: (runs) =>
      endedProblem(runs, (run) =>
        run.end.exitCode !== 0 && isCompanyStored(run)
          ? `the company name is stored, but it ended with ${run.end.exitCode ?? run.end.signal}.`
          : undefined,
      ),
  },
];
