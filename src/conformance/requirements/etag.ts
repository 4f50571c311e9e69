import { fromWire } from '../../contract/casing.ts';
import { toIfMatch } from '../../contract/etag.ts';
import { readErrorBody } from '../../contract/error-body.ts';
import { isJsonObject } from '../../contract/json.ts';
import { Failure, Untestable } from '../probe/check-errors.ts';
import {
  attributesOf,
  contentOf,
  etagOf,
  prepareWrite,
  profileIn,
  putRequest,
  type ReadProfile,
  readProfile,
  wireBody,
  writeChange,
} from '../probe/profile.ts';
import type { ProbeResponse } from '../probe/exchange.ts';
import { expectStale, unquotable } from '../probe/expect.ts';
import { sendRefusedWrite, sendStaleWrite, writeRefusals } from '../probe/refusals.ts';
import { sources } from '../../suite/sources.ts';
import type { ServerRequirement } from '../requirement.ts';

// Another writer may write between two reads of a live profile; three times in a row is no coincidence.
const readAttempts = 3;

export const etagRequirements: readonly ServerRequirement[] = [
  {
    id: 'etag.carries-etag',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A profile carries its ETag as a non-empty string in attributes.etag.',
    remedy: 'Return the version of the profile in attributes.etag, as a string.',
    rationale: 'Without an ETag no write can be guarded: the last writer overwrites the others, who are not told.',
    procedure: 'A GET; attributes.etag has to be a string that is not empty.',
    sources: [sources.resourceAttributes],
    needs: ['read.answers-one-object'],
    async check(probe) {
      const profile = await readProfile(probe);
      const { etag } = attributesOf(profile);
      if (typeof etag === 'string' && etag !== '') return;
      const hasEnvelope = Object.values(profile).some((member) => isJsonObject(member) && 'attributes' in member);
      const words = hasEnvelope
        ? 'The profile is not the body itself, but a member of it. Return it without an envelope.'
        : 'attributes.etag is not a non-empty string.';
      throw new Failure(words, {
        expected: '"etag": "…"',
        actual: etag === undefined ? 'no "etag"' : `"etag": ${etag === '' ? '""' : `a value of type ${typeof etag}`}`,
      });
    },
  },
  {
    id: 'etag.fits-if-match',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'The ETag has only characters that fit between the quotes of an If-Match header.',
    remedy: 'Make the ETag of digits, letters or base64; no quotes inside, no line ends, nothing beyond Latin-1.',
    rationale: 'When an ETag does not fit into If-Match, a client can only write without a guard, or not at all.',
    procedure: 'A GET; its ETag is put between the quotes of an If-Match header, as a client does.',
    sources: [sources.etag, sources.etagAdvice],
    needs: ['etag.carries-etag'],
    async check(probe) {
      const etag = etagOf(await readProfile(probe));
      if (etag === undefined) throw new Untestable('The profile that was just read carries no ETag.');
      try {
        toIfMatch(etag);
      } catch {
        throw new Failure('The ETag has a character that cannot stand in an If-Match header.', unquotable);
      }
    },
  },
  {
    id: 'etag.stays-between-reads',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'The ETag stays the same between two reads without a write.',
    remedy: 'Make the ETag from what is stored, not from the clock, the request or the serialized text of one server of many.',
    rationale: 'The service would refuse a client that reads, edits and saves, although no other client has written.',
    procedure:
      'Two GETs; when they return the same content, their ETags have to be the same. When another writer writes in between, it is tried again, up to three times.',
    sources: [sources.etag],
    needs: ['etag.carries-etag'],
    async check(probe) {
      for (let attempt = 1; attempt <= readAttempts; attempt += 1) {
        const [first, second] = [await readProfile(probe), await readProfile(probe)];
        if (etagOf(first) === etagOf(second)) return;
        if (contentOf(first) === contentOf(second))
          throw new Failure('Two reads of the same content carry different ETags.', anotherEtag(first, second));
      }
      throw new Untestable('Another writer keeps changing the profile.');
    },
  },
  {
    id: 'etag.changes-on-write',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A write that changes the profile gives it a new ETag.',
    remedy: 'Renew the version of the profile in the transaction that stores it.',
    rationale: "When the ETag stays the same, a second writer undoes the first one's change, and neither of them notices.",
    procedure: 'A PUT of new first and last names with the current ETag, then a GET; its ETag has to be another one.',
    sources: [sources.etag, sources.updateResponse],
    needs: ['write.stores-what-it-answered'],
    async check(probe) {
      const { etag } = await writeChange(probe);
      if (etagOf(await readProfile(probe)) !== etag) return;
      throw new Failure('The ETag after the write is the one from before it.', {
        expected: '"etag": another than before',
        actual: `"etag": ${JSON.stringify(etag)}, as before`,
      });
    },
  },
  {
    id: 'etag.answers-stored-etag',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'The ETag in the response to a PUT is the one that the next GET returns.',
    remedy: 'Make the response to a PUT after the version was renewed, and read the version then.',
    rationale:
      'A client that writes twice guards the second write with the ETag of the first response. When that is wrong, the second write is always refused.',
    procedure: 'A PUT of new first and last names, then a GET; the ETags of both responses are compared.',
    sources: [sources.updateResponse, sources.resourceAttributes],
    needs: ['etag.changes-on-write', 'etag.stays-between-reads'],
    async check(probe) {
      const returned = profileIn((await writeChange(probe)).response, 'PUT');
      const stored = await readProfile(probe);
      if (etagOf(returned) !== etagOf(stored)) {
        throw new Failure('The response to the PUT carries another ETag than the GET after it.', anotherEtag(stored, returned));
      }
    },
  },
  {
    id: 'etag.refuses-stale-write',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT whose ETag is no longer the current one, in If-Match and in the body, is refused.',
    remedy: 'Compare the ETag with the current one and store in one step; when they differ, respond with 412, or 400 with code 2055.',
    rationale:
      'Two people edit the same customer. Without the refusal the second save undoes the first one, the first person is not told, and the invoices go to the old address.',
    procedure:
      'A PUT that succeeds, then another one with the ETag from before it, in If-Match and in the body; the status has to be 400, 409, 412, 417 or 428.',
    sources: [sources.updateHeaders, sources.ifMatch],
    needs: ['etag.changes-on-write'],
    async check(probe) {
      const { response } = await sendStaleWrite(probe);
      expectStale(response, 'The stale PUT');
      probe.observe('stale', refusalOf(response));
    },
  },
  {
    id: 'etag.refuses-older-write',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT with an ETag that was replaced more than once is refused.',
    remedy: 'Compare with the current ETag alone. A list of known ETags forgets some, or accepts old ones.',
    rationale: 'A form that was open all day, or a queue that was stuck, writes with an ETag from several writes ago.',
    procedure: 'Two PUTs that succeed, then one with the ETag from before both; the status has to be 400, 409, 412, 417 or 428.',
    sources: [sources.updateHeaders, sources.ifMatch],
    needs: ['etag.refuses-stale-write'],
    async check(probe) {
      const { before, etag } = await writeChange(probe);
      await writeChange(probe);
      const { change } = await prepareWrite(probe);
      const response = await probe.send({ ...putRequest(before, change, etag), takesRefusal: true });
      expectStale(response, 'The PUT with the ETag of two writes ago');
    },
  },
  {
    id: 'etag.refuses-made-up-etag',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT with an ETag that the service never gave is refused.',
    remedy: 'Treat an ETag that cannot be parsed as one that does not match, not as a missing one.',
    rationale:
      'A client that sends a garbled ETag asks for a guard. A service that treats it as no ETag overwrites what the client never saw.',
    procedure: "A PUT with an ETag of the suite's own, in If-Match and in the body; the status has to be 400, 409, 412, 417 or 428.",
    sources: [sources.updateHeaders, sources.ifMatch],
    needs: ['etag.refuses-stale-write'],
    async check(probe) {
      expectStale(await sendRefusedWrite(probe, 'a made-up ETag'), 'The PUT with a made-up ETag');
    },
  },
  {
    id: 'etag.refuses-altered-etag',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT whose ETag differs from the current one in its last character alone is refused.',
    remedy: 'Compare ETags as strings, character by character. As numbers, long ones lose their last digits.',
    rationale:
      'Recorded ETags have 19 digits, more than many number types hold. Compared as numbers, a stale ETag can equal the current one.',
    procedure:
      'A PUT with the current ETag except for its last letter or digit, in If-Match and in the body; the status has to be 400, 409, 412, 417 or 428.',
    sources: [sources.etag, sources.ifMatch],
    needs: ['etag.refuses-stale-write'],
    async check(probe) {
      const { before, change, etag } = await prepareWrite(probe);
      const response = await probe.send({ ...putRequest(before, change, withLastCharacterChanged(etag)), takesRefusal: true });
      expectStale(response, 'The PUT with an ETag that differs in its last character');
    },
  },
  {
    id: 'etag.refuses-missing-etag',
    level: 'should',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT without any ETag, in If-Match or in the body, is refused.',
    remedy: 'Respond with 428 when there is no ETag. A write without one overwrites what its author never saw.',
    rationale: 'A script that sends no ETag overwrites what other writers have saved since it last read.',
    procedure: 'A PUT without If-Match and without an ETag in the body; the status has to be 400, 409, 412, 417 or 428.',
    sources: [sources.updateHeaders, sources.preconditionRequired],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      const { before, change } = await prepareWrite(probe);
      const response = await probe.send({ method: 'PUT', body: wireBody(withoutEtag({ ...before, ...change })), takesRefusal: true });
      expectStale(response, 'The PUT without an ETag', '428, 412 or 400');
      probe.observe('missingPrecondition', refusalOf(response));
    },
  },
  {
    id: 'etag.stays-after-refusal',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A write that is refused leaves the ETag as it was.',
    remedy: 'Renew the version after the last check has passed, not before.',
    rationale: 'When a refused write renews the ETag, the next write of every other client fails too.',
    procedure:
      'Writes that have to be refused are sent one after the other; after each refusal a GET has to carry the ETag of the last write that succeeded.',
    sources: [sources.etag, sources.ifMatch],
    needs: ['etag.answers-stored-etag', 'refusal.changes-nothing'],
    async check(probe) {
      for await (const { what } of writeRefusals(probe)) {
        const written = fromWire(probe.lastWritten()) as ReadProfile;
        const now = await readProfile(probe);
        if (etagOf(now) !== etagOf(written)) {
          throw new Failure(`After the refusal of ${what} the profile has another ETag.`, anotherEtag(written, now));
        }
      }
    },
  },
];

/** The difference between two ETags that are to be the same. */
const anotherEtag = (expected: ReadProfile, actual: ReadProfile): Failure['difference'] => ({
  expected: `"etag": ${JSON.stringify(etagOf(expected)) ?? 'absent'}`,
  actual: `"etag": ${JSON.stringify(etagOf(actual)) ?? 'absent'}`,
});

/** Another ETag of the same form: quotes around it and the like stay. */
function withLastCharacterChanged(etag: string): string {
  const changed = etag.replace(/[0-9a-z](?=[^0-9a-z]*$)/i, (last) =>
    /\d/.test(last) ? String((Number(last) + 1) % 10) : last === 'a' ? 'b' : 'a',
  );
  return changed === etag ? `${etag}0` : changed;
}

/** A profile without `attributes.etag`. */
export function withoutEtag(profile: Record<string, unknown>): Record<string, unknown> {
  const { etag: _, ...attributes } = attributesOf(profile);
  return { ...profile, attributes };
}

/** How a write was refused. A code that only repeats the status says nothing. */
function refusalOf({ status, json }: ProbeResponse): { status: number; code?: number } {
  const code = Number(readErrorBody(json).code);
  return { status, ...(Number.isInteger(code) && code !== status ? { code } : {}) };
}
