import type { Mode, Requirement } from '../suite/requirement.ts';
import type { Probe } from './probe/probe.ts';

/** One promise of the service, or one question that the documents leave open. */
export interface ServerRequirement extends Requirement {
  readonly mode: Mode;
  /** How it is tested: what is sent and what is compared, in one or two sentences. */
  readonly procedure: string;
  /** It may change more than the first and last name, or more than this customer. Off this machine it has to be asked for. */
  readonly touchesMore?: true;
  /** Resolves when the rule holds; throws `Failure`, `Untestable` or `Skip` otherwise. */
  readonly check: (probe: Probe) => Promise<void>;
}
