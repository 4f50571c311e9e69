import { isLoopback, parseBaseUrl } from '../contract/base-url.ts';
import { contractSha256, packageVersion } from '../contract/generated.ts';
import { blameForAbsence, blameForDefect, blameForFailure, blameForRefusedToken, blameForSilence, type Judgement } from './blame.ts';
import type { WireExchange } from './exchange.ts';
import { includesMode, modeFor } from './mode.ts';
import { Failure, NoAnswer, Skip, TargetError, Untestable } from './outcome.ts';
import { redactExchange, scrub } from './redact.ts';
import { requirements as allRequirements } from './requirements/index.ts';
import { correlationIdOf } from './run-id.ts';
import { requirementsAsOf, selectRequirements } from './selection.ts';
import { openSession } from './session.ts';
import { memorySnapshots, type SnapshotStore } from './snapshot.ts';
import type { Mode, RecordedExchange, Requirement, Restoration, Result, ServerReport, Target, Verdict } from './types.ts';
import { checkPermission, type WritePermission } from './write-permission.ts';

/** How a run is made. */
export interface RunOptions extends WritePermission {
  /** What may be done to the target. Default: `race` on this machine, `read` elsewhere; more needs a {@link WritePermission}. */
  mode?: Mode;
  /** Only requirements whose id fits; `*` stands for any text. What they stand on is run too, but not reported. */
  only?: string;
  /** The requirements as they were in an earlier version of this package, such as `0.1`. Default: all. */
  requirementsVersion?: string;
  /** Off this machine too, write members other than the first and last name. A change of address may be vetted by people. */
  allMembers?: boolean;
  /** How long one answer may take. Default: 10,000 on this machine, 30,000 elsewhere. */
  timeoutMs?: number;
  /** How many requests the run may send, those that put the profile back included. Default: 2,000. */
  maxRequests?: number;
  /** How long the run may wait, in all, for a service that throttles. Default: 120,000. */
  maxWaitMs?: number;
  /** Show in the report what was read from the customer. Tokens are never shown. */
  showBodies?: boolean;
  /** Where the profile is kept until it is put back. Default: in memory; off this machine it has to be a place that outlives the run. */
  snapshots?: SnapshotStore;
  /** Ends the run after the requirement that is being checked; the profile is put back. */
  signal?: AbortSignal;
  /** Told of each requirement before it is checked, with how many there are. */
  onStart?: (id: string, index: number, count: number) => void;
  /** Told of each result as it comes. */
  onResult?: (result: Result) => void;
  /** Told of each exchange when it is over, redacted, and what it is for: a requirement, `preflight`, `snapshot` or `restore`. */
  onExchange?: (exchange: RecordedExchange, topic: string) => void;
  /** Told of each wait that a throttling service asks for, or that a lagging read needs. */
  onWait?: (ms: number) => void;
  /** Makes GUIDs. Default: `crypto.randomUUID`. */
  newId?: () => string;
  /** Milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
  /** Default: `setTimeout`. */
  sleep?: (ms: number) => Promise<void>;
  /** Default: all of them. */
  requirements?: readonly Requirement[];
}

/** A run that gives its verdicts one by one, in any order. */
export interface Run {
  /** Makes sure that the target answers, takes the token and is free. Errors: `TargetError`. */
  preflight(): Promise<void>;
  /** The result of one requirement; each is checked once. */
  resultOf(id: string): Promise<Result>;
  /** Puts the profile back. Has to be called, whatever happened. */
  finish(): Promise<Restoration | undefined>;
  /** The report of these results. */
  report(results: readonly Result[], restoration?: Restoration): ServerReport;
}

export const defaultSleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Prepares a run. Nothing is sent yet. Errors: `TypeError` for a target, a mode or a permission that will not do. */
export function createRun(target: Target, options: RunOptions = {}): Run {
  const { requirements = allRequirements, newId = () => crypto.randomUUID(), now = Date.now, sleep = defaultSleep, signal } = options;
  const mode = modeFor(target.baseUrl, options.mode);
  // One listener, however often the run waits.
  const stopped = aborted(signal);
  checkPermission(target, mode, options);
  const isLocal = isLoopback(parseBaseUrl(target.baseUrl));
  if (!isLocal && includesMode(mode, 'write') && options.snapshots === undefined) {
    throw new TypeError(`Mode ${mode} off this machine needs a place for the snapshot that outlives the run.`);
  }
  const runId = newId();
  const session = openSession(target, {
    mode,
    runId,
    newId,
    now,
    sleep: (ms) => {
      options.onWait?.(ms);
      return Promise.race([sleep(ms), stopped]);
    },
    timeoutMs: options.timeoutMs ?? (isLocal ? 10_000 : 30_000),
    maxRequests: options.maxRequests ?? 2000,
    maxWaitMs: options.maxWaitMs ?? 120_000,
    showBodies: options.showBodies ?? false,
    snapshots: options.snapshots ?? memorySnapshots,
    onExchange: options.onExchange,
  });
  const startedAtMs = now();
  const results = new Map<string, Promise<Result>>();
  // Why nothing more can be checked.
  let gone: Pick<Result, 'reason' | 'likelyCause' | 'remedy'> | undefined;

  async function resultOf(id: string): Promise<Result> {
    const requirement = requirements.find((candidate) => candidate.id === id);
    if (requirement === undefined) throw new TypeError(`There is no requirement "${id}".`);
    let result = results.get(id);
    if (result === undefined) results.set(id, (result = judge(requirement)));
    return result;
  }

  async function judge(requirement: Requirement): Promise<Result> {
    const { id, needs, check } = requirement;
    if (!includesMode(mode, requirement.mode)) return resultFor(requirement, 'skipped', { reason: `needs mode ${requirement.mode}` });
    if (requirement.touchesMore && !isLocal && !options.allMembers) {
      return resultFor(requirement, 'skipped', { reason: 'changes more than first and last name; needs --all-members' });
    }
    for (const need of needs) {
      // Not in force in the version that was asked for.
      if (!requirements.some((candidate) => candidate.id === need)) continue;
      const { verdict, blockedBy = need, reason = '' } = await resultOf(need);
      if (verdict === 'broken' || verdict === 'skipped') return resultFor(requirement, verdict, { reason });
      if (verdict !== 'pass') return resultFor(requirement, 'untestable', { blockedBy, reason: `${blockedBy} comes first` });
    }
    if (signal?.aborted) gone ??= { reason: 'The run was stopped.' };
    if (gone !== undefined) return resultFor(requirement, 'broken', gone);

    const made: WireExchange[] = [];
    const notes: string[] = [];
    const probe = session.probe(id, {
      record: (exchange) => made.push(exchange),
      note: (words) => notes.includes(words) || notes.push(words),
    });
    const problem = await check(probe).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const observed = notes.length > 0 ? { observed: scrub(notes.join('; '), session.redaction) } : {};
    if (problem === undefined) return resultFor(requirement, 'pass', observed);
    const exchanges = made.map((exchange) => redactExchange(exchange, session.redaction));
    const judged = await judgeError(problem.error, requirement, exchanges);
    return resultFor(requirement, judged.verdict, {
      ...(judged.verdict === 'fail' || judged.verdict === 'untestable' ? { remedy: requirement.remedy } : {}),
      ...(judged.verdict === 'fail' ? { rationale: requirement.rationale } : {}),
      ...judged,
      ...observed,
      correlationId: correlationIdOf(runId, id),
      ...(exchanges.length > 0 ? { exchanges } : {}),
    });
  }

  /** What a check that did not pass comes to. What a server sends, or fails to send while it is up, is never our defect. */
  async function judgeError(error: unknown, requirement: Requirement, exchanges: readonly RecordedExchange[]): Promise<Judged> {
    const reason = error instanceof Error ? scrub(error.message, session.redaction) : String(error);
    const { baseUrl } = session.target;
    if (error instanceof Failure) {
      const { expected, came } = error.difference;
      return {
        verdict: 'fail',
        reason,
        difference: { expected: scrub(expected, session.redaction), actual: scrub(came, session.redaction) },
        ...blamed(blameForFailure(requirement, baseUrl, exchanges.at(-1))),
      };
    }
    if (error instanceof Untestable) return { verdict: 'untestable', reason };
    if (error instanceof Skip) return { verdict: 'skipped', reason };
    if (error instanceof NoAnswer) {
      if (!error.unreachable || (await session.isUp())) {
        return {
          verdict: 'fail',
          reason: `The request was not answered: ${reason}.`,
          difference: { expected: 'an answer', actual: 'none' },
          ...blamed(blameForSilence(baseUrl)),
        };
      }
      gone = { reason: `The target went away: ${reason}.`, ...blamed(blameForAbsence) };
      return { verdict: 'broken', ...gone };
    }
    if (error instanceof TargetError) {
      gone = { reason, ...blamed(blameForRefusedToken) };
      return { verdict: 'broken', ...gone };
    }
    return { verdict: 'broken', reason: `The check itself failed: ${reason}`, ...blamed(blameForDefect) };
  }

  return {
    preflight: () => session.preflight(),
    resultOf,
    finish: () => session.finish(),
    report(reported, restoration) {
      const summary = { pass: 0, fail: 0, untestable: 0, skipped: 0, broken: 0, accepted: 0 };
      for (const { verdict } of reported) summary[verdict] += 1;
      return {
        schemaVersion: 1,
        suite: { version: packageVersion, contractSha256 },
        subject: { kind: 'server', baseUrl: session.target.baseUrl, customerId: session.target.customerId, mode },
        runId,
        startedAt: new Date(startedAtMs).toISOString(),
        durationMs: now() - startedAtMs,
        requests: session.requests(),
        results: [...reported],
        behaviour: session.behaviour,
        ...(restoration === undefined ? {} : { restoration }),
        summary,
      };
    },
  };
}

type Judged = Pick<Result, 'verdict' | 'reason' | 'difference' | 'likelyCause' | 'remedy'>;

function blamed({ component, why, next }: Judgement): Pick<Result, 'likelyCause' | 'remedy'> {
  return { likelyCause: { component, why }, ...(next === undefined ? {} : { remedy: next }) };
}

function resultFor({ id, level, mode, rule, sources }: Requirement, verdict: Verdict, more: Partial<Result> = {}): Result {
  return { id, level, mode, verdict, rule, sources, ...more };
}

/** Resolves when the signal is aborted; never without one. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

/**
 * Runs the requirements against a target, one after the other, then puts the profile back.
 *
 * Shape: every requirement is in the report, those that were not selected as skipped.
 * Errors: `TypeError` for a target, a mode, a permission or a selection that will not do; `TargetError` when the run cannot be made.
 */
export async function runConformance(target: Target, options: RunOptions = {}): Promise<ServerReport> {
  const { requirements = allRequirements, requirementsVersion } = options;
  const inForce = requirementsVersion === undefined ? requirements : requirementsAsOf(requirements, requirementsVersion);
  const selected = selectRequirements(inForce, options.only);
  const run = createRun(target, { ...options, requirements: inForce });
  const results: Result[] = [];
  let restoration: Restoration | undefined;

  async function judged({ id }: Requirement): Promise<Result> {
    const result = await run.resultOf(id);
    if (result.blockedBy === undefined || selected.some((other) => other.id === result.blockedBy)) return result;
    // Its cause has no line of its own in the report.
    const { reason } = await run.resultOf(result.blockedBy);
    return { ...result, reason: `${result.reason}: ${reason}` };
  }

  try {
    await run.preflight();
    for (const [index, requirement] of inForce.entries()) {
      options.onStart?.(requirement.id, index, inForce.length);
      const result = selected.includes(requirement)
        ? await judged(requirement)
        : resultFor(requirement, 'skipped', { reason: 'not selected' });
      results.push(result);
      options.onResult?.(result);
    }
  } finally {
    restoration = await run.finish();
  }
  return run.report(results, restoration);
}
