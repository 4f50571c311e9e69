import type { Restoration } from '../../suite/result.ts';
import { Connection } from '../probe/connection.ts';
import { defaultSleep } from '../sleep.ts';
import { type ResolvedTarget, resolveTarget, type Target } from '../target.ts';
import { ProfileGuard } from './guard.ts';
import type { SnapshotStore } from './snapshot.ts';

/** How a leftover is dealt with. */
export interface LeftoverOptions {
  snapshots: SnapshotStore;
  /** Show what was read from the customer. Tokens are never shown. */
  showBodies?: boolean;
  /** How long one response may take. Default: 30,000. */
  timeoutMs?: number;
  /** Default: `setTimeout`. */
  sleep?: (ms: number) => Promise<void>;
}

/**
 * Puts a profile back that a run has left changed.
 *
 * Shape: undefined when no run has. What another writer has changed since is only overwritten with `force`.
 * Errors: `TypeError` for a target that cannot be used; `TargetError` when it does not respond, refuses the token, or is being written.
 */
export async function restoreLeftover(target: Target, options: LeftoverOptions & { force?: boolean }): Promise<Restoration | undefined> {
  return withGuard(resolveTarget(target), options, (guard) => guard.putBackLeftover({ force: options.force ?? false }));
}

/** Removes a snapshot without a request; the profile stays as it is. Errors: as above. */
export async function discardLeftover(target: Target, options: LeftoverOptions): Promise<void> {
  return withGuard(resolveTarget(target), options, (guard) => guard.discardLeftover());
}

async function withGuard<T>(target: ResolvedTarget, options: LeftoverOptions, act: (guard: ProfileGuard) => Promise<T>): Promise<T> {
  const { snapshots, showBodies = false, timeoutMs = 30_000, sleep = defaultSleep } = options;
  const runId = crypto.randomUUID();
  const newId = (): string => crypto.randomUUID();
  const connection = new Connection(target, {
    runId,
    newId,
    now: Date.now,
    sleep,
    timeoutMs,
    maxRequests: 100,
    maxWaitMs: 120_000,
    showBodies,
  });
  const guard = new ProfileGuard(connection, { mayWrite: true, runId, now: Date.now, sleep, snapshots });
  try {
    return await act(guard);
  } finally {
    await guard.finish();
  }
}
