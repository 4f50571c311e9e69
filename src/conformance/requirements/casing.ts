import { findMiscasedNames } from '../../contract/casing.ts';
import { Failure } from '../outcome.ts';
import { writeNames } from '../profile-probe.ts';
import { sources } from '../sources.ts';
import type { ProbeAnswer, Requirement } from '../types.ts';

export const casingRequirements: readonly Requirement[] = [
  {
    id: 'casing.answers-camel-case',
    level: 'must',
    mode: 'read',
    rule: 'A profile that was read has its members in camelCase, at every depth.',
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
    rule: 'The answer to a PUT has its members in camelCase although the request had them in PascalCase.',
    sources: [sources.updateResponse],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      expectCamelCase((await writeNames(probe)).answer);
    },
  },
];

function expectCamelCase({ json }: ProbeAnswer): void {
  const miscased = findMiscasedNames(json);
  if (miscased.length > 0) throw new Failure(`Not in camelCase: ${miscased.join(', ')}.`);
}
