import { isCompanyStored, lastOf, puts } from './observed-requests.ts';
import type { ObservedRequest, ScenarioRun } from './scenario-run.ts';

/** What a requirement says of the runs. */
export type ClientFinding =
  | { verdict: 'pass'; observed?: string }
  | { verdict: 'skipped'; reason: string }
  | { verdict: 'untestable'; reason: string; blockedBy?: string }
  | ({ verdict: 'fail'; run: ScenarioRun; request?: ObservedRequest } & Problem);

/** What is wrong, in words, and the one thing that differs. */
export interface Problem {
  reason: string;
  difference: { expected: string; actual: string };
}

export const pass: ClientFinding = { verdict: 'pass' };
export const seen = (observed: string): ClientFinding => ({ verdict: 'pass', observed });
export const untestable = (reason: string): ClientFinding => ({ verdict: 'untestable', reason });

export const noPut = 'The client sent no PUT.';

/** What most requirements need: a client that writes at all. */
export const needsWrite = ['client.writes-profile'];

/** Fails with the first thing that is wrong with a request, over all runs. `none` says why there was no request to judge. */
export function firstProblem(
  runs: readonly ScenarioRun[],
  choose: (run: ScenarioRun) => readonly ObservedRequest[],
  problem: (request: ObservedRequest, run: ScenarioRun) => Problem | undefined,
  none: string,
): ClientFinding {
  let count = 0;
  for (const run of runs) {
    for (const request of choose(run)) {
      count += 1;
      const found = problem(request, run);
      if (found === undefined) continue;
      return { verdict: 'fail', run, request, ...found, reason: `In ${run.scenario}: ${found.reason}` };
    }
  }
  return count === 0 ? untestable(none) : pass;
}

/** Fails with the first thing that is wrong with a PUT, over all runs. */
export function firstPutProblem(
  runs: readonly ScenarioRun[],
  problem: (put: ObservedRequest, run: ScenarioRun) => Problem | undefined,
): ClientFinding {
  return firstProblem(runs, puts, problem, noPut);
}

/** Fails with the first thing that is wrong with how a client ended, where that is known. */
export function endedProblem(runs: readonly ScenarioRun[], problem: (run: ScenarioRun) => string | undefined): ClientFinding {
  const known = runs.filter(({ end }) => end.exitCode !== undefined);
  if (known.length === 0) return { verdict: 'skipped', reason: 'how the client ended is not known' };
  const judged = known.filter(({ observedRequests, end }) => observedRequests.length > 0 && !end.isTimedOut);
  for (const run of judged) {
    const found = problem(run);
    if (found === undefined) continue;
    const request = lastOf(run)!;
    const expected = `exit code ${isCompanyStored(run) ? '0' : 'other than 0'}`;
    return { verdict: 'fail', run, request, reason: `In ${run.scenario}: ${found}`, difference: { expected, actual: endOf(run) } };
  }
  return judged.length === 0 ? untestable('The client sent nothing, or had to be killed.') : pass;
}

/** How a client ended, in words. */
export function endOf({ end }: ScenarioRun): string {
  if (end.isTimedOut) return 'was still running at the limit';
  if (end.exitCode === undefined) return 'ended in a way that is not known';
  return end.exitCode === null ? `was ended by ${end.signal ?? 'a signal'}` : `ended with ${end.exitCode}`;
}
