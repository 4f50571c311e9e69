import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { damageOf, type Leftover, type Snapshot } from '../../conformance/restore/snapshot.ts';
import { isJsonObject } from '../../contract/json.ts';

/** What is in the file of a snapshot: something that a profile can be put back from, or what is wrong with it; neither when there is no file. */
export interface SnapshotContent {
  leftover?: Leftover;
  /** As the end of a sentence. */
  damage?: string;
  /** How long the file is when each of its lines is whole; the next write can be appended to it. */
  soundBytes?: number;
}

/** The name of a file that a person can find, and that differs for every server and customer. */
export function snapshotNameOf(baseUrl: string, customerId: string): string {
  const id = customerId.toLowerCase();
  const place = serverOf(baseUrl);
  return `${hostWordOf(place)}-${id}-${createHash('sha256').update(`${place}\n${id}`).digest('hex').slice(0, 8)}.jsonl`;
}

/** An address in the one spelling that all names of this machine share: a profile has one snapshot, however its server is called. */
export function serverOf(baseUrl: string): string {
  return baseUrl.replace(/^(https?:\/\/)(?:localhost|\[::1\])(?=[:/]|$)/i, '$1127.0.0.1');
}

/** How the name of a snapshot of this server begins. */
export const hostWordOf = (baseUrl: string): string => new URL(baseUrl).host.replaceAll(/[^\w.-]/g, '_');

/**
 * Reads the file of a snapshot: the snapshot on its first line, then a line for each write. It never throws.
 *
 * A line of a write that is not whole is passed over: the last one was never sent. Of one in the middle the values are then taken for
 * another writer's, which is the safe mistake.
 */
export async function readSnapshotFile(place: string): Promise<SnapshotContent> {
  let handle: FileHandle | undefined;
  try {
    // Neither through a link, nor waiting for the other end of a pipe.
    handle = await open(place, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const damage = damageOfFile(await handle.stat());
    return damage === undefined ? contentOf(await handle.readFile(), place) : { damage };
  } catch (error) {
    const { code = (error as Error).message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    return {
      damage:
        code === 'ELOOP'
          ? 'it is a link, and links are not followed'
          : `it cannot be read, ${code}${code === 'EACCES' ? '; to use it, run as its owner, or give yourself permission to read it' : ''}`,
    };
  } finally {
    await handle?.close();
  }
}

interface FileStats {
  isFile(): boolean;
  isDirectory(): boolean;
  uid: number;
  mode: number;
  size: number;
}

// A run of 2,000 requests notes some megabytes.
const sizeLimit = 256 * 1024 * 1024;

/** A profile is written from this file, so that only its owner may have a hand in it. */
function damageOfFile(stats: FileStats): string | undefined {
  if (!stats.isFile()) return stats.isDirectory() ? 'it is a folder' : 'it is not a file';
  if (process.getuid !== undefined && stats.uid !== process.getuid()) return 'it belongs to another user';
  // Windows has no such bits, and says that all may write.
  if (process.platform !== 'win32' && (stats.mode & 0o022) !== 0) return 'other users can write to it (if it is right, chmod 600)';
  return stats.size > sizeLimit ? 'it is too large' : undefined;
}

function contentOf(bytes: Buffer, place: string): SnapshotContent {
  if (bytes.length === 0) return { damage: 'it is empty' };
  const end = bytes.indexOf('\n');
  let snapshot: unknown;
  try {
    // A character that is damaged must not be written to a profile as another one.
    snapshot = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(end === -1 ? bytes : bytes.subarray(0, end)));
  } catch {
    return { damage: 'its first line, the snapshot, is not JSON or not whole' };
  }
  const damage = damageOf(snapshot) ?? damageOfName(snapshot as Snapshot, place);
  if (damage !== undefined) return { damage };
  const rest = end === -1 ? '' : bytes.subarray(end + 1).toString('utf8');
  const lines = rest.split('\n').map(writeIn);
  const writes = lines.filter((write) => write !== undefined);
  // The piece after the last line end is empty when every line is whole.
  const isSound = end !== -1 && rest.slice(rest.lastIndexOf('\n') + 1) === '' && writes.length === lines.length - 1;
  return { leftover: { snapshot: snapshot as Snapshot, writes }, ...(isSound ? { soundBytes: bytes.length } : {}) };
}

/** The run of a snapshot is found by its name, so that one under another name would never be. */
function damageOfName({ baseUrl, customerId }: Snapshot, place: string): string | undefined {
  const name = snapshotNameOf(baseUrl, customerId);
  return name === basename(place) ? undefined : `its name is not that of its content. To use it, rename it to ${name}`;
}

function writeIn(line: string): unknown {
  try {
    const write: unknown = JSON.parse(line);
    return isJsonObject(write) ? write : undefined;
  } catch {
    return undefined;
  }
}
