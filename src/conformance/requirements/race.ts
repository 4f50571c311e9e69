import { Failure, Untestable } from '../outcome.ts';
import { describe, etagOf, inventNames, isStaleStatus, putProfile, readProfile } from '../profile-probe.ts';
import { sources } from '../sources.ts';
import type { Probe, Requirement } from '../types.ts';

const rounds = 3;
const voidRoundsLimit = 3;

export const raceRequirements: readonly Requirement[] = [
  {
    id: 'race.lets-one-writer-win',
    level: 'must',
    mode: 'race',
    rule: 'Of two writers with the same ETag at the same time exactly one succeeds, and its values are stored.',
    sources: [sources.updateHeaders, sources.ifMatch],
    needs: ['etag.refuses-stale-write', 'refusal.changes-nothing'],
    async check(probe) {
      let voidRounds = 0;
      for (let round = 1; round <= rounds; round += 1) {
        while (!(await race(probe))) {
          voidRounds += 1;
          if (voidRounds >= voidRoundsLimit)
            throw new Untestable(`A racing writer was throttled or met a server error ${voidRounds} times.`);
        }
      }
    },
  },
];

/** One round; false when it says nothing, because a writer was throttled or met a server error. */
async function race(probe: Probe): Promise<boolean> {
  const profile = await readProfile(probe);
  const etag = etagOf(profile);
  if (etag === undefined) throw new Untestable('The profile that was just read carries no ETag.');
  const writers = await Promise.all(
    [inventNames(probe), inventNames(probe)].map(async (names) => ({ names, answer: await putProfile(probe, profile, names, etag) })),
  );
  if (writers.some(({ answer }) => answer.status === 429 || answer.status >= 500)) return false;
  const winners = writers.filter(({ answer }) => answer.status === 200);
  const losers = writers.filter(({ answer }) => answer.status !== 200);
  if (winners.length !== 1) throw new Failure(`${winners.length} of 2 writers with the same ETag were answered 200.`);
  const unclear = losers.find(({ answer }) => !isStaleStatus(answer.status));
  if (unclear !== undefined)
    throw new Failure(`The losing writer was answered ${describe(unclear.answer)}; expected 412, or 400 with code 2055.`);
  const stored = await readProfile(probe);
  const { names } = winners[0]!;
  if (stored.firstName !== names.firstName || stored.lastName !== names.lastName) throw new Failure("What is stored is not the winner's.");
  return true;
}
