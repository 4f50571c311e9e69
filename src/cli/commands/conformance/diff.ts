import type { Command } from 'commander';
import { addHelpEnd } from '../../help.ts';
import type { Comparable } from '../../../report/diff.ts';
import { asUsageError, type Io, UsageError } from '../../io.ts';
import { layoutOf } from '../../print/terminal.ts';

export function define(command: Command): void {
  command
    .argument('<old>', 'report (--json) or fingerprint of the earlier run')
    .argument('<new>', 'that of the later run')
    .option('--markdown <file>', 'write it as Markdown too, for the summary of a CI job');
  addHelpEnd(command, {
    examples: [
      ['pc-billing conformance diff before.json after.json', 'compare two runs'],
      ['pc-billing conformance diff fingerprint.json report.json', 'see whether the behaviour is still that of a fingerprint'],
    ],
    exitCodes: [
      ['0', 'nothing that a client may rely on got worse'],
      ['1', 'a requirement that passed does not, or a behaviour changed'],
      ['2', 'wrong arguments, or a file that cannot be compared'],
    ],
  });
}

/** Compares two reports, or fingerprints: 1 when something that a client may rely on is no longer so. */
export async function run([before, now]: [string, string], { markdown }: { markdown?: string }, io: Io): Promise<number> {
  const { readComparable } = await import('../../files/json-files.ts');
  const { differenceBetween, exitCodeOfDifference, formatDifferenceMarkdown } = await import('../../../report/diff.ts');
  const { formatDifference } = await import('../../print/difference.ts');
  const { writeFile } = await import('node:fs/promises');
  const [old, current] = [await readComparable(before), await readComparable(now)];
  if (isOfClient(old) !== isOfClient(current)) {
    const [client, other] = isOfClient(old) ? [old, current] : [current, old];
    throw new UsageError(`${client.name} is the report of a client, and ${other.name} is of a server: they have nothing to compare.`);
  }
  const difference = differenceBetween(old, current);
  io.out(`${formatDifference(difference, old, current, layoutOf(io))}\n`);
  if (markdown !== undefined) {
    const text = formatDifferenceMarkdown(difference, old, current);
    await writeFile(markdown, io.clean(text)).catch(asUsageError(`The markdown report ${markdown} cannot be written`));
  }
  return exitCodeOfDifference(difference);
}

const isOfClient = ({ subject }: Comparable): boolean => subject?.kind === 'client';
