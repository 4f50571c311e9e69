import type { Mode } from '../suite/requirement.ts';
import type { RecordedExchange, Restoration, Result } from '../suite/result.ts';
import type { ServerRequirement } from './requirement.ts';
import { memorySnapshots, type Snapshot, type SnapshotStore } from './restore/snapshot.ts';
import { checkPermission, type WritePermission } from './restore/write-permission.ts';
import type { Sleep, WaitReason } from './probe/connection.ts';
import { includesMode, modeFor } from './mode.ts';
import { OptionError, type ResolvedTarget } from './target.ts';

/** How a run is made. */
export interface RunOptions extends WritePermission {
  /** What may be done to the target. Default: `race` on this machine, `read` elsewhere; more needs a {@link WritePermission}. */
  mode?: Mode;
  /** Only requirements whose id fits; `*` stands for any text. What they stand on is run too, but not reported. */
  only?: string;
  /** The requirements as they were in an earlier version of this package, such as `0.1`. Default: all. */
  requirementsVersion?: string;
  /** Off this machine too, write members other than the first and last name. A change of address may be vetted by people. */
  allMembers?: boolean;
  /** How long one response may take. Default: 10,000 on this machine, 30,000 elsewhere. */
  timeoutMs?: number;
  /** How many requests the run may send, those that put the profile back included. Default: 2,000. */
  maxRequests?: number;
  /** How long the run may wait, in all, for a service that throttles. Default: 120,000. */
  maxWaitMs?: number;
  /** Show in the report what was read from the customer. Tokens are never shown. */
  showBodies?: boolean;
  /** Where the profile is kept until it is put back. Default: in memory; off this machine it has to be a place that outlives the run. */
  snapshots?: SnapshotStore;
  /** Forget the snapshot that a run left behind, and leave the profile as it is; on this machine only. */
  discard?: boolean;
  /** Ends the run before its next request; the profile is put back. */
  signal?: AbortSignal;
  /** Told of each requirement before it is checked, with how many there are. */
  onStart?: (id: string, index: number, count: number) => void;
  /** Told of each result as it comes. */
  onResult?: (result: Result) => void;
  /** Told of each exchange when it is over, redacted, and what it is for: a requirement, `preflight`, `snapshot` or `restore`. */
  onExchange?: (exchange: RecordedExchange, topic: string) => void;
  /** Told of each wait, and why: the service asks for it, it throttles and does not say for how long, or a read may lag behind a write. */
  onWait?: (ms: number, why: WaitReason) => void;
  /** Called once, when the options are right and the place of the snapshot is this run's own; nothing was sent so far. */
  onReady?: () => void;
  /**
   * Told of the snapshot before the first write, and of undefined when the profile is as it was: what a caller that has to end at once
   * leaves to a person. It is personal data.
   */
  onSnapshot?: (snapshot: Snapshot | undefined) => void;
  /** Told of the snapshot of an earlier run on this machine, once its profile is put back and read again. */
  onLeftover?: (snapshot: Snapshot) => void;
  /** Told of what became of the profile, also when the run itself ends with an error. */
  onRestoration?: (restoration: Restoration) => void;
  /** Makes GUIDs. Default: `crypto.randomUUID`. */
  newId?: () => string;
  /** Milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
  /** Default: `setTimeout`. */
  sleep?: (ms: number) => Promise<void>;
  /** Default: all of them. */
  requirements?: readonly ServerRequirement[];
}

export const defaultSleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Options with all defaults applied. */
export type ResolvedRunOptions = ReturnType<typeof resolveRunOptions>;

// What a restoration may take; a run that may write keeps as many back.
const requestsToRestore = 12;

/** Applies the defaults. Errors: `TypeError` for a mode or a permission that will not do. */
export function resolveRunOptions(target: ResolvedTarget, options: RunOptions) {
  const { isThisMachine } = target;
  const mode = modeFor(target, options.mode);
  checkPermission(target, mode, options);
  const mayWrite = includesMode(mode, 'write');
  if (!isThisMachine && mayWrite && options.snapshots === undefined) {
    throw new OptionError(`Mode ${mode} off this machine needs \`snapshots\`: a place for the snapshot that outlives the run.`);
  }
  if (options.discard && !mayWrite) throw new OptionError('`discard` is for a run that writes, and `mode` read does not.');
  if (options.discard && !isThisMachine) {
    throw new OptionError('`discard` forgets a snapshot without a look at the profile, on this machine only. Run `discardLeftover`.');
  }
  const { signal, onExchange, onWait, onSnapshot, onLeftover, sleep = defaultSleep } = options;
  const patientSleep: Sleep = (ms, why) => {
    onWait?.(ms, why);
    return sleep(ms);
  };
  // One listener, however often the run waits.
  const stopped = aborted(signal);
  return {
    mode,
    mayWrite,
    mayTouchMore: isThisMachine || (options.allMembers ?? false),
    timeoutMs: options.timeoutMs ?? (isThisMachine ? 10_000 : 30_000),
    maxRequests: (options.maxRequests ?? 2000) - (mayWrite ? requestsToRestore : 0),
    maxWaitMs: options.maxWaitMs ?? 120_000,
    showBodies: options.showBodies ?? false,
    snapshots: options.snapshots ?? memorySnapshots,
    newId: options.newId ?? (() => crypto.randomUUID()),
    now: options.now ?? Date.now,
    discard: options.discard ?? false,
    signal,
    onExchange,
    onSnapshot,
    onLeftover,
    patientSleep,
    sleep: ((ms, why) => Promise.race([patientSleep(ms, why), stopped])) satisfies Sleep,
  };
}

/** Resolves when the signal is aborted; never without one. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
