import { firstProblem, needsWrite, noPut, seen, untestable } from '../finding.ts';
import { fingerprint, isRefused, requestsBefore } from '../observed-requests.ts';
import type { ClientRequirement } from '../requirement.ts';
import { retryAfterSeconds } from '../scenarios.ts';
import { sources } from '../../suite/sources.ts';

const othersWrite = ['same-member-changed', 'other-member-changed', 'stale-as-412', 'stale-as-400'] as const;
// A timer may fire a little early, and clocks are read in whole milliseconds.
const toleranceMs = 20;

export const retryRequirements: readonly ClientRequirement[] = [
  {
    id: 'client.waits-for-retry-after',
    level: 'must',
    since: '0.1.0',
    rule: 'After a 429 the client sends nothing before the time of Retry-After is over.',
    remedy:
      'Read Retry-After, wait that many seconds before the next request to the host, or give up; do not use a shorter time of your own.',
    rationale: 'Requests that come too early count too, and the partner stays throttled, for all customers.',
    sources: [sources.throttling, sources.retryAfter],
    needs: needsWrite,
    scenarios: ['throttled'],
    judge([run]) {
      const throttled = run!.observedRequests.find(({ status }) => status === 429);
      if (throttled === undefined) return untestable(noPut);
      const next = run!.observedRequests[run!.observedRequests.indexOf(throttled) + 1];
      if (next === undefined) return seen('after a 429: gave up');
      const waitedMs = next.atMs - throttled.respondedAtMs;
      if (waitedMs >= retryAfterSeconds * 1000 - toleranceMs) return seen(`after a 429: waited ${waitedMs} ms`);
      return {
        verdict: 'fail',
        run: run!,
        request: throttled,
        reason: `After a 429 with Retry-After: ${retryAfterSeconds} the next request came ${waitedMs} ms later.`,
        difference: { expected: `${retryAfterSeconds * 1000} ms`, actual: `${waitedMs} ms` },
      };
    },
  },
  {
    id: 'client.does-not-repeat-refusals',
    level: 'should',
    since: '0.1.0',
    rule: 'A request that was refused with a 4xx other than 408 and 429 is not sent again as it was.',
    remedy: 'Retry after 408, 429 and 5xx alone. After 401 get another token, after a stale ETag read again; otherwise report the refusal.',
    rationale: 'The same request gets the same response; meanwhile the real cause is not reported.',
    sources: [sources.clientErrors, sources.unauthorized],
    needs: needsWrite,
    scenarios: [...othersWrite, 'wrong-token'],
    judge(runs) {
      if (!runs.some(({ observedRequests }) => observedRequests.some(isRefused))) return untestable('The client met no refusal.');
      return firstProblem(
        runs,
        ({ observedRequests }) => observedRequests,
        (request, run) => {
          const same = requestsBefore(run, request).find((one) => isRefused(one) && fingerprint(one) === fingerprint(request));
          return (
            same && {
              reason: `a ${request.method} that was refused with ${same.status} was sent again as it was.`,
              difference: { expected: 'no such request', actual: `${request.method}, as before` },
            }
          );
        },
        'The client sent nothing.',
      );
    },
  },
];
