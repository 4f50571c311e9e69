import { contractSha256, packageVersion } from '../contract/generated.ts';
import { includesMode, modeFor } from './mode.ts';
import { Failure, NoAnswer, Skip, Untestable } from './outcome.ts';
import { requirements as allRequirements } from './requirements/index.ts';
import { openSession } from './session.ts';
import type { Mode, RecordedExchange, Report, Requirement, Result, Target, Verdict } from './types.ts';

/** How a run is made. */
export interface RunOptions {
  /** What may be done to the target. Default: `race` on this machine, `read` elsewhere; more than `read` elsewhere is refused. */
  mode?: Mode;
  /** Only requirements whose id fits; `*` stands for any text. What they stand on is run too, but not reported. */
  only?: string;
  /** How long one answer may take. Default: 30,000. */
  timeoutMs?: number;
  /** Told of each result as it comes. */
  onResult?: (result: Result) => void;
  /** Makes GUIDs. Default: `crypto.randomUUID`. */
  newId?: () => string;
  /** Milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
  /** Default: all of them. */
  requirements?: readonly Requirement[];
}

/** A run that gives its verdicts one by one, in any order. */
export interface Run {
  /** Makes sure that the target answers and takes the token. Errors: `TargetError`. */
  preflight(): Promise<void>;
  /** The result of one requirement; each is checked once. */
  resultOf(id: string): Promise<Result>;
  /** The report of these results. */
  report(results: readonly Result[]): Report;
}

/** Prepares a run. Nothing is sent yet. Errors: `TypeError` for a target or a mode that will not do. */
export function createRun(target: Target, options: RunOptions = {}): Run {
  const { requirements = allRequirements, newId = () => crypto.randomUUID(), now = Date.now, timeoutMs = 30_000 } = options;
  const session = openSession(target, { newId, timeoutMs });
  const mode = modeFor(target.baseUrl, options.mode);
  const startedAtMs = now();
  const results = new Map<string, Promise<Result>>();
  let gone: string | undefined;

  async function resultOf(id: string): Promise<Result> {
    const requirement = requirements.find((candidate) => candidate.id === id);
    if (requirement === undefined) throw new TypeError(`There is no requirement "${id}".`);
    let result = results.get(id);
    if (result === undefined) results.set(id, (result = judge(requirement)));
    return result;
  }

  async function judge(requirement: Requirement): Promise<Result> {
    const { needs, check } = requirement;
    if (!includesMode(mode, requirement.mode)) return resultFor(requirement, 'skipped', { reason: `needs mode ${requirement.mode}` });
    for (const need of needs) {
      const { verdict, because = need, reason = '' } = await resultOf(need);
      if (verdict === 'broken') return resultFor(requirement, 'broken', { reason });
      if (verdict !== 'pass') return resultFor(requirement, 'untestable', { because, reason: `${because} comes first` });
    }
    if (gone !== undefined) return resultFor(requirement, 'broken', { reason: gone });

    const exchanges: RecordedExchange[] = [];
    try {
      await check(session.probe((recorded) => exchanges.push(recorded)));
      return resultFor(requirement, 'pass');
    } catch (error) {
      const { verdict, reason } = await blame(error);
      return resultFor(requirement, verdict, { reason, ...(exchanges.length > 0 ? { exchanges } : {}) });
    }
  }

  /** Whose fault it is that a check did not pass. What a server sends, or fails to send while it is up, is never ours. */
  async function blame(error: unknown): Promise<{ verdict: Verdict; reason: string }> {
    if (error instanceof Failure) return { verdict: 'fail', reason: error.message };
    if (error instanceof Untestable) return { verdict: 'untestable', reason: error.message };
    if (error instanceof Skip) return { verdict: 'skipped', reason: error.message };
    if (error instanceof NoAnswer) {
      if (await session.isUp()) return { verdict: 'fail', reason: `The request was not answered: ${error.message}.` };
      gone = `The target went away: ${error.message}.`;
      return { verdict: 'broken', reason: gone };
    }
    return { verdict: 'broken', reason: `The check itself failed: ${error instanceof Error ? error.message : String(error)}` };
  }

  return {
    preflight: () => session.preflight(),
    resultOf,
    report(reported) {
      const summary = { pass: 0, fail: 0, untestable: 0, skipped: 0, broken: 0, known: 0 };
      for (const { verdict } of reported) summary[verdict] += 1;
      return {
        schemaVersion: 1,
        suite: { version: packageVersion, contractSha256 },
        target: { baseUrl: session.target.baseUrl, customerId: session.target.customerId, mode },
        startedAt: new Date(startedAtMs).toISOString(),
        durationMs: now() - startedAtMs,
        requests: session.requests(),
        results: [...reported],
        behaviour: session.behaviour,
        summary,
      };
    },
  };
}

function resultFor({ id, level, mode, rule, sources }: Requirement, verdict: Verdict, more: Partial<Result> = {}): Result {
  return { id, level, mode, verdict, rule, sources, ...more };
}

/** The requirements whose id fits a pattern; `*` stands for any text. Errors: `TypeError` when there is none. */
export function selectRequirements(requirements: readonly Requirement[], only = '*'): Requirement[] {
  const pattern = new RegExp(`^${only.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  const selected = requirements.filter(({ id }) => pattern.test(id));
  if (selected.length === 0) throw new TypeError(`No requirement fits "${only}".`);
  return selected;
}

/**
 * Runs the requirements against a target, one after the other.
 *
 * Shape: every requirement is in the report, those that were not selected as skipped.
 * Errors: `TypeError` for a target, a mode or a selection that will not do; `TargetError` when the run cannot be made.
 */
export async function runConformance(target: Target, options: RunOptions = {}): Promise<Report> {
  const { requirements = allRequirements } = options;
  const selected = selectRequirements(requirements, options.only);
  const run = createRun(target, options);
  await run.preflight();
  const results: Result[] = [];
  for (const requirement of requirements) {
    const result = selected.includes(requirement)
      ? await run.resultOf(requirement.id)
      : resultFor(requirement, 'skipped', { reason: 'not selected' });
    results.push(result);
    options.onResult?.(result);
  }
  return run.report(results);
}
