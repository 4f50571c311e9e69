import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Leftover, Snapshot, SnapshotLog } from '../../conformance/restore/snapshot.ts';
import { readSnapshotFile, type SnapshotContent } from './snapshot-file.ts';
import { isNot } from './system-errors.ts';

/** What ends the name of a file that is being written and has not its own name yet. */
export const unfinished = '.new';

/**
 * The snapshot of one customer in a file, and in memory: what the file lost, or did not take, is written anew.
 *
 * Shape: a file appears with its content, under a name that was free, or over the file that it replaces; it is never written through a
 * link, and its mode is 0600. Each line is on the disk before the call resolves.
 */
export class FileLog implements SnapshotLog {
  readonly place: string;
  readonly leftover: Leftover | undefined;
  readonly damage: string | undefined;
  readonly close: () => Promise<void>;
  #lines: string[];
  /** How long the file is when it holds just these lines. */
  #bytes: number | undefined;
  /** Calls come at the same time when writers race. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(place: string, { leftover, damage, soundBytes }: SnapshotContent, close: () => Promise<void>) {
    this.place = place;
    this.leftover = leftover;
    this.damage = damage;
    this.close = close;
    this.#lines = leftover === undefined ? [] : [leftover.snapshot, ...leftover.writes].map(lineOf);
    this.#bytes = soundBytes;
  }

  begin(snapshot: Snapshot): Promise<void> {
    return this.#afterOthers(async () => {
      this.#lines = [lineOf(snapshot)];
      await this.#write(this.place, link);
    });
  }

  record(write: unknown): Promise<void> {
    return this.#afterOthers(async () => {
      const line = lineOf(write);
      this.#lines.push(line);
      await this.#append(line).catch(() => this.#writeAnew());
    });
  }

  /** Makes sure that the snapshot is in a file from which `restore` can read it: at its place, else in a folder for temporary files. */
  secure(): Promise<string | undefined> {
    return this.#afterOthers(async () => {
      // Whatever was sent by a check is in it; what only a restoration sent are values of the snapshot.
      if (await this.#holdsSnapshot(this.place)) return this.place;
      await this.#writeAnew().catch(() => {});
      if (await this.#holdsSnapshot(this.place)) return this.place;
      const elsewhere = join(await mkdtemp(join(tmpdir(), 'pc-billing-')), basename(this.place));
      await this.#write(elsewhere, link);
      return (await this.#holdsSnapshot(elsewhere)) ? elsewhere : undefined;
    });
  }

  remove(): Promise<void> {
    return this.#afterOthers(async () => {
      this.#lines = [];
      await removeSnapshot(this.place);
    });
  }

  #afterOthers<Value>(task: () => Promise<Value>): Promise<Value> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Errors: when it is not the file that was written before, or the line does not fit in: then it has to be written anew. */
  async #append(line: string): Promise<void> {
    const handle = await open(this.place, constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size !== this.#bytes) throw new Error('The file is not as it was left.');
      await handle.writeFile(line);
      await handle.sync();
      this.#bytes += Buffer.byteLength(line);
    } finally {
      await handle.close();
    }
  }

  async #writeAnew(): Promise<void> {
    await makeFolder(dirname(this.place));
    await this.#write(this.place, rename);
  }

  /** Writes all lines to a file beside, and gives it its name. Nothing is left of it when that fails. */
  async #write(place: string, giveName: (from: string, to: string) => Promise<void>): Promise<void> {
    const text = this.#lines.join('');
    const beside = `${place}.${randomUUID()}${unfinished}`;
    this.#bytes = undefined;
    try {
      await writeFile(beside, text, { flag: 'wx', mode: 0o600, flush: true });
      await giveName(beside, place);
    } finally {
      await rm(beside, { force: true }).catch(() => {});
    }
    this.#bytes = Buffer.byteLength(text);
  }

  async #holdsSnapshot(place: string): Promise<boolean> {
    const { leftover } = await readSnapshotFile(place);
    return leftover !== undefined && lineOf(leftover.snapshot) === this.#lines[0];
  }
}

// A PUT may have a text as its body alone.
const lineOf = (value: unknown): string => `${JSON.stringify(value ?? {})}\n`;

/** Removes a snapshot, whatever it is. A folder that is not empty is not ours to empty: it gets another name. Errors: those of the system. */
export async function removeSnapshot(place: string): Promise<void> {
  const stats = await lstat(place).catch(isNot('ENOENT'));
  if (stats === false) return;
  if (stats.isDirectory()) await rename(place, `${place}.discarded-${randomUUID()}`);
  else await rm(place, { force: true });
}

/** Makes a folder, and those above it. Node's own `recursive` never returns where a folder that exists takes no other, as in /proc. */
export async function makeFolder(folder: string): Promise<void> {
  const make = (): Promise<unknown> => mkdir(folder, { mode: 0o700 }).catch(isNot('EEXIST'));
  await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await make();
  });
}
