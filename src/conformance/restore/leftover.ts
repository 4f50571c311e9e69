import { resolveBaseUrl } from '../../contract/base-url.ts';
import type { Restoration } from '../../suite/result.ts';
import { Connection, type Sleep } from '../probe/connection.ts';
import { defaultSleep, type RunOptions } from '../run-options.ts';
import { checkCustomerId, type ResolvedTarget, resolveTarget, type Target } from '../target.ts';
import { ProfileGuard } from './guard.ts';
import { openLog, type SnapshotStore } from './snapshot.ts';

/** How a leftover is dealt with. */
export interface LeftoverOptions {
  snapshots: SnapshotStore;
  /** Show what was read from the customer. Tokens are never shown. */
  showBodies?: boolean;
  /** How long one response may take. Default: 30,000. */
  timeoutMs?: number;
  /** Told of each wait, and why, as of a run. */
  onWait?: RunOptions['onWait'];
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
  return restoreLeftoverOn(resolveTarget(target), options);
}

/** The same, on a target that is resolved already. */
export async function restoreLeftoverOn(
  target: ResolvedTarget,
  {
    snapshots,
    force = false,
    showBodies = false,
    timeoutMs = 30_000,
    onWait,
    sleep: givenSleep = defaultSleep,
  }: LeftoverOptions & { force?: boolean },
): Promise<Restoration | undefined> {
  const sleep: Sleep = (ms, why) => {
    onWait?.(ms, why);
    return givenSleep(ms);
  };
  const run = { runId: crypto.randomUUID(), now: Date.now, sleep, patientSleep: sleep };
  const newId = (): string => crypto.randomUUID();
  const connection = new Connection(target, { ...run, newId, timeoutMs, maxRequests: 100, maxWaitMs: 120_000, showBodies });
  const guard = new ProfileGuard(connection, { ...run, mayWrite: true, snapshots });
  try {
    return await guard.putBackLeftover({ force });
  } finally {
    await guard.finish();
  }
}

/**
 * Removes a snapshot without a request; the profile stays as it is.
 *
 * Errors: `TypeError` for a base URL or a customer id that cannot be used; `TargetError` when the profile is being written.
 */
export async function discardLeftover(target: Pick<Target, 'baseUrl' | 'customerId'>, { snapshots }: LeftoverOptions): Promise<void> {
  const { url } = resolveBaseUrl(target.baseUrl);
  checkCustomerId(target.customerId);
  const log = await openLog(snapshots, url, target.customerId);
  try {
    await log.remove();
  } finally {
    await log.close();
  }
}
