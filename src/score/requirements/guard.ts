import { firstProblem, firstPutProblem, needsWrite, noPut } from '../finding.ts';
import { guardOf, puts, requestsBefore, tagOf } from '../observed-requests.ts';
import type { ClientRequirement } from '../requirement.ts';
import type { ObservedRequest, ScenarioRun } from '../scenario-run.ts';
import { scenarioNames } from '../scenarios.ts';
import { sources } from '../../suite/sources.ts';

export const guardRequirements: readonly ClientRequirement[] = [
  {
    id: 'client.guards-write',
    level: 'must',
    since: '0.1.0',
    rule: 'Every PUT carries an ETag that the client was given in the same run, in If-Match or in attributes.etag of the body.',
    remedy: 'Take attributes.etag of the profile that was read, send it as If-Match: "…", and leave it in the body.',
    rationale: 'Without it the write overwrites what another writer stored in between, and neither writer notices.',
    sources: [sources.updateHeaders, sources.ifMatch],
    needs: needsWrite,
    scenarios: scenarioNames,
    judge: (runs) =>
      firstPutProblem(runs, (put, run) => {
        const guard = guardOf(put);
        const given = requestsBefore(run, put).flatMap(({ etag, respondedAtMs }) =>
          etag !== undefined && respondedAtMs <= put.atMs ? [etag] : [],
        );
        const expected = `if-match: "${given.at(-1) ?? '…'}"`;
        if (guard === undefined) return { reason: 'a PUT carries no ETag.', difference: { expected, actual: 'none' } };
        if (given.includes(guard)) return undefined;
        return { reason: 'a PUT carries an ETag that was not read.', difference: { expected, actual: guard } };
      }),
  },
  {
    id: 'client.quotes-if-match',
    level: 'should',
    since: '0.1.0',
    rule: 'An If-Match that is sent is a strong entity tag, in double quotes.',
    remedy: 'Put double quotes around attributes.etag when it becomes If-Match; without W/ before them.',
    rationale: 'Only hearsay says that the service accepts an ETag without quotes; HTTP gives it no meaning.',
    sources: [sources.updateHeaders, sources.etag],
    needs: ['client.guards-write'],
    scenarios: scenarioNames,
    judge(runs) {
      const guarded = (run: ScenarioRun): ObservedRequest[] => puts(run).filter(({ ifMatch }) => ifMatch !== undefined);
      if (runs.every((run) => guarded(run).length === 0))
        return { verdict: 'skipped', reason: 'the client guards by the ETag in the body' };
      return firstProblem(
        runs,
        guarded,
        ({ ifMatch }) =>
          /^"[^"]*"$/.test(ifMatch!.trim())
            ? undefined
            : {
                reason: 'If-Match is no strong entity tag in quotes.',
                difference: { expected: `if-match: "${tagOf(ifMatch!)}"`, actual: `if-match: ${ifMatch}` },
              },
        noPut,
      );
    },
  },
];
