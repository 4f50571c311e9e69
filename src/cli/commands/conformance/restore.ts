import type { Command } from 'commander';
import { type Io, UsageError } from '../../io.ts';
import { addHelpEnd } from '../../help.ts';
import { shared } from '../../options.ts';
import type { RunCommandOptions } from './run.ts';

export interface RestoreOptions extends Pick<RunCommandOptions, 'baseUrl' | 'customer' | 'tokenFile' | 'showBodies' | 'stateDir'> {
  force?: boolean;
  discard?: boolean;
  file?: string;
}

export function define(command: Command): void {
  command
    .optionsGroup('Which profile:')
    .option('--base-url <url>', 'server of the run (default: that of the only snapshot; needed when a token of yours is set)')
    .option('--customer <id>', 'customer of the run (default: that of the only snapshot)')
    .option('--file <name>', 'file of the snapshot, for one that is damaged or renamed (default: none)')
    .option(...shared.tokenFile)
    .option(...shared.stateDir)
    .optionsGroup('What to do:')
    .option('--force', 'overwrite what another writer has changed since')
    .option('--discard', 'forget the snapshot and leave the profile as it is; nothing is sent')
    .option(...shared.showBodies);
  addHelpEnd(command, {
    examples: [
      ['pc-billing conformance restore', 'put back the profile of the only snapshot'],
      ['pc-billing conformance restore --discard', 'leave the profile as it is, so that the next run can start'],
    ],
    exitCodes: [
      ['0', 'the profile is as it was before the run, or there is no snapshot'],
      ['2', 'the profile was not put back; the output says what to do'],
    ],
  });
}

/** Puts back what a run has left changed: 0 when it is, or was, as before; 2 when it is not. */
export async function run(_: [], options: RestoreOptions, io: Io): Promise<number> {
  if (options.force && options.discard) throw new UsageError('--force writes the snapshot, --discard forgets it. Give one of them.');
  const { restoreCommand } = await import('../../actions/restore.ts');
  return restoreCommand(options, io);
}
