import { messageOf } from '../probe/check-errors.ts';
import { TargetError } from '../target.ts';

/** A profile as it was before the first write of a run. */
export interface Snapshot {
  schemaVersion: 1;
  baseUrl: string;
  customerId: string;
  runId: string;
  /** ISO 8601, UTC. */
  takenAt: string;
  /** As the service answered it. */
  profile: Record<string, unknown>;
}

/** A snapshot with what was written since. */
export interface Leftover {
  snapshot: Snapshot;
  /** Bodies of PUTs, as they were sent, and profiles that were answered to them. */
  writes: readonly unknown[];
}

/** Where the snapshot of one customer is kept while a run writes. One run holds it at a time. */
export interface SnapshotLog {
  /** For messages: where it lies, when a person could find it there. */
  readonly place?: string;
  /** What an earlier run left behind. */
  readonly leftover?: Leftover | undefined;
  begin(snapshot: Snapshot): Promise<void>;
  record(write: unknown): Promise<void>;
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

/** Opens the log of one customer. Errors: `TargetError` when another run holds it, or when none can be kept. */
export async function openLog(snapshots: SnapshotStore, baseUrl: string, customerId: string): Promise<SnapshotLog> {
  return snapshots.open(baseUrl, customerId).catch((error: unknown) => {
    throw error instanceof TargetError ? error : new NoSnapshot(`the snapshot cannot be kept: ${messageOf(error)}.`);
  });
}

/** No snapshot can be kept. */
export class NoSnapshot extends TargetError {}
