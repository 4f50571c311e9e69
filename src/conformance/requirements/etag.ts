import { readErrorBody } from '../../contract/error-body.ts';
import { Failure, Untestable } from '../outcome.ts';
import {
  contentOf,
  describe,
  etagOf,
  inventNames,
  isStaleStatus,
  profileIn,
  putProfile,
  readProfile,
  writeNames,
} from '../profile-probe.ts';
import { sources } from '../sources.ts';
import type { Requirement } from '../types.ts';

// Somebody may write between two reads of a live profile; three such coincidences in a row are no coincidence.
const readAttempts = 3;

export const etagRequirements: readonly Requirement[] = [
  {
    id: 'etag.carries-etag',
    level: 'must',
    mode: 'read',
    rule: 'A profile carries its ETag as a non-empty string in attributes.etag.',
    sources: [sources.resourceAttributes],
    needs: ['read.answers-one-object'],
    async check(probe) {
      if (etagOf(await readProfile(probe)) === undefined) throw new Failure('attributes.etag is not a non-empty string.');
    },
  },
  {
    id: 'etag.stays-between-reads',
    level: 'must',
    mode: 'read',
    rule: 'The ETag stays the same between two reads without a write.',
    sources: [sources.etag],
    needs: ['etag.carries-etag'],
    async check(probe) {
      for (let attempt = 1; attempt <= readAttempts; attempt += 1) {
        const [first, second] = [await readProfile(probe), await readProfile(probe)];
        if (etagOf(first) === etagOf(second)) return;
        if (contentOf(first) === contentOf(second)) throw new Failure('Two reads of the same content carry different ETags.');
      }
      throw new Untestable('Somebody else keeps writing the profile.');
    },
  },
  {
    id: 'etag.changes-on-write',
    level: 'must',
    mode: 'write',
    rule: 'A write that changes the profile gives it a new ETag.',
    sources: [sources.etag, sources.updateResponse],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      const { etag, answer } = await writeNames(probe);
      const renewed = etagOf(profileIn(answer, 'PUT')) ?? etagOf(await readProfile(probe));
      if (renewed === etag) throw new Failure('The ETag after the write is the one from before it.');
    },
  },
  {
    id: 'etag.refuses-stale-write',
    level: 'must',
    mode: 'write',
    rule: 'A PUT whose ETag is no longer the current one, in If-Match and in the body, is refused.',
    sources: [sources.updateHeaders, sources.ifMatch],
    needs: ['etag.changes-on-write', 'write.stores-what-it-answered'],
    async check(probe) {
      const { before, etag } = await writeNames(probe);
      const answer = await putProfile(probe, before, inventNames(probe), etag);
      if (!isStaleStatus(answer.status))
        throw new Failure(`The stale PUT was answered ${describe(answer)}; expected 412, or 400 with code 2055.`);
      const code = Number(readErrorBody(answer.json).code);
      // A code that only repeats the status says nothing.
      probe.observe('stale', { status: answer.status, ...(Number.isInteger(code) && code !== answer.status ? { code } : {}) });
    },
  },
];
