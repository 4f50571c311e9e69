/** `must` and `should` are promises; `observe` only writes down what was seen. */
export type Level = 'must' | 'should' | 'observe';

/** What a check may do to a profile; each mode includes the ones before it. */
export type Mode = 'read' | 'write' | 'race';

/** One rule that a suite checks. A value: the runner, the reports, vitest and the documentation all read the same list. */
export interface Requirement {
  /** `topic.verb-object`, true when passed. Public: never renamed, never used again. */
  readonly id: string;
  readonly level: Level;
  /** Of a server's requirement: what its check does to the profile. */
  readonly mode?: Mode;
  /** The version of this package that brought it. A rule that gets stricter is a new requirement. */
  readonly since: string;
  /** One sentence. */
  readonly rule: string;
  /** How to repair a failure, in one sentence. */
  readonly remedy: string;
  /** Why the rule matters to a reseller, in one sentence. */
  readonly rationale: string;
  /** Page, section and date of each document it rests on. */
  readonly sources: readonly string[];
  /** Ids of the requirements without which this one says nothing. */
  readonly needs: readonly string[];
}
