import { Failure, Skip, Untestable } from '../outcome.ts';
import { contentOf, profileIn, type ReadProfile, readProfile, writeNames } from '../profile-probe.ts';
import { sources } from '../sources.ts';
import type { Probe, Requirement } from '../types.ts';

export const writeRequirements: readonly Requirement[] = [
  {
    id: 'write.takes-pascal-case',
    level: 'must',
    mode: 'write',
    rule: 'A PUT of the full resource in PascalCase is answered 200 with the values that were sent.',
    sources: [sources.updateBody],
    // A good PUT can only be made of a good profile.
    needs: ['etag.carries-etag', 'read.fits-contract'],
    async check(probe) {
      const { sent, answer } = await writeNames(probe);
      const profile = profileIn(answer, 'PUT');
      const lost = Object.keys(sent).filter((member) => profile[member] !== sent[member]);
      if (lost.length > 0) throw new Failure(`The answer to the PUT has not the value that was sent for ${lost.join(', ')}.`);
    },
  },
  {
    id: 'write.stores-what-it-answered',
    level: 'must',
    mode: 'write',
    rule: 'What a PUT answers is what the next GET answers.',
    sources: [sources.updateResponse],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      const { answer } = await writeNames(probe);
      const answered = profileIn(answer, 'PUT');
      const stored = await readProfile(probe);
      if (contentOf(answered) !== contentOf(stored))
        throw new Failure(`GET answers other values than the PUT before it: ${differences(answered, stored)}.`);
    },
  },
  {
    id: 'write.leaves-other-customer-alone',
    level: 'must',
    mode: 'write',
    rule: "A write of one customer's profile leaves that of another customer as it is.",
    sources: [sources.updateUri],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      const other = probe.target.otherCustomerId;
      if (other === undefined) throw new Skip('no other customer was given');
      const before = await readOther(probe, other);
      await writeNames(probe);
      const after = await readOther(probe, other);
      if (contentOf(before) !== contentOf(after))
        throw new Failure(`The other customer's profile has changed: ${differences(before, after)}.`);
    },
  },
];

async function readOther(probe: Probe, customerId: string): Promise<ReadProfile> {
  try {
    return await readProfile(probe, customerId);
  } catch (error) {
    if (error instanceof Failure) throw new Untestable(`The other customer's profile cannot be read. ${error.message}`);
    throw error;
  }
}

/** The members that differ, without their values. */
function differences(one: ReadProfile, other: ReadProfile): string {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((member) => member !== 'links' && member !== 'attributes')
    .filter((member) => contentOf({ member: one[member] }) !== contentOf({ member: other[member] }))
    .join(', ');
}
