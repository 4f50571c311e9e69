import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { TargetError } from '../../conformance/target.ts';
import type { Leftover, Snapshot, SnapshotStore } from '../../conformance/restore/snapshot.ts';
import { asUsageError, type Io, UsageError } from '../io.ts';

/** Where snapshots are kept: the option, PC_BILLING_STATE_DIR, or a folder below $XDG_STATE_HOME. */
export function stateDirOf(option: string | undefined, { env }: Io): string {
  return option ?? (env.PC_BILLING_STATE_DIR || join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'pc-billing'));
}

/**
 * Keeps each snapshot in a file of its own: the snapshot on the first line, then a line for each write, each on the disk before it is
 * sent. It is the one file of this program with personal data: the folder is 0700, the files are 0600.
 */
export function fileSnapshots(folder: string): SnapshotStore {
  return {
    async open(baseUrl, customerId) {
      await makeFolder(folder);
      const place = join(folder, `${nameOf(baseUrl, customerId)}.jsonl`);
      const close = await lock(`${place}.lock`);
      const write = (flag: 'w' | 'a', value: unknown): Promise<void> =>
        writeFile(place, `${JSON.stringify(value)}\n`, { flag, mode: 0o600, flush: true });
      return {
        place,
        leftover: await readLeftover(place).catch(async (error: unknown) => {
          await close();
          throw error;
        }),
        begin: (snapshot) => write('w', snapshot),
        record: (body) => write('a', body),
        remove: () => rm(place, { force: true }),
        close,
      };
    },
  };
}

/** Makes a folder, and those above it. Node's own `recursive` never returns where a folder that exists takes no other, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  const make = (): Promise<unknown> => mkdir(folder, { mode: 0o700 }).catch(isNot('EEXIST'));
  await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await make();
  });
}

/** A snapshot, and the file that it is in. */
export type KeptSnapshot = Snapshot & { place: string };

/** The snapshots in a folder that were not put back yet. */
export async function leftoversIn(folder: string): Promise<KeptSnapshot[]> {
  const unreadable = asUsageError(`The state folder ${folder} cannot be read`);
  const names = (await readdir(folder).catch(isNot('ENOENT')).catch(unreadable)) || [];
  const places = names.filter((name) => name.endsWith('.jsonl')).map((name) => join(folder, name));
  const leftovers = await Promise.all(places.toSorted().map(async (place) => ({ place, ...(await readLeftover(place)) })));
  return leftovers.flatMap(({ place, snapshot }) => (snapshot === undefined ? [] : [{ place, ...snapshot }]));
}

/** What a file holds. A last line that was not written to its end was not sent either. */
async function readLeftover(place: string): Promise<Leftover | undefined> {
  const text = (await readFile(place, 'utf8').catch(isNot('ENOENT'))) || '';
  const lines = text.split('\n').slice(0, -1);
  const [snapshot, ...writes] = lines.map((line, index): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      throw new UsageError(`Line ${index + 1} of ${place} is not JSON. Put the profile back by hand, then remove the file.`);
    }
  });
  return snapshot === undefined ? undefined : { snapshot: snapshot as Snapshot, writes };
}

/** A name that a person can find, and that differs for every server and customer. */
function nameOf(baseUrl: string, customerId: string): string {
  const host = new URL(baseUrl).host.replaceAll(/[^\w.-]/g, '_');
  const id = customerId.toLowerCase();
  return `${host}-${id}-${createHash('sha256').update(`${baseUrl}\n${id}`).digest('hex').slice(0, 8)}`;
}

/** Takes a lock that names this process; that of a process that has ended is taken over. Errors: `TargetError` while it is held. */
async function lock(path: string): Promise<() => Promise<void>> {
  const own = `${path}.${process.pid}-${randomUUID()}`;
  const takeover = `${path}.takeover`;
  // A link, because unlike writing it makes a file and its content appear at once, and fails when there is one.
  const take = (at: string): Promise<boolean> => link(own, at).then(() => true, isNot('EEXIST'));
  await writeFile(own, `${process.pid}\n`, { mode: 0o600 });
  try {
    while (!(await take(path))) {
      await expectEnded(path);
      // One at a time, so that of several that find the same dead lock none removes the new lock of another.
      if (!(await take(takeover))) {
        await expectEnded(takeover);
        throw new TargetError(`A run died at an awkward moment. Remove ${takeover}, then try again.`);
      }
      try {
        await expectEnded(path);
        await rm(path, { force: true });
      } finally {
        await rm(takeover);
      }
    }
  } finally {
    await rm(own, { force: true });
  }
  return () => rm(path, { force: true });
}

/** Errors: `TargetError` when a lock is there and its process lives. */
async function expectEnded(path: string): Promise<void> {
  const holder = Number(await readFile(path, 'utf8').catch(() => 'NaN'));
  try {
    // Sends nothing; it fails for what is no process, or no number.
    process.kill(holder, 0);
  } catch (error) {
    // Another user's process lives too.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return;
  }
  const next = `Wait for it; if there is no such run, remove ${path}.`;
  throw new TargetError(`Another run, process ${holder}, is writing this customer's profile. ${next}`);
}

/** For errors that are no news: false for one with this code, anything else is thrown. */
function isNot(code: string): (error: NodeJS.ErrnoException) => false {
  return (error) => {
    if (error.code === code) return false;
    throw error;
  };
}
