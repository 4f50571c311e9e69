import { findMiscasedNames } from '../../contract/casing.ts';
import { isJsonObject } from '../../contract/json.ts';
import { Failure, Untestable } from '../probe/check-errors.ts';
import { writeChange } from '../probe/profile.ts';
import { refusals } from '../probe/refusals.ts';
import { sources } from '../../suite/sources.ts';
import type { ProbeResponse } from '../probe/exchange.ts';
import type { ServerRequirement } from '../requirement.ts';

export const casingRequirements: readonly ServerRequirement[] = [
  {
    id: 'casing.answers-camel-case',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A profile that was read has its members in camelCase, at every depth.',
    remedy: 'Set the naming policy of the serializer for responses to camelCase, nested objects included.',
    rationale:
      'Most JSON readers treat a member in another spelling as missing. The address is then empty, and the next write stores it empty.',
    procedure: 'A GET; each name that the contract knows is compared with its camelCase spelling, at every depth.',
    sources: [sources.getPage],
    needs: ['read.answers-one-object'],
    async check(probe) {
      expectCamelCase(await probe.send({ method: 'GET' }));
    },
  },
  {
    id: 'casing.answers-camel-case-after-write',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'The response to a PUT has its members in camelCase although the request had them in PascalCase.',
    remedy: 'Return the stored profile through the serializer of GET instead of echoing the request.',
    rationale:
      'Clients use the response to a PUT as the new profile. In the spelling of the request they find neither its values nor its ETag.',
    procedure:
      'A PUT in PascalCase of new first and last names; the names of the members in its response are checked like those of a read.',
    sources: [sources.updateResponse],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      expectCamelCase((await writeChange(probe)).response);
    },
  },
  {
    id: 'casing.answers-errors-in-camel-case',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'The body of a refusal has its members in camelCase.',
    remedy: 'Use the naming policy of the profiles for error bodies too.',
    rationale: 'A client looks for code and description. In another spelling it reports a stale write as an error without a reason.',
    procedure:
      'Every request that has to be refused in the mode of the run is sent; the names in each JSON body are compared with those of the two documented error bodies.',
    sources: [sources.errorCodes, sources.throttling],
    needs: ['error.answers-documented-shape'],
    async check(probe) {
      let seen = 0;
      for await (const { what, response } of refusals(probe)) {
        if (!isJsonObject(response.json)) continue; // that it is an object has a requirement of its own
        seen += 1;
        const miscased = Object.keys(response.json).find((name) =>
          errorMembers.some((known) => known !== name && isSpelledLike(known, name)),
        );
        if (miscased === undefined) continue;
        const expected = errorMembers.find((known) => isSpelledLike(known, miscased))!;
        throw new Failure(`The body of the refusal of ${what} has the member ${miscased}.`, { expected, actual: miscased });
      }
      if (seen === 0) throw new Untestable('No refusal has a JSON object as its body.');
    },
  },
];

const errorMembers = ['code', 'description', 'data', 'source', 'statusCode', 'message'];
const isSpelledLike = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function expectCamelCase({ json }: ProbeResponse): void {
  const [first, ...more] = findMiscasedNames(json);
  if (first === undefined) return;
  const name = first.split('/').at(-1)!;
  throw new Failure(`Not in camelCase: ${[first, ...more].join(', ')}.`, {
    expected: name.charAt(0).toLowerCase() + name.slice(1),
    actual: name,
  });
}
