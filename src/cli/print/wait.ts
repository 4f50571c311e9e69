import type { WaitReason } from '../../conformance/probe/connection.ts';

const waitReasons: Readonly<Record<WaitReason, string>> = {
  'retry-after': 'as the service asks',
  throttled: 'because the service throttles and does not say for how long',
  lag: 'because a read may lag behind a write',
};

/** Why a run waits, for the line of progress. */
export const waitWords = (ms: number, why: WaitReason): string =>
  `waiting ${ms < 1000 ? `${ms} ms` : `${Math.ceil(ms / 1000)} s`}, ${waitReasons[why]}`;
