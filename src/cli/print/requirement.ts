import type { ServerRequirement } from '../../conformance/requirement.ts';
import { type Fault, faults as allFaults } from '../../mock/faults/promises.ts';
import type { Layout } from './terminal.ts';
import { wrapped } from './wrap.ts';

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
export function formatExplanation(requirement: Explained, { columns, paint }: Layout): string {
  const { id, level, needs, faults } = requirement;
  const levels = {
    must: 'a failure makes the run fail',
    should: 'a failure makes the run fail with --strict only',
    observe: 'an open question; it never fails',
  };
  const asked = requirement.touchesMore ? '; changes more than first and last name, so that off this machine it needs --all-members' : '';
  const broken = faults.map(({ name, does }) => `${does} (mock --fault ${name})`);
  const fields: [string, readonly string[]][] = [
    ['Rule', [requirement.rule]],
    ['Level', [`${level}: ${levels[level]}`]],
    ['Mode', [`${requirement.mode}${asked}`]],
    ['Since', [requirement.since]],
    ['Why it matters', [requirement.rationale]],
    ['How it is tested', [requirement.procedure]],
    ['Needs', needs.length === 0 ? ['nothing'] : needs],
    ['Source', requirement.sources],
    ['How services break it', faults.length === 0 ? ['They cannot: the documents leave it open.'] : broken],
    ['How to repair it', [requirement.remedy]],
  ];
  const lines = fields.flatMap(([name, parts]) => [
    '',
    paint.bold(name),
    ...parts.flatMap((part) => wrapped(part, columns - 2).map((line) => `  ${line}`)),
  ]);
  return [paint.bold(id), ...lines].join('\n');
}
