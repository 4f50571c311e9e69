import { fromWire } from '../../contract/casing.ts';
import { Failure, Untestable } from '../probe/check-errors.ts';
import { anotherContent, contentOf, type ReadProfile, readProfile } from '../probe/profile.ts';
import { expectStatus } from '../probe/expect.ts';
import { sendRefusedWrite, writeRefusals } from '../probe/refusals.ts';
import { sources } from '../../suite/sources.ts';
import type { ServerRequirement } from '../requirement.ts';

export const refusalRequirements: readonly ServerRequirement[] = [
  {
    id: 'refusal.changes-nothing',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A write that is refused leaves the profile as it was.',
    remedy: 'Check everything first and store last, in one transaction.',
    rationale:
      'A client tells its user that nothing was saved. When a part was saved, the reseller does not know what is on the next invoice.',
    procedure:
      'Writes that have to be refused are sent one after the other; after each refusal a GET has to return what the response to the last successful write carried.',
    sources: [sources.ifMatch, sources.errorCodes],
    needs: ['etag.refuses-stale-write'],
    async check(probe) {
      let seen = 0;
      for await (const { what } of writeRefusals(probe)) {
        seen += 1;
        const [written, stored] = [fromWire(probe.lastWritten()) as ReadProfile, await readProfile(probe)];
        if (contentOf(stored) !== contentOf(written)) {
          throw new Failure(`The refusal of ${what} has changed the profile.`, anotherContent(written, stored));
        }
      }
      if (seen === 0) throw new Untestable('Nothing was refused.');
    },
  },
  {
    id: 'refusal.refuses-malformed-json',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT whose body is not JSON is refused with 400 or 422.',
    remedy: 'Respond with 400 when the body cannot be parsed; do not store the part that could be read.',
    rationale: 'A service that stores the part of a truncated body that arrived loses the rest.',
    procedure: 'A PUT whose JSON lacks its last brace; the status has to be 400 or 422.',
    sources: [sources.errorCodes, sources.badRequest],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      expectStatus(await sendRefusedWrite(probe, 'malformed JSON'), [400, 422], 'The PUT of malformed JSON', '400');
    },
  },
  {
    id: 'refusal.refuses-wrong-type',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT with an object where the contract has text is refused with 400 or 422.',
    remedy: 'Respond with 400 when the body does not fit its type. A reader that takes null instead loses the value.',
    rationale: 'Without the refusal the client does not learn of its mistake, and the member is empty on the next invoice.',
    procedure: 'A PUT with an empty object as LastName; the status has to be 400 or 422.',
    sources: [sources.profileResource, sources.errorCodes],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      const response = await sendRefusedWrite(probe, 'an object where text belongs');
      expectStatus(response, [400, 422], 'The PUT with an object as LastName', '400');
    },
  },
  {
    id: 'refusal.refuses-text-plain',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT whose Content-Type is text/plain is refused with 415 or 400.',
    remedy: 'Read the media types that the contract names, and respond with 415 to all others.',
    rationale: 'A body that is sent as text was not meant as JSON. Web forms and faulty clients would write profiles.',
    procedure: 'A PUT that is valid except for its Content-Type, text/plain; the status has to be 400 or 415.',
    sources: [sources.swagger, sources.unsupportedMediaType],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      expectStatus(await sendRefusedWrite(probe, 'a body of text/plain'), [400, 415], 'The PUT of text/plain', '415');
    },
  },
  {
    id: 'refusal.refuses-unsupported-method',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'PATCH, which the resource does not have, is refused with 405, or another 4xx that says so.',
    remedy: 'Respond with 405 and Allow: GET, HEAD, PUT to every other method.',
    rationale: 'A client that sends PATCH and is not refused believes that it has saved what was never stored.',
    procedure: 'A PATCH with an empty object; the status has to be 400, 403, 404, 405 or 415.',
    sources: [sources.swagger, sources.methodNotAllowed],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      expectStatus(await sendRefusedWrite(probe, 'a PATCH'), [400, 403, 404, 405, 415], 'PATCH', '405');
    },
  },
];
