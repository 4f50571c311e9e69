import { defaultSleep } from './run.ts';
import { openSession, type Session } from './session.ts';
import type { SnapshotStore } from './snapshot.ts';
import type { Restoration, Target } from './types.ts';

/** How a leftover is dealt with. */
export interface LeftoverOptions {
  snapshots: SnapshotStore;
  /** Show what was read from the customer. Tokens are never shown. */
  showBodies?: boolean;
  /** How long one answer may take. Default: 30,000. */
  timeoutMs?: number;
  /** Default: `setTimeout`. */
  sleep?: (ms: number) => Promise<void>;
}

/**
 * Puts a profile back that a run has left changed.
 *
 * Shape: undefined when no run has. What somebody else has changed since is only overwritten with `force`.
 * Errors: `TypeError` for a target that will not do; `TargetError` when it does not answer, refuses the token, or is being written.
 */
export async function restoreLeftover(target: Target, options: LeftoverOptions & { force?: boolean }): Promise<Restoration | undefined> {
  return withSession(target, options, (session) => session.putBack({ force: options.force ?? false }));
}

/** Forgets a snapshot without a request; the profile stays as it is. Errors: as above. */
export async function discardLeftover(target: Target, options: LeftoverOptions): Promise<void> {
  return withSession(target, options, (session) => session.forget());
}

async function withSession<T>(target: Target, options: LeftoverOptions, act: (session: Session) => Promise<T>): Promise<T> {
  const session = openSession(target, {
    mode: 'write',
    runId: crypto.randomUUID(),
    newId: () => crypto.randomUUID(),
    now: Date.now,
    sleep: options.sleep ?? defaultSleep,
    timeoutMs: options.timeoutMs ?? 30_000,
    maxRequests: 100,
    maxWaitMs: 120_000,
    showBodies: options.showBodies ?? false,
    snapshots: options.snapshots,
  });
  try {
    return await act(session);
  } finally {
    await session.finish();
  }
}
