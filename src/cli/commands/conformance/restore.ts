import type { Command } from 'commander';
import type { KeptSnapshot } from '../../files/snapshots.ts';
import { type Io, UsageError } from '../../io.ts';
import { addHelpEnd } from '../../help.ts';
import { given, shared } from '../../options.ts';
import type { RunCommandOptions } from './run.ts';

export interface RestoreOptions extends Pick<RunCommandOptions, 'baseUrl' | 'customer' | 'tokenFile' | 'showBodies' | 'stateDir'> {
  force?: boolean;
  discard?: boolean;
}

export function define(command: Command): void {
  command
    .optionsGroup('Which profile:')
    .option('--base-url <url>', 'server of the run (default: that of the only snapshot)')
    .option('--customer <id>', 'customer of the run (default: that of the only snapshot)')
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
  const { fileSnapshots, stateDirOf } = await import('../../files/snapshots.ts');
  const folder = stateDirOf(options.stateDir, io);
  const leftover = await onlyLeftover(folder, options, io);
  if (leftover === undefined) return 0;
  const { place, baseUrl, customerId, takenAt } = leftover;
  const snapshots = fileSnapshots(folder);
  io.out(`Snapshot  ${place}\nTarget    ${baseUrl}\nCustomer  ${customerId}\nTaken     ${takenAt}\n\n`);
  const { discardLeftover, restoreLeftoverOn } = await import('../../../conformance/restore/leftover.ts');
  if (options.discard) {
    await discardLeftover({ baseUrl, customerId }, { snapshots });
    io.out('The snapshot is gone. The profile was not touched.\n');
    return 0;
  }
  const { resolveService } = await import('../../target.ts');
  const { checkTarget } = await import('../../../conformance/target.ts');
  const target = checkTarget({ ...(await resolveService(baseUrl, options, io)), customerId });
  const { isLeftChanged } = await import('../../../suite/exit-code.ts');
  const restoration = await restoreLeftoverOn(target, { snapshots, ...given({ force: options.force, showBodies: options.showBodies }) });
  if (isLeftChanged(restoration)) {
    const { formatRestoration } = await import('../../print/target.ts');
    io.err(`${formatRestoration(restoration, target)}\n`);
    return 2;
  }
  // What is not left changed has one of the good ends.
  io.out(`${goodEnds[(restoration?.state ?? 'gone') as keyof typeof goodEnds]}\n`);
  return 0;
}

/** The one snapshot that the options name. Errors: `UsageError` when there are several. */
async function onlyLeftover(folder: string, { baseUrl, customer }: RestoreOptions, io: Io): Promise<KeptSnapshot | undefined> {
  const { leftoversIn } = await import('../../files/snapshots.ts');
  const { resolveBaseUrl } = await import('../../../contract/base-url.ts');
  const url = baseUrl === undefined ? undefined : resolveBaseUrl(baseUrl).url;
  const all = await leftoversIn(folder);
  const wanted = all
    .filter((snapshot) => url === undefined || snapshot.baseUrl === url)
    .filter((snapshot) => customer === undefined || snapshot.customerId.toLowerCase() === customer.toLowerCase());
  if (wanted.length > 1) {
    const list = wanted.map((snapshot) => `  --base-url ${snapshot.baseUrl} --customer ${snapshot.customerId}   of ${snapshot.takenAt}`);
    throw new UsageError(`There are several snapshots. Say which:\n${list.join('\n')}`);
  }
  if (wanted.length === 0) io.out(`There is nothing to put back: no snapshot in ${folder}${all.length > 0 ? ' fits' : ''}.\n`);
  return wanted[0];
}

/** What is said when the profile is as before the run. A snapshot may be `gone` when its turn comes. */
const goodEnds = {
  gone: 'Another process has put it back in the meantime.',
  restored: 'The profile is as it was before the run.',
  'not-needed': 'The profile was already as before the run.',
};
