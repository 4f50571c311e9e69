import { findMiscasedNames, fromWire } from '../../contract/casing.ts';
import { firstPutProblem, needsWrite, type Problem } from '../finding.ts';
import { knownOf, profilesBefore, unknownOf, valuesOf } from '../observed-requests.ts';
import type { ClientRequirement } from '../requirement.ts';
import { scenarioNames } from '../scenarios.ts';
import { sources } from '../../suite/sources.ts';

export const bodyRequirements: readonly ClientRequirement[] = [
  {
    id: 'client.sends-full-resource',
    level: 'must',
    since: '0.1.0',
    rule: 'Every PUT carries each member of the profile that was read, unchanged except for the company name.',
    remedy: 'Change one member of the object that was read and send that object; do not build a new one from the members that you know.',
    rationale: 'A member that is left out is cleared, and an invoice goes out without a street.',
    sources: [sources.updateBody],
    needs: needsWrite,
    scenarios: scenarioNames,
    judge: (runs) =>
      firstPutProblem(runs, (put, run) => {
        const differences = profilesBefore(run, put).map((read) =>
          differenceBetween(valuesOf(knownOf(read)), valuesOf(knownOf(fromWire(put.body)))),
        );
        if (differences.length === 0)
          return { reason: 'a PUT was sent before the profile was read.', difference: { expected: 'a GET first', actual: 'PUT' } };
        // Whether what was read is out of date is another question.
        if (differences.includes(undefined)) return undefined;
        return differences.at(-1);
      }),
  },
  {
    id: 'client.keeps-unknown-members',
    level: 'should',
    since: '0.1.0',
    rule: 'A PUT carries members that no document names as they were read.',
    remedy: 'Keep what your types do not know: @JsonAnySetter in Java, [JsonExtensionData] in C#, a plain dict or object elsewhere.',
    rationale: 'When the service gains a member, a client that drops it clears it for every customer it touches.',
    sources: [sources.updateBody],
    needs: ['client.sends-full-resource'],
    scenarios: ['unknown-members'],
    judge: (runs) =>
      firstPutProblem(runs, (put, run) => {
        const read = profilesBefore(run, put).at(-1);
        return differenceBetween(valuesOf(unknownOf(read)), valuesOf(unknownOf(fromWire(put.body))));
      }),
  },
  {
    id: 'client.uses-one-letter-case',
    level: 'must',
    since: '0.1.0',
    rule: 'The names in a PUT are all in PascalCase or all in camelCase.',
    remedy: 'Set the member under the name that was read, or turn all names into PascalCase; never add a second spelling.',
    rationale: 'When one body has companyName and CompanyName, the service takes either, perhaps the old value.',
    sources: [sources.updateBody, sources.jsonObjects],
    needs: needsWrite,
    scenarios: scenarioNames,
    judge: (runs) =>
      firstPutProblem(runs, ({ body }) => {
        const [pascal, camel] = [findMiscasedNames(body, 'PascalCase'), findMiscasedNames(body)];
        if (pascal.length === 0 || camel.length === 0) return undefined;
        return {
          reason: 'a PUT mixes both letter cases.',
          difference: { expected: 'one letter case', actual: `${pascal[0]} beside ${camel[0]}` },
        };
      }),
  },
];

/** The first member that was read and not sent so; the company name may be another. */
function differenceBetween(read: Record<string, string>, sent: Record<string, string>): Problem | undefined {
  const lost = Object.entries(read).find(([member, value]) => member !== 'companyName' && sent[member] !== value);
  if (lost === undefined) return undefined;
  const [member, value] = lost;
  return {
    reason: `a PUT does not carry ${member} as it was read.`,
    difference: { expected: `${member}: ${value}`, actual: `${member}: ${sent[member] ?? 'absent'}` },
  };
}
