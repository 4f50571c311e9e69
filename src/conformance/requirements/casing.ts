import { findMiscasedNames } from '../../contract/casing.ts';
import { isJsonObject } from '../../contract/json.ts';
import { Failure, Untestable } from '../outcome.ts';
import { writeChange } from '../profile-probe.ts';
import { refusals } from '../refusal-probes.ts';
import { sources } from '../sources.ts';
import type { ProbeAnswer, Requirement } from '../types.ts';

export const casingRequirements: readonly Requirement[] = [
  {
    id: 'casing.answers-camel-case',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A profile that was read has its members in camelCase, at every depth.',
    advice: 'Set the naming policy of the serializer for answers to camelCase, nested objects included.',
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
    rule: 'The answer to a PUT has its members in camelCase although the request had them in PascalCase.',
    advice: 'Answer the stored profile through the serializer of GET instead of sending the request back.',
    sources: [sources.updateResponse],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      expectCamelCase((await writeChange(probe)).answer);
    },
  },
  {
    id: 'casing.answers-errors-in-camel-case',
    level: 'must',
    mode: 'read',
    since: '0.2.0',
    rule: 'The body of a refusal has its members in camelCase.',
    advice: 'Use the naming policy of the profiles for error bodies too.',
    sources: [sources.errorCodes, sources.throttling],
    needs: ['error.answers-documented-shape'],
    async check(probe) {
      let seen = 0;
      for await (const { what, answer } of refusals(probe)) {
        if (!isJsonObject(answer.json)) continue; // that it is an object has a requirement of its own
        seen += 1;
        const miscased = Object.keys(answer.json).find((name) =>
          errorMembers.some((known) => known !== name && isSpelledLike(known, name)),
        );
        if (miscased === undefined) continue;
        const expected = errorMembers.find((known) => isSpelledLike(known, miscased))!;
        throw new Failure(`The body of the refusal of ${what} has the member ${miscased}.`, { expected, came: miscased });
      }
      if (seen === 0) throw new Untestable('No refusal has a JSON object as its body.');
    },
  },
];

const errorMembers = ['code', 'description', 'data', 'source', 'statusCode', 'message'];
const isSpelledLike = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function expectCamelCase({ json }: ProbeAnswer): void {
  const [first, ...more] = findMiscasedNames(json);
  if (first === undefined) return;
  const name = first.split('/').at(-1)!;
  throw new Failure(`Not in camelCase: ${[first, ...more].join(', ')}.`, {
    expected: name.charAt(0).toLowerCase() + name.slice(1),
    came: name,
  });
}
