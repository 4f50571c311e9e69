import type { Requirement } from '../suite/requirement.ts';
import type { ClientFinding } from './finding.ts';
import type { ScenarioRun } from './scenario-run.ts';
import type { ScenarioName } from './scenarios.ts';

/** One rule that a client keeps. */
export interface ClientRequirement extends Requirement {
  /** `client.verb-object`, true when passed. Public: never renamed, never used again. */
  readonly id: `client.${string}`;
  /** The scenarios that it looks at. */
  readonly scenarios: readonly ScenarioName[];
  /** Takes the runs of its scenarios, one at least. */
  readonly judge: (runs: readonly ScenarioRun[]) => ClientFinding;
}
