import { requirements } from '../conformance/requirements/index.ts';
import { selectRequirements } from '../conformance/selection.ts';
import type { Requirement } from '../conformance/types.ts';
import { type Fault, faults } from '../mock/faults/promises.ts';
import { type Explained, formatExplanation, formatList } from '../report/requirement.ts';
import type { Io } from './io.ts';

/** Prints every requirement, a line each, or all that is known of them as JSON. */
export function listCommand({ json }: { json?: boolean }, io: Io): number {
  const all = requirements.map(explained);
  io.out(`${json ? JSON.stringify(all, null, 2) : formatList(all)}\n`);
  return 0;
}

/** Prints all that is known of one requirement, or of those that fit a pattern. Errors: `TypeError` when there is none. */
export function explainCommand(id: string, io: Io): number {
  io.out(`${chosen(id).map(explained).map(formatExplanation).join('\n\n\n')}\n`);
  return 0;
}

function chosen(id: string): Requirement[] {
  try {
    return selectRequirements(requirements, id);
  } catch {
    if (id.startsWith('client.'))
      throw new TypeError(
        `"${id}" is not one of servers. The requirements of clients are in docs/scoring-your-client.md, and \`pc-billing score\` tests them.`,
      );
    const [topic = '', aim = ''] = id.split('.');
    const near = requirements
      .filter((one) => one.id.startsWith(`${topic}.`) || (aim !== '' && one.id.includes(aim)))
      .map((one) => `  ${one.id}`);
    throw new TypeError(
      `There is no requirement "${id}". ${near.length > 0 ? `Did you mean one of these?\n${near.join('\n')}` : '`pc-billing conformance list` shows those that there are.'}`,
    );
  }
}

function explained(given: Requirement): Explained {
  const { check: _, ...requirement } = given;
  const breaking = Object.entries<Fault>(faults).filter(([, { fails }]) => fails.includes(requirement.id));
  return { ...requirement, faults: breaking.map(([name, { does }]) => ({ name, does })) };
}
