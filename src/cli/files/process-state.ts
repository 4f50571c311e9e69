import { readFileSync, readlinkSync } from 'node:fs';

/** A process as a lock names it. */
export interface LockHolder {
  pid: number;
  /** When it began, in ticks since the machine started; and the space in which its number counts. Only Linux tells. */
  startedAt: string;
  space: string;
}

/** This process. */
export const thisProcess = (): LockHolder => ({ pid: process.pid, startedAt: startOf(process.pid) ?? unknown, space: spaceOfNumbers() });

/**
 * Whether a process has ended; undefined when that cannot be told, because its number counts in another space, such as a container.
 *
 * A number may have gone to another process since, and a process that has ended stays listed until its parent looks.
 */
export function hasEnded({ pid, startedAt, space }: LockHolder): boolean | undefined {
  if (space !== unknown && space !== spaceOfNumbers()) return undefined;
  if (!isListed(pid)) return true;
  const start = startOf(pid);
  return start !== undefined && startedAt !== unknown && start !== startedAt;
}

const unknown = '-';

function isListed(pid: number): boolean {
  try {
    // Sends nothing.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process lives too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began; `ended` for one that has ended and is still listed; undefined when that cannot be read. */
function startOf(pid: number): string | undefined {
  const fields = statOf(pid);
  return fields && (hasStopped(fields) ? 'ended' : fields[19]);
}

/** What Linux tells of a process after its name in brackets: state, parent, group …; undefined when that cannot be read. */
export function statOf(pid: number | string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Whether a process has ended: it may stay listed until its parent looks. */
export const hasStopped = ([state]: readonly string[]): boolean => state === 'Z' || state === 'X';

function spaceOfNumbers(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return unknown;
  }
}
