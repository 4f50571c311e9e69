import type { Mode } from '../suite/requirement.ts';
import { requirementsAsOf, selectRequirements, withNeeds } from '../suite/selection.ts';
import { includesMode, modeFor } from './mode.ts';
import { requirements as allRequirements } from './requirements/index.ts';
import type { RunOptions } from './run-options.ts';
import type { ResolvedTarget } from './target.ts';

// Measured on the mock: how many requests a check of a mode sends on average, and what a run sends beside its checks. A read sends more
// when it may write, because some rules on refusals are tested with refused writes then.
const perCheck: Record<Mode, number> = { read: 2, write: 4, race: 20 };
const aroundChecks = { read: 1, write: 5 };

/**
 * About how many requirements a run checks, and how many requests that takes on a service that keeps the contract.
 *
 * Errors: `TypeError` for a selection that fits nothing.
 */
export function estimateRun(target: Pick<ResolvedTarget, 'isThisMachine'>, options: RunOptions): { checks: number; requests: number } {
  const mode = modeFor(target, options.mode);
  const inForce = requirementsAsOf(options.requirements ?? allRequirements, options.requirementsVersion);
  const isChecked = ({ mode: needed, touchesMore }: (typeof inForce)[number]): boolean =>
    includesMode(mode, needed) && (!touchesMore || target.isThisMachine || options.allMembers === true);
  const selected = selectRequirements(inForce, options.only);
  const mayWrite = mode !== 'read';
  const requests = withNeeds(selected, inForce)
    .filter(isChecked)
    .reduce((sum, { mode: needed }) => sum + (mayWrite && needed === 'read' ? perCheck.write : perCheck[needed]), 0);
  return { checks: selected.filter(isChecked).length, requests: requests + aroundChecks[mayWrite ? 'write' : 'read'] };
}
