export { TargetError } from './outcome.ts';
export { requirements } from './requirements/index.ts';
export { exitCodeOf } from './exit-code.ts';
export { runConformance } from './run.ts';

export type { RunOptions } from './run.ts';
export type { Level, Mode, RecordedExchange, Report, Requirement, Result, Target, Verdict } from './types.ts';
