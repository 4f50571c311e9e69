import { endOf, type ClientFinding, pass, type Problem, seen } from '../finding.ts';
import { isCompanyStored, lastOf, puts } from '../observed-requests.ts';
import type { ClientRequirement } from '../requirement.ts';
import type { ScenarioRun } from '../scenario-run.ts';
import { scenarioNames } from '../scenarios.ts';
import { untestableUntil } from '../../suite/judge.ts';
import { sources } from '../../suite/sources.ts';

export const jobRequirements: readonly ClientRequirement[] = [
  {
    id: 'client.ends-in-time',
    level: 'must',
    since: '0.1.0',
    rule: 'In every scenario the client ends by itself within the limit, and leaves no process behind.',
    remedy: 'Give every request a time limit, count the retries, wait for the processes that you start, and end the main one last.',
    rationale: 'A client that hangs blocks the invoice run behind it, without an error.',
    sources: [sources.job],
    needs: [],
    scenarios: scenarioNames,
    judge(runs) {
      const known = runs.filter(({ end }) => end.exitCode !== undefined);
      if (known.length === 0) return { verdict: 'skipped', reason: 'how the client ended is not known' };
      const fail = (run: ScenarioRun, reason: string, difference: Problem['difference']): ClientFinding => ({
        verdict: 'fail',
        run,
        reason: `In ${run.scenario}: ${reason}`,
        difference,
      });
      const hung = known.find(({ end }) => end.isTimedOut);
      if (hung !== undefined)
        return fail(hung, 'it was still running at the limit, and was killed.', { expected: 'an end', actual: 'none' });
      const left = known.find(({ end }) => (end.leftBehind ?? 0) > 0);
      if (left === undefined) return pass;
      const actual = String(left.end.leftBehind);
      return fail(left, 'processes that it had started outlived it; they were killed.', { expected: '0 processes left', actual });
    },
  },
  {
    id: 'client.writes-profile',
    level: 'must',
    since: '0.1.0',
    rule: 'When nothing special happens, the company name is stored and the client ends with 0.',
    remedy:
      'Read the profile, set companyName to PC_BILLING_COMPANY, PUT the whole profile to the URL it was read from, and end with 0 when the response is 200.',
    rationale: 'It is the purpose of the client; without it no other rule can be judged.',
    sources: [sources.update, sources.job],
    needs: [],
    scenarios: ['plain'],
    judge([run]) {
      const { end, observedRequests } = run!;
      if (end.isTimedOut) return untestableUntil('client.ends-in-time');
      const last = lastOf(run!);
      const fail = (reason: string): ClientFinding => ({
        verdict: 'fail',
        run: run!,
        reason,
        difference: {
          expected: 'stored, and exit code 0',
          actual: `${isCompanyStored(run!) ? 'stored' : 'not stored'}, and it ${endOf(run!)}`,
        },
        ...(last === undefined ? {} : { request: last }),
      });
      if (observedRequests.length === 0) return fail(`It sent nothing, and ${endOf(run!)}.`);
      if (puts(run!).length === 0) return fail(`It sent no PUT, and ${endOf(run!)}.`);
      if (!isCompanyStored(run!)) return fail(`The company name was not stored; it ${endOf(run!)}.`);
      if (end.exitCode === undefined) return seen('end of the client: not known, the write is stored');
      return end.exitCode === 0 ? pass : fail(`The company name was stored, but it ${endOf(run!)}.`);
    },
  },
];
