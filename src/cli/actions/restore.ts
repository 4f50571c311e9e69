import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { resolveBaseUrl } from '../../contract/base-url.ts';
import { restoreLeftoverOn } from '../../conformance/restore/leftover.ts';
import type { Snapshot } from '../../conformance/restore/snapshot.ts';
import { checkTarget } from '../../conformance/target.ts';
import { isLeftChanged } from '../../suite/exit-code.ts';
import type { RestoreOptions } from '../commands/conformance/restore.ts';
import { hostWordOf, serverOf } from '../files/snapshot-file.ts';
import { discardSnapshot, type KeptSnapshot, readableSnapshots, snapshotsIn, stateDirOf, sweepFolder } from '../files/snapshots.ts';
import { type Io, UsageError } from '../io.ts';
import { given } from '../options.ts';
import { formatNotRemoved, formatRestoration, waysOut } from '../print/restoration.ts';
import { waitWords } from '../print/wait.ts';
import { commandLine, flagWords, programWords } from '../report-context.ts';
import { resolveService } from '../target.ts';

/** Puts back what a run has left changed, or forgets it. */
export async function restoreCommand(options: RestoreOptions, io: Io): Promise<number> {
  const folder = stateDirOf(options.stateDir, io);
  if (options.stateDir !== undefined && !existsSync(folder)) throw new UsageError(`There is no folder ${folder}. Check --state-dir.`);
  const chosen = await chooseSnapshot(folder, options, io);
  if (chosen === undefined) {
    await sweepFolder(folder);
    return 0;
  }
  const { place, leftover, damage } = chosen;
  io.out(`Snapshot  ${place}\n${leftover === undefined ? '' : aboutSnapshot(leftover.snapshot)}\n`);
  if (options.discard) {
    await discardSnapshot(place);
    io.out('The snapshot is gone. The profile was not touched.\n');
    return 0;
  }
  if (leftover === undefined) throw new UsageError(`${place} is damaged: ${damage}. ${howToDiscard(chosen, folder)}`);
  return putBack(leftover.snapshot, place, folder, options, io);
}

const aboutSnapshot = ({ baseUrl, customerId, takenAt }: Snapshot): string =>
  `Target    ${baseUrl}\nCustomer  ${customerId}\nTaken     ${takenAt}\n`;

async function putBack({ baseUrl, customerId }: Snapshot, place: string, folder: string, options: RestoreOptions, io: Io): Promise<number> {
  expectNamed(baseUrl, customerId, folder, options, io);
  const program = commandLine(...programWords(io.env));
  const target = { ...checkTarget({ ...(await resolveService(baseUrl, options, io)), customerId }), program };
  const stop = io.stopSignal(() => `${['Ended before the profile was put back.', ...waysOut(place, target)].join('\n')}\n`);
  stop.addEventListener('abort', () => io.err('\nThe profile is being put back. A second signal ends at once.\n'));
  const { force, showBodies } = options;
  const restoration = await restoreLeftoverOn(target, {
    snapshots: readableSnapshots(folder),
    ...given({ force, showBodies, sleep: io.sleep }),
    onWait: (ms, why) => io.progress?.(waitWords(ms, why)),
  });
  io.progress?.('');
  if (restoration === undefined) {
    throw new UsageError(`${place} is gone: another process has put the profile back, or has discarded the snapshot. Nothing was sent.`);
  }
  if (isLeftChanged(restoration)) {
    // What had no answer may work another time; what was refused or not taken will not.
    const tried = restoration.versions === undefined ? {} : ({ tried: force ? 'force' : 'restore' } as const);
    io.err(`${formatRestoration(restoration, { ...target, ...tried })}\n`);
    return 2;
  }
  const was = restoration.state === 'restored' ? 'The profile is as it was before the run.' : 'The profile was already as before the run.';
  io.out(`${was}\n`);
  const note = formatNotRemoved(restoration);
  if (note !== undefined) io.err(note);
  return 0;
}

/** Errors: `UsageError` when a token of the user's would go to a server that only the snapshot names: who wrote the file chose it. */
function expectNamed(
  baseUrl: string,
  customerId: string,
  folder: string,
  { baseUrl: named, tokenFile }: RestoreOptions,
  { env }: Io,
): void {
  if (named !== undefined || (tokenFile === undefined && !env.PARTNER_CENTER_TOKEN)) return;
  const flags = { '--base-url': baseUrl, '--customer': customerId, '--state-dir': folder, '--token-file': tokenFile };
  const command = commandLine(...programWords(env), 'conformance', 'restore', ...flagWords(flags));
  throw new UsageError(
    `Your token would be sent to ${baseUrl}, which only the snapshot names. Nothing was sent. If it is right, name it:\n  ${command}`,
  );
}

/** The one snapshot that the options name; undefined when there is none. Errors: `UsageError` when there are several. */
async function chooseSnapshot(folder: string, { file, baseUrl, customer }: RestoreOptions, io: Io): Promise<KeptSnapshot | undefined> {
  const url = baseUrl === undefined ? undefined : serverOf(resolveBaseUrl(baseUrl).url);
  const id = customer?.toLowerCase();
  const all = await snapshotsIn(folder);
  const wanted = all.filter(({ place, leftover }) => {
    const name = basename(place);
    if (file !== undefined && basename(file) !== name) return false;
    if (leftover === undefined)
      return (url === undefined || name.startsWith(`${hostWordOf(url)}-`)) && (id === undefined || name.includes(id));
    const { snapshot } = leftover;
    return (url === undefined || serverOf(snapshot.baseUrl) === url) && (id === undefined || snapshot.customerId.toLowerCase() === id);
  });
  const sound = wanted.filter(({ leftover }) => leftover !== undefined);
  const damaged = wanted.filter(({ leftover }) => leftover === undefined);
  if (sound.length > 1) throw severalSnapshots(sound);
  const chosen = sound[0] ?? damaged[0];
  if (sound.length === 0 && damaged.length > 1) {
    throw new UsageError(`There are several snapshots, and all are damaged:\n${damaged.map((one) => aboutDamage(one, folder)).join('\n')}`);
  }
  // A damaged file hinders no other customer, but the user has to hear of it.
  for (const one of all) if (one.damage !== undefined && one !== chosen) io.err(`Note: ${aboutDamage(one, folder)}\n`);
  if (chosen !== undefined || all.length === 0) {
    if (chosen === undefined) io.out(`There is nothing to put back: no snapshot in ${folder}.\n`);
    return chosen;
  }
  throw new UsageError(`No snapshot in ${folder} fits. There ${all.length === 1 ? 'is' : 'are'}:\n${listOf(all).join('\n')}`);
}

const aboutDamage = (one: KeptSnapshot, folder: string): string => `${one.place} is damaged: ${one.damage}. ${howToDiscard(one, folder)}`;

const howToDiscard = ({ place }: KeptSnapshot, folder: string): string =>
  `To discard it: ${commandLine('pc-billing', 'conformance', 'restore', '--state-dir', folder, '--file', basename(place), '--discard')}`;

const severalSnapshots = (sound: readonly KeptSnapshot[]): UsageError =>
  new UsageError(`There are several snapshots. Say which:\n${listOf(sound).join('\n')}`);

/** Snapshots, each by the options that name it. */
const listOf = (snapshots: readonly KeptSnapshot[]): string[] =>
  snapshots.map(({ leftover, place }) => {
    if (leftover === undefined) return `  --file ${basename(place)}   damaged`;
    const { baseUrl, customerId, takenAt } = leftover.snapshot;
    return `  --base-url ${baseUrl} --customer ${customerId}   of ${takenAt}`;
  });
