import { createHash, randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TargetError } from '../../conformance/target.ts';
import { hasEnded, type LockHolder, thisProcess } from './process-state.ts';
import { isNot } from './system-errors.ts';

// A run says so often that it still holds its lock. One that cannot be looked at, in another container, is taken for ended after a while.
const signOfLifeMs = 2_000;
const silentForMs = 20_000;

/**
 * Takes a lock that names this process; that of a process that has ended is taken over. Of a process in another container that cannot be
 * told: its lock is taken over when it has given no sign of life for 20 s.
 *
 * Shape: resolves to what gives it back. Errors: `TargetError` while it is held.
 */
export async function lock(path: string): Promise<() => Promise<void>> {
  const id = randomUUID();
  const own = `${path}.${id}`;
  const { pid, startedAt, space } = thisProcess();
  const text = `${pid} ${id} ${startedAt} ${space}\n`;
  await writeFile(own, text, { flag: 'wx', mode: 0o600 });
  try {
    // A link, because unlike writing it makes a file and its content appear at once, and fails when there is one.
    while (!(await link(own, path).then(() => true, isNot('EEXIST')))) await removeDead(path);
  } finally {
    await rm(own, { force: true });
  }
  const signs = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), signOfLifeMs).unref();
  return async () => {
    clearInterval(signs);
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
  const holder = holderIn(text);
  if (holder !== undefined && !(await isDead(path, holder))) {
    const next = `Wait for it; if there is no such run, remove ${path}.`;
    throw new TargetError(`Another run, process ${holder.pid}, is writing this customer's profile. ${next}`);
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
    const holder = holderIn(await textOf(beside));
    // Without a number it may be about to be written.
    if (holder !== undefined && (await isDead(beside, holder))) await rm(beside, { force: true });
  }
}

/** What is written in a lock; nothing when it is gone, or is a folder. Errors: those of the system; a lock that cannot be read may be held. */
async function textOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(isNot('ENOENT')).catch(isNot('EISDIR'));
  return text || '';
}

function holderIn(text: string): LockHolder | undefined {
  const [pid = '', , startedAt = '-', space = '-'] = text.trim().split(' ');
  return parseInt(pid, 10) > 0 ? { pid: parseInt(pid, 10), startedAt, space } : undefined;
}

async function isDead(path: string, holder: LockHolder): Promise<boolean> {
  const ended = hasEnded(holder);
  if (ended !== undefined) return ended;
  const stats = await stat(path).catch(isNot('ENOENT'));
  return stats !== false && Date.now() - stats.mtimeMs > silentForMs;
}
