import { endOf, needsWrite, pass, seen, untestable } from '../finding.ts';
import { hasSucceeded, isCompanyStored } from '../observed-requests.ts';
import type { ClientRequirement } from '../requirement.ts';
import { untestableUntil } from '../../suite/judge.ts';
import { sources } from '../../suite/sources.ts';

export const responseRequirements: readonly ClientRequirement[] = [
  {
    id: 'client.reads-byte-order-mark',
    level: 'must',
    since: '0.1.0',
    rule: 'The client reads a profile that begins with a UTF-8 byte order mark.',
    remedy: 'Decode the bytes as UTF-8 and remove the mark (utf-8-sig in Python, a StreamReader in C#), then parse the JSON.',
    rationale: 'Recorded responses of the service begin with one; a strict parser refuses every one of them.',
    sources: [sources.powershell, sources.jsonMark],
    needs: needsWrite,
    scenarios: ['byte-order-mark'],
    judge([run]) {
      if (run!.observedRequests.length === 0) return untestable('The client sent nothing.');
      if (run!.end.isTimedOut) return untestableUntil('client.ends-in-time');
      if (hasSucceeded(run!)) return pass;
      const request = run!.observedRequests.at(-1)!;
      return {
        verdict: 'fail',
        run: run!,
        request,
        reason: `Where the response begins with a byte order mark, it ${endOf(run!)}${isCompanyStored(run!) ? '' : ', and nothing is stored'}.`,
        difference: { expected: 'stored, and exit code 0', actual: endOf(run!) },
      };
    },
  },
  {
    id: 'client.keeps-token-from-other-hosts',
    level: 'must',
    since: '0.1.0',
    rule: 'A redirect to another host is followed without the token, or not at all.',
    remedy: 'Switch off automatic redirects for requests that carry a token, or drop Authorization when the host changes.',
    rationale: 'A partner token opens every customer of the reseller.',
    sources: [sources.redirection, sources.bearer],
    needs: [],
    scenarios: ['redirect'],
    judge([run]) {
      if (run!.observedRequests.length === 0) return untestable('The client sent nothing that could be redirected.');
      const leak = run!.redirectedRequests.find(({ headers, url, text }) =>
        [...Object.values(headers), url, text].some((where) => where.includes(run!.token)),
      );
      if (leak === undefined)
        return seen(
          run!.redirectedRequests.length === 0
            ? 'redirect to another host: not followed'
            : 'redirect to another host: followed without the token',
        );
      return {
        verdict: 'fail',
        run: run!,
        request: leak,
        reason: 'The token was sent to the host that it was redirected to.',
        difference: { expected: 'authorization: none', actual: 'authorization: the token' },
      };
    },
  },
];
