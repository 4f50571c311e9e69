import type { Command } from 'commander';
import { addHelpEnd, exitCodes } from '../../help.ts';
import type { Io } from '../../io.ts';

export function define(command: Command): void {
  command.option('--json', 'print everything about them as JSON (default: id, level, mode and rule)');
  addHelpEnd(command, {
    examples: [
      ['pc-billing conformance list', 'print every requirement'],
      ['pc-billing conformance list --json', 'print everything about each, for a program'],
    ],
    exitCodes: [exitCodes.ok],
  });
}

/** Prints every requirement, a line each, or all that is known of them as JSON. */
export async function run(_: [], { json }: { json?: boolean }, io: Io): Promise<number> {
  const { requirements } = await import('../../../conformance/requirements/index.ts');
  const { explained, formatList } = await import('../../print/requirement.ts');
  const all = requirements.map(explained);
  io.out(`${json ? JSON.stringify(all, null, 2) : formatList(all)}\n`);
  return 0;
}
