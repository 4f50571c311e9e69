export { TargetError } from './outcome.ts';
export { requirements } from './requirements/index.ts';
export { exitCodeOf } from './exit-code.ts';
export { withKnown } from './known.ts';
export { discardLeftover, restoreLeftover } from './leftover.ts';
export { runConformance } from './run.ts';

export type { RunOptions } from './run.ts';
export type { Leftover, Snapshot, SnapshotLog, SnapshotStore } from './snapshot.ts';
export type {
  LikelyCause,
  AcceptedFailure,
  Level,
  Mode,
  Component,
  RecordedExchange,
  Report,
  ServerReport,
  Requirement,
  Restoration,
  Result,
  Target,
  Verdict,
} from './types.ts';
