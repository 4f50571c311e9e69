import type { Command } from 'commander';
import type { ServerRequirement } from '../../../conformance/requirement.ts';
import { addHelpEnd, exitCodes } from '../../help.ts';
import { type Io, UsageError } from '../../io.ts';
import { layoutOf } from '../../print/terminal.ts';

export function define(command: Command): void {
  command.argument('<id>', 'a requirement, a topic such as race, or a pattern such as "etag.*"');
  addHelpEnd(command, {
    examples: [
      ['pc-billing conformance explain etag.refuses-stale-write', 'explain one requirement'],
      ['pc-billing conformance explain race', 'explain every requirement of a topic'],
    ],
    exitCodes: [exitCodes.ok, ['2', 'no such requirement']],
  });
}

/** Prints all that is known of one requirement, or of those that fit a pattern. Errors: `UsageError` when there is none. */
export async function run([id]: [string], _: object, io: Io): Promise<number> {
  const { explained, formatExplanation } = await import('../../print/requirement.ts');
  const chosen = await requirementsFor(id.toLowerCase());
  const layout = layoutOf(io);
  io.out(`${chosen.map((one) => formatExplanation(explained(one), layout)).join('\n\n\n')}\n`);
  return 0;
}

async function requirementsFor(id: string): Promise<ServerRequirement[]> {
  const { requirements } = await import('../../../conformance/requirements/index.ts');
  const { selectRequirements } = await import('../../../suite/selection.ts');
  try {
    return selectRequirements(requirements, id);
  } catch (error) {
    const { message } = error as TypeError;
    const next = id.startsWith('client.')
      ? '`pc-billing score` tests the requirements of clients; this command explains those of servers.'
      : '`pc-billing conformance list` prints all of them.';
    throw new UsageError(`${message}\n${next}`);
  }
}
