import { resolveBaseUrl } from '../../contract/base-url.ts';
import { isGuid } from '../../contract/guid.ts';
import { isJsonObject } from '../../contract/json.ts';
import { messageOf } from '../probe/check-errors.ts';
import { OptionError, TargetError } from '../target.ts';

/** A profile as it was before the first write of a run. */
export interface Snapshot {
  schemaVersion: 1;
  baseUrl: string;
  customerId: string;
  runId: string;
  /** ISO 8601, UTC. */
  takenAt: string;
  /** As the service returned it. */
  profile: Record<string, unknown>;
}

/** A snapshot with what was written since. */
export interface Leftover {
  snapshot: Snapshot;
  /** Bodies of PUTs, as they were sent, and profiles that came back. */
  writes: readonly unknown[];
}

/** Where the snapshot of one customer is kept while a run writes. One run holds it at a time. */
export interface SnapshotLog {
  /** For messages: where it lies, when a person could find it there. */
  readonly place?: string;
  /** What an earlier run left behind. */
  readonly leftover?: Leftover | undefined;
  /** What is wrong with what an earlier run left behind, as the end of a sentence: no profile can be put back from it. */
  readonly damage?: string | undefined;
  begin(snapshot: Snapshot): Promise<void>;
  record(write: unknown): Promise<void>;
  /**
   * Called when the profile was not put back: makes sure that the snapshot with every write is kept, elsewhere if need be. Resolves to the
   * place where it was read again, undefined when it is kept nowhere. Without this function it is taken to be where `place` says.
   */
  secure?(): Promise<string | undefined>;
  /** The profile is as it was, so the snapshot is needed no longer. */
  remove(): Promise<void>;
  /** Lets the next run in. */
  close(): Promise<void>;
}

/** Keeps snapshots. Errors of `open`: `TargetError` when another run holds the customer; any other error means that none can be kept. */
export interface SnapshotStore {
  open(baseUrl: string, customerId: string): Promise<SnapshotLog>;
}

/** Keeps a snapshot as long as the process lives, which is enough for a server without real customers. */
export const memorySnapshots: SnapshotStore = {
  open: () =>
    Promise.resolve({
      begin: () => Promise.resolve(),
      record: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }),
};

/** Opens the log of one customer. Errors: `TargetError` when another run holds it, `OptionError` when no snapshot can be kept. */
export async function openLog(snapshots: SnapshotStore, baseUrl: string, customerId: string): Promise<SnapshotLog> {
  return snapshots.open(baseUrl, customerId).catch((error: unknown) => {
    if (error instanceof TargetError) throw error;
    throw new OptionError(
      `No snapshot can be kept: ${messageOf(error)}. Nothing was sent. Give another place as \`snapshots\`, or use \`mode\` read.`,
    );
  });
}

/** The snapshot can be kept no longer, so that nothing more may be written. */
export class SnapshotLost extends TargetError {}

/** What is wrong with a value that is to be a snapshot, as the end of a sentence; undefined when a profile can be put back from it. */
export function damageOf(value: unknown): string | undefined {
  if (!isJsonObject(value)) return 'it is not a JSON object';
  const { schemaVersion, baseUrl, customerId, takenAt, profile } = value;
  if (schemaVersion !== 1) return `its schemaVersion is ${JSON.stringify(schemaVersion) ?? 'absent'}, and this version reads 1`;
  if (typeof baseUrl !== 'string' || !isBaseUrl(baseUrl)) return 'its "baseUrl" is not the address of a server';
  if (typeof customerId !== 'string' || !isGuid(customerId)) return 'its "customerId" is not a GUID';
  if (typeof takenAt !== 'string') return 'its "takenAt" is not a time';
  return isJsonObject(profile) ? undefined : 'its "profile" is not a JSON object';
}

/** Whether a base URL is as a run writes it down: one that has to be resolved first is not. */
function isBaseUrl(text: string): boolean {
  try {
    return resolveBaseUrl(text).url === text;
  } catch {
    return false;
  }
}
