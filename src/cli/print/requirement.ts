import type { ServerRequirement } from '../../conformance/requirement.ts';
import { type Fault, faults as allFaults } from '../../mock/faults/promises.ts';

/** What is told of a requirement outside of a run: with the ways in which services break it, each a fault of the mock. */
export function explained(given: ServerRequirement) {
  const { check: _, ...requirement } = given;
  const breaking = Object.entries<Fault>(allFaults).filter(([, { fails }]) => fails.includes(requirement.id));
  return { ...requirement, faults: breaking.map(([name, { does }]) => ({ name, does })) };
}

export type Explained = ReturnType<typeof explained>;

/** One line for each requirement: id, level, mode, rule. */
export function formatList(requirements: readonly Explained[]): string {
  const width = Math.max(...requirements.map(({ id }) => id.length));
  return requirements.map(({ id, level, mode, rule }) => `${id.padEnd(width)}  ${level.padEnd(7)}  ${mode.padEnd(5)}  ${rule}`).join('\n');
}

/** Everything about one requirement. */
export function formatExplanation(requirement: Explained): string {
  const { id, level, needs, faults } = requirement;
  const levels = { must: 'fails the run', should: 'fails it with --strict', observe: 'never fails it' };
  const asked = requirement.touchesMore ? '; changes more than first and last name, so that off this machine it needs --all-members' : '';
  const broken = faults.map(({ name, does }) => `${does} (mock --fault ${name})`);
  const fields: [string, readonly string[]][] = [
    ['Rule', [requirement.rule]],
    ['Level', [`${level}: ${levels[level]}`]],
    ['Mode', [`${requirement.mode}${asked}`]],
    ['Since', [requirement.since]],
    ['Why it matters', [requirement.rationale]],
    ['How it is tested', [requirement.procedure]],
    ['Stands on', needs.length === 0 ? ['nothing'] : needs],
    ['Source', requirement.sources],
    ['How services get it wrong', faults.length === 0 ? ['Nothing is wrong: the documents leave it open.'] : broken],
    ['How to mend it', [requirement.remedy]],
  ];
  return [id, ...fields.map(([name, lines]) => `\n${name}\n${lines.map((line) => `  ${line}`).join('\n')}`)].join('\n');
}
