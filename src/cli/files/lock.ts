import { createHash, randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TargetError } from '../../conformance/target.ts';
import { isNot } from './system-errors.ts';

/**
 * Takes a lock that names this process; that of a process that has ended is taken over.
 *
 * Shape: resolves to what gives it back. Errors: `TargetError` while it is held.
 */
export async function lock(path: string): Promise<() => Promise<void>> {
  const id = randomUUID();
  const own = `${path}.${id}`;
  const text = `${process.pid} ${id}\n`;
  await writeFile(own, text, { flag: 'wx', mode: 0o600 });
  try {
    // A link, because unlike writing it makes a file and its content appear at once, and fails when there is one.
    while (!(await link(own, path).then(() => true, isNot('EEXIST')))) await removeDead(path);
  } finally {
    await rm(own, { force: true });
  }
  return async () => {
    // When the folder was removed, another run may have made a lock of its own.
    if ((await textOf(path)) === text) await rm(path, { force: true });
  };
}

/**
 * Removes a lock whose process has ended. One process at a time, so that of several that find the same dead lock none removes the new lock
 * of another: the lock for it has the name of the dead one, and may be a dead one itself.
 */
async function removeDead(path: string): Promise<void> {
  const text = await textOf(path);
  const holder = pidIn(text);
  if (holder !== undefined && isAlive(holder)) {
    const next = `Wait for it; if there is no such run, remove ${path}.`;
    throw new TargetError(`Another run, process ${holder}, is writing this customer's profile. ${next}`);
  }
  const release = await lock(`${path}.${createHash('sha256').update(text).digest('hex').slice(0, 8)}`);
  try {
    if ((await textOf(path)) === text) await rm(path, { recursive: true, force: true });
  } finally {
    await release();
  }
}

/** Removes what processes that were killed while they took this lock have left beside it. Call it with the lock held. */
export async function sweepLocks(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue;
    const beside = join(dirname(path), name);
    const holder = pidIn(await textOf(beside));
    // Without a number it may be about to be written.
    if (holder !== undefined && !isAlive(holder)) await rm(beside, { force: true });
  }
}

/** What is written in a lock; nothing when it is gone, or is a folder. Errors: those of the system; a lock that cannot be read may be held. */
async function textOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(isNot('ENOENT')).catch(isNot('EISDIR'));
  return text || '';
}

function pidIn(text: string): number | undefined {
  const pid = parseInt(text, 10);
  return pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    // Sends nothing.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process lives too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
