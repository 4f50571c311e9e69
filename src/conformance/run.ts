import type { ServiceBehaviour } from '../contract/behaviour.ts';
import { createJudge, type Finding, resultOf } from '../suite/judge.ts';
import { createReport } from '../suite/report.ts';
import type { Restoration, Result, ServerReport } from '../suite/result.ts';
import { requirementsAsOf, selectRequirements } from '../suite/selection.ts';
import { includesMode } from './mode.ts';
import { Stopped } from './probe/check-errors.ts';
import { Connection } from './probe/connection.ts';
import { correlationIdOf } from './probe/correlation-id.ts';
import { Probe, type ProbeContext } from './probe/probe.ts';
import { redactExchange, scrub } from './probe/redact.ts';
import type { ServerRequirement } from './requirement.ts';
import { requirements as allRequirements } from './requirements/index.ts';
import { ProfileGuard } from './restore/guard.ts';
import { type ResolvedRunOptions, resolveRunOptions, type RunOptions } from './run-options.ts';
import { type ResolvedTarget, resolveTarget, type Target } from './target.ts';
import { findingOf } from './verdict.ts';

/** A run that gives its verdicts one by one, in any order. */
export interface Run {
  /** Makes sure that the target responds, takes the token and is free. Errors: `TargetError`. */
  preflight(): Promise<void>;
  /** The result of one requirement; each is checked once. */
  resultOf(id: string): Promise<Result>;
  /** Puts the profile back. Has to be called, whatever happened. */
  finish(): Promise<Restoration | undefined>;
  /** The report of these results. */
  report(results: readonly Result[], restoration?: Restoration): ServerReport;
}

/** Why a requirement that touches more is left out off this machine. */
export const needsAllMembers = 'changes more than first and last name; needs `allMembers`';

/** Prepares a run. Nothing is sent yet. Errors: `TypeError` for a mode or a permission that will not do. */
export function createRun(target: ResolvedTarget, given: RunOptions & Required<Pick<RunOptions, 'requirements'>>): Run {
  const options = resolveRunOptions(target, given);
  const { mode, mayTouchMore, newId, now } = options;
  const runId = newId();
  const startedAtMs = now();
  const connection = new Connection(target, { ...options, runId });
  const guard = new ProfileGuard(connection, { ...options, runId });
  const { onReady } = given;
  const behaviour: Partial<ServiceBehaviour> = {};
  const judge = createJudge(given.requirements, {
    skipReason: (requirement) => {
      if (!includesMode(mode, requirement.mode)) return `needs mode ${requirement.mode}`;
      if (requirement.touchesMore && !mayTouchMore) return needsAllMembers;
      return undefined;
    },
    check: createCheck({ ...options, connection, guard, behaviour, runId }),
  });
  return {
    async preflight() {
      await guard.open();
      onReady?.();
      await connection.greet();
      await guard.settle();
    },
    resultOf: judge,
    finish: () => guard.finish(),
    report: (results, restoration) =>
      createReport(
        {
          subject: { kind: 'server' as const, baseUrl: target.baseUrl, customerId: target.customerId, mode },
          runId,
          startedAtMs,
          durationMs: now() - startedAtMs,
          requests: connection.requestCount,
          results,
        },
        { behaviour, ...(restoration === undefined ? {} : { restoration }) },
      ),
  };
}

/** Makes what checks one requirement and says what was found. When the target has gone away, nothing more is sent. */
function createCheck(
  context: ProbeContext & Pick<ResolvedRunOptions, 'signal' | 'now'>,
): (requirement: ServerRequirement) => Promise<Finding> {
  const { connection, runId, signal, now } = context;
  let ended: Finding | undefined;

  return async (requirement) => {
    if (signal?.aborted) ended ??= { verdict: 'broken', reason: 'The run was stopped.' };
    if (ended !== undefined) return ended;
    const { id, check } = requirement;
    const probe = new Probe(id, context);
    const startedAtMs = now();
    const problem = await check(probe).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const seen = {
      durationMs: now() - startedAtMs,
      ...(probe.notes.size > 0 ? { observed: scrub([...probe.notes].join('; '), connection.redaction) } : {}),
    };
    if (problem === undefined) return { verdict: 'pass', ...seen };
    const exchanges = probe.exchanges.map((exchange) => redactExchange(exchange, connection.redaction));
    const { finding, endsRun } = await findingOf(problem.error, requirement, exchanges, connection);
    if (endsRun) ended = finding;
    return {
      ...finding,
      ...seen,
      correlationId: correlationIdOf(runId, id),
      // What was under way when the user stopped the run is no evidence of anything.
      ...(exchanges.length > 0 && !(problem.error instanceof Stopped) ? { exchanges } : {}),
    };
  };
}

/**
 * Runs the requirements against a target, one after the other, then puts the profile back.
 *
 * Shape: every requirement is in the report, those that were not selected as skipped.
 * Errors: `TypeError` for a target, a mode, a permission or a selection that will not do; `TargetError` when the run cannot be made.
 */
export async function runConformance(target: Target, options: RunOptions = {}): Promise<ServerReport> {
  return runOn(resolveTarget(target), options);
}

/** The same, on a target that is resolved already. */
export async function runOn(target: ResolvedTarget, options: RunOptions): Promise<ServerReport> {
  const requirements = requirementsAsOf(options.requirements ?? allRequirements, options.requirementsVersion);
  const selected = selectRequirements(requirements, options.only);
  const run = createRun(target, { ...options, requirements });
  const results: Result[] = [];
  let restoration: Restoration | undefined;
  try {
    await run.preflight();
    for (const [index, requirement] of requirements.entries()) {
      options.onStart?.(requirement.id, index, requirements.length);
      const result = selected.includes(requirement)
        ? await resultAmong(selected, run, requirement.id)
        : resultOf(requirement, { verdict: 'skipped', reason: 'not selected' });
      results.push(result);
      options.onResult?.(result);
    }
  } finally {
    restoration = await run.finish();
    if (restoration !== undefined) options.onRestoration?.(restoration);
  }
  return run.report(results, restoration);
}

/** The result of a requirement; with the reason of its cause, when that has no line of its own in the report. */
async function resultAmong(selected: readonly ServerRequirement[], run: Run, id: string): Promise<Result> {
  const result = await run.resultOf(id);
  if (result.blockedBy === undefined || selected.some((other) => other.id === result.blockedBy)) return result;
  const { reason } = await run.resultOf(result.blockedBy);
  return { ...result, reason: `${result.reason}: ${reason}` };
}
