import type { Requirement } from './requirement.ts';
import type { Result } from './result.ts';
import { MisuseError } from '../contract/misuse.ts';

/** What a check found, beyond what its requirement says of itself. */
export type Finding = Pick<Result, 'verdict'> & Partial<Omit<Result, 'id' | 'level' | 'mode' | 'verdict' | 'rule' | 'sources'>>;

/** How the requirements of a suite are checked. */
export interface Checks<R> {
  /** Why a requirement is not checked at all; undefined when it is. */
  skipReason(requirement: R): string | undefined;
  /** Called once for a requirement, and only when everything that it needs has passed. It never throws. */
  check(requirement: R): Finding | Promise<Finding>;
}

/**
 * Makes a function that gives the result of one requirement by id, and checks what it needs first.
 *
 * Shape: each requirement is checked once, in any order. A need that is not among the requirements is passed over: it was not in force
 * in the version that was asked for. When a need did not pass, the requirement is untestable, and the first cause in the chain blocks it.
 * Errors: rejects with `TypeError` for an id that is not among them.
 */
export function createJudge<R extends Requirement>(
  requirements: readonly R[],
  { skipReason, check }: Checks<R>,
): (id: string) => Promise<Result> {
  const byId = new Map(requirements.map((requirement) => [requirement.id, requirement]));
  const results = new Map<string, Promise<Result>>();

  async function judge(requirement: R): Promise<Result> {
    const reason = skipReason(requirement);
    if (reason !== undefined) return resultOf(requirement, { verdict: 'skipped', reason });
    for (const need of requirement.needs) {
      if (!byId.has(need)) continue;
      const blocked = blockedBy(await resultFor(need));
      if (blocked !== undefined) return resultOf(requirement, blocked);
    }
    return resultOf(requirement, await check(requirement));
  }

  async function resultFor(id: string): Promise<Result> {
    const requirement = byId.get(id);
    if (requirement === undefined) throw new MisuseError(`There is no requirement "${id}".`);
    let result = results.get(id);
    if (result === undefined) results.set(id, (result = judge(requirement)));
    return result;
  }
  return resultFor;
}

/** What a need that did not pass makes of the requirement that needs it; undefined when it passed. */
function blockedBy({ id, verdict, blockedBy: cause = id, reason = '' }: Result): Finding | undefined {
  if (verdict === 'pass') return undefined;
  if (verdict === 'broken' || verdict === 'skipped') return { verdict, reason };
  return untestableUntil(cause);
}

/** Untestable until another requirement is repaired. */
export function untestableUntil(cause: string): { verdict: 'untestable'; blockedBy: string; reason: string } {
  return { verdict: 'untestable', blockedBy: cause, reason: `blocked by ${cause}` };
}

/** The result of a requirement. A failure says how to repair it and why the rule matters. */
export function resultOf({ id, level, mode, rule, sources, remedy, rationale }: Requirement, finding: Finding): Result {
  const { verdict, ...found } = finding;
  const isCause = verdict === 'fail' || (verdict === 'untestable' && found.blockedBy === undefined);
  return {
    id,
    level,
    ...(mode === undefined ? {} : { mode }),
    verdict,
    rule,
    sources,
    ...(isCause ? { remedy } : {}),
    ...(verdict === 'fail' ? { rationale } : {}),
    ...found,
  };
}
