import { Failure } from '../outcome.ts';
import { contentOf, inventNames, putProfile, readProfile, writeNames } from '../profile-probe.ts';
import { sources } from '../sources.ts';
import type { Requirement } from '../types.ts';

export const refusalRequirements: readonly Requirement[] = [
  {
    id: 'refusal.changes-nothing',
    level: 'must',
    mode: 'write',
    rule: 'A write that is refused because of its ETag leaves the profile as it was.',
    sources: [sources.ifMatch],
    needs: ['etag.refuses-stale-write'],
    async check(probe) {
      const { before, etag } = await writeNames(probe);
      const stored = await readProfile(probe);
      await putProfile(probe, before, inventNames(probe), etag);
      if (contentOf(await readProfile(probe)) !== contentOf(stored)) throw new Failure('The refused PUT has changed the profile.');
    },
  },
];
