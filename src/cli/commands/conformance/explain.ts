import type { Command } from 'commander';
import type { ServerRequirement } from '../../../conformance/requirement.ts';
import { type Io, UsageError } from '../../io.ts';

export function define(command: Command): void {
  command.argument('<id>', 'the requirement, or a pattern such as "etag.*"');
}

/** Prints all that is known of one requirement, or of those that fit a pattern. Errors: `UsageError` when there is none. */
export async function run([id]: [string], _: object, io: Io): Promise<number> {
  const { explained, formatExplanation } = await import('../../print/requirement.ts');
  const chosen = await requirementsFor(id);
  io.out(`${chosen.map(explained).map(formatExplanation).join('\n\n\n')}\n`);
  return 0;
}

async function requirementsFor(id: string): Promise<ServerRequirement[]> {
  const { requirements } = await import('../../../conformance/requirements/index.ts');
  const { selectRequirements } = await import('../../../suite/selection.ts');
  try {
    return selectRequirements(requirements, id);
  } catch {
    const ofClients = 'The requirements of clients are in docs/reference/client-requirements.md, and `pc-billing score` tests them.';
    if (id.startsWith('client.')) throw new UsageError(`"${id}" is not one of servers. ${ofClients}`);
    const [topic = '', aim = ''] = id.split('.');
    const near = requirements.filter((one) => one.id.startsWith(`${topic}.`) || (aim !== '' && one.id.includes(aim)));
    const list = ['Did you mean one of these?', ...near.map((one) => `  ${one.id}`)].join('\n');
    const next = near.length > 0 ? list : '`pc-billing conformance list` shows those that there are.';
    throw new UsageError(`There is no requirement "${id}". ${next}`);
  }
}
