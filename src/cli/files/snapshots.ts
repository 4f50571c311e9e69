import { lstat, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { SnapshotStore } from '../../conformance/restore/snapshot.ts';
import { TargetError } from '../../conformance/target.ts';
import { asUsageError, type Io } from '../io.ts';
import { lock, sweepLocks } from './lock.ts';
import { readSnapshotFile, type SnapshotContent, snapshotNameOf } from './snapshot-file.ts';
import { FileLog, makeFolder, removeSnapshot, unfinished } from './snapshot-log.ts';
import { isNot } from './system-errors.ts';

/** Where snapshots are kept: the option, PC_BILLING_STATE_DIR, or a folder below $XDG_STATE_HOME. */
export function stateDirOf(option: string | undefined, { env }: Pick<Io, 'env'>): string {
  return option ?? (env.PC_BILLING_STATE_DIR || join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'pc-billing'));
}

/**
 * Keeps each snapshot in a file of its own, each line on the disk before it is sent. It is the one file of this program with personal
 * data: the folder is 0700, the files are 0600.
 */
export function fileSnapshots(folder: string): SnapshotStore {
  return {
    async open(baseUrl, customerId) {
      await makeFolder(folder);
      const place = join(folder, snapshotNameOf(baseUrl, customerId));
      const close = await lockSnapshot(place);
      try {
        return new FileLog(place, await readSnapshotFile(place), close);
      } catch (error) {
        await close();
        throw error;
      }
    },
  };
}

/** The same, for putting a profile back: a folder that can be read but not written is enough for that. */
export function readableSnapshots(folder: string): SnapshotStore {
  return {
    open: (baseUrl, customerId) =>
      fileSnapshots(folder)
        .open(baseUrl, customerId)
        .catch(async (error: unknown) => {
          const place = join(folder, snapshotNameOf(baseUrl, customerId));
          const content = await readSnapshotFile(place);
          if (error instanceof TargetError || content.leftover === undefined) throw error;
          return new FileLog(place, content, () => Promise.resolve());
        }),
  };
}

/** Takes the lock of a snapshot, and removes what a process that was killed at an awkward moment has left beside it. */
async function lockSnapshot(place: string): Promise<() => Promise<void>> {
  const close = await lock(`${place}.lock`);
  try {
    await sweepLocks(`${place}.lock`);
    const folder = join(place, '..');
    const isOurs = (name: string): boolean => name.startsWith(`${basename(place)}.`) && name.endsWith(unfinished);
    for (const name of (await readdir(folder)).filter(isOurs)) await rm(join(folder, name), { force: true });
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

/** Removes the locks that processes which were killed have left without a snapshot. */
export async function sweepFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names.filter((one) => one.endsWith('.jsonl.lock'))) {
    // A lock that is held stays.
    await lock(join(folder, name)).then(
      (release) => release(),
      () => {},
    );
  }
}

/** A snapshot, or what should be one, and the file that it is in. */
export type KeptSnapshot = Omit<SnapshotContent, 'soundBytes'> & { place: string };

/** What lies in a folder under the name of a snapshot. Errors: `UsageError` when the folder cannot be read. */
export async function snapshotsIn(folder: string): Promise<KeptSnapshot[]> {
  const unreadable = asUsageError(`The state folder ${folder} of --state-dir cannot be read`);
  const names = (await readdir(folder).catch(isNot('ENOENT')).catch(unreadable)) || [];
  const places = names.filter((name) => name.endsWith('.jsonl')).map((name) => join(folder, name));
  return Promise.all(places.toSorted().map(async (place) => ({ place, ...(await readSnapshotFile(place)) })));
}

/** Forgets a snapshot, whatever is in the file, and looks that it is gone. Errors: `UsageError`; `TargetError` while a run holds it. */
export async function discardSnapshot(place: string): Promise<void> {
  const close = await lockSnapshot(place).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof TargetError) throw error;
    return asUsageError(`${place} cannot be removed`)(error);
  });
  try {
    await removeSnapshot(place).catch(asUsageError(`${place} cannot be removed`));
    if ((await lstat(place).catch(isNot('ENOENT'))) !== false) throw new Error(`${place} is still there.`);
  } finally {
    await close();
  }
}
