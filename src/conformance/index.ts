export { TargetError } from './target.ts';
export { requirements } from './requirements/index.ts';
export { exitCodeOf } from '../suite/exit-code.ts';
export { withAccepted } from '../suite/accepted.ts';
export { discardLeftover, restoreLeftover } from './restore/leftover.ts';
export { runConformance } from './run.ts';

export type { RunOptions } from './run-options.ts';
export type { Leftover, Snapshot, SnapshotLog, SnapshotStore } from './restore/snapshot.ts';
export type {
  LikelyCause,
  AcceptedFailure,
  Component,
  RecordedExchange,
  Report,
  ServerReport,
  Restoration,
  Result,
  Verdict,
} from '../suite/result.ts';
export type { Level, Mode } from '../suite/requirement.ts';
export type { ServerRequirement as Requirement } from './requirement.ts';
export type { Target } from './target.ts';
