import type { Command } from 'commander';
import { asUsageError, type Io } from '../../io.ts';

export function define(command: Command): void {
  command
    .argument('<old>', 'file of the earlier run')
    .argument('<new>', 'file of the later run')
    .option('--markdown <file>', 'write it as Markdown too, for the summary of a CI job');
}

/** Compares two reports, or fingerprints: 1 when something that a client may rely on is no longer so. */
export async function run([before, now]: [string, string], { markdown }: { markdown?: string }, io: Io): Promise<number> {
  const { readComparable } = await import('../../files/json-files.ts');
  const { differenceBetween, exitCodeOfDifference, formatDifferenceMarkdown } = await import('../../../report/diff.ts');
  const { formatDifference } = await import('../../print/difference.ts');
  const { writeFile } = await import('node:fs/promises');
  const [old, current] = [await readComparable(before), await readComparable(now)];
  const difference = differenceBetween(old, current);
  io.out(`${formatDifference(difference, old, current)}\n`);
  if (markdown !== undefined) {
    const text = formatDifferenceMarkdown(difference, old, current);
    await writeFile(markdown, text).catch(asUsageError(`The markdown report ${markdown} cannot be written`));
  }
  return exitCodeOfDifference(difference);
}
