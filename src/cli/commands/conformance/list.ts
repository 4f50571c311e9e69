import type { Command } from 'commander';
import type { Io } from '../../io.ts';

export function define(command: Command): void {
  command.option('--json', 'print all that is known of them as JSON');
}

/** Prints every requirement, a line each, or all that is known of them as JSON. */
export async function run(_: [], { json }: { json?: boolean }, io: Io): Promise<number> {
  const { requirements } = await import('../../../conformance/requirements/index.ts');
  const { explained, formatList } = await import('../../print/requirement.ts');
  const all = requirements.map(explained);
  io.out(`${json ? JSON.stringify(all, null, 2) : formatList(all)}\n`);
  return 0;
}
