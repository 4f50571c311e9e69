import { fromWire } from '../../contract/casing.ts';
import { isJsonObject } from '../../contract/json.ts';
import { Failure, Untestable } from '../probe/check-errors.ts';
import { all } from '../probe/all.ts';
import { anotherContent, contentOf, inventNames, prepareWrite, putRequest, type ReadProfile, readProfile } from '../probe/profile.ts';
import { expectStale } from '../probe/expect.ts';
import { sources } from '../../suite/sources.ts';
import type { Probe } from '../probe/probe.ts';
import type { ServerRequirement } from '../requirement.ts';

const rounds = 3;
const voidRoundsLimit = 3;
const manyWriters = 8;

export const raceRequirements: readonly ServerRequirement[] = [
  {
    id: 'race.lets-one-writer-win',
    level: 'must',
    mode: 'race',
    since: '0.1.0',
    rule: 'Of two writers with the same ETag at the same time exactly one succeeds, and the profile in its response is stored.',
    remedy: 'Compare the ETag and store in one atomic step: a transaction, a conditional update, a lock on the row.',
    rationale: 'Two systems save in the same instant: both get a success, and one change is lost.',
    procedure:
      'Three rounds of two PUTs at the same time with the same ETag; one has to succeed with 200, the other has to be refused as stale, and a GET has to return what the response of the first carried.',
    sources: [sources.updateHeaders, sources.ifMatch],
    needs: ['etag.refuses-stale-write', 'refusal.changes-nothing'],
    check: (probe) => race(probe, 2),
  },
  {
    id: 'race.lets-one-of-many-win',
    level: 'must',
    mode: 'race',
    since: '0.1.0',
    rule: 'Of eight writers with the same ETag at the same time exactly one succeeds, and the profile in its response is stored.',
    remedy: 'Let the data store decide, so that the rule holds for any number of writers and servers.',
    rationale: 'A lock that holds for two requests may not hold for many requests on several servers.',
    procedure:
      'Three rounds of eight PUTs at the same time with the same ETag; one has to succeed with 200, the others have to be refused as stale, and a GET has to return what the response of the first carried.',
    sources: [sources.updateHeaders, sources.ifMatch],
    needs: ['race.lets-one-writer-win'],
    check: (probe) => race(probe, manyWriters),
  },
];

async function race(probe: Probe, count: number): Promise<void> {
  let voidRounds = 0;
  for (let round = 1; round <= rounds; round += 1) {
    while (!(await raceOnce(probe, count))) {
      voidRounds += 1;
      if (voidRounds >= voidRoundsLimit) {
        throw new Untestable(`A racing writer was throttled or met a server error ${voidRounds} times.`);
      }
    }
  }
}

/** One round; false when it says nothing, because a writer was throttled or met a server error. */
async function raceOnce(probe: Probe, count: number): Promise<boolean> {
  const { before, etag } = await prepareWrite(probe);
  const requests = Array.from({ length: count }, () => putRequest(before, inventNames(probe), etag));
  const responses = await all(requests.map((request) => probe.send({ ...request, takesRefusal: true, takesThrottling: true })));
  if (responses.some(({ status }) => status === 429 || status >= 500)) return false;
  const winners = responses.filter(({ status }) => status === 200);
  if (winners.length !== 1) {
    throw new Failure(`${winners.length} of ${count} writers with the same ETag got 200.`, {
      expected: '1 × 200',
      actual: `${winners.length} × 200`,
    });
  }
  for (const response of responses) if (response.status !== 200) expectStale(response, 'A losing writer');
  const { json } = winners[0]!;
  if (!isJsonObject(json)) return true;
  const [won, stored] = [fromWire(json) as ReadProfile, await readProfile(probe)];
  if (contentOf(won) !== contentOf(stored)) throw new Failure("What is stored is not the winner's.", anotherContent(won, stored));
  return true;
}
