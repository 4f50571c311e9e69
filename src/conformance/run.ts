import { isLoopback, parseBaseUrl } from '../contract/base-url.ts';
import type { ServiceBehaviour } from '../contract/behaviour.ts';
import { readErrorBody } from '../contract/error-body.ts';
import { contractSha256, packageVersion } from '../contract/generated.ts';
import { isGuid } from '../contract/guid.ts';
import { checkToken } from '../contract/token.ts';
import { exchange, type Sending } from './exchange.ts';
import { Failure, NoAnswer, Skip, TargetError, Untestable } from './outcome.ts';
import { requirements as allRequirements } from './requirements/index.ts';
import type { Mode, Probe, RecordedExchange, Report, Requirement, Result, Target, Verdict } from './types.ts';

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
  readonly mode: Mode;
  /** Makes sure that the target answers and takes the token. Errors: `TargetError`. */
  preflight(): Promise<void>;
  /** The result of one requirement; each is checked once. */
  resultOf(id: string): Promise<Result>;
  /** The results so far, of the requirements that the run reports. */
  report(results: readonly Result[]): Report;
}

const modes: readonly Mode[] = ['read', 'write', 'race'];

/**
 * The mode of a run against a target.
 *
 * Errors: `TypeError` for more than `read` off this machine: a run cannot restore yet what it changed.
 */
export function modeFor(baseUrl: string, asked?: Mode): Mode {
  const local = isLoopback(parseBaseUrl(baseUrl));
  if (!local && asked !== undefined && asked !== 'read') {
    throw new TypeError(
      `Mode ${asked} is only for servers on this machine until a run can restore what it changed. Leave --mode out, or use read.`,
    );
  }
  return asked ?? (local ? 'race' : 'read');
}

/** Prepares a run. Nothing is sent yet. Errors: `TypeError` for a target or a mode that will not do. */
export function createRun(target: Target, options: RunOptions = {}): Run {
  const requirements = options.requirements ?? allRequirements;
  const { newId = () => crypto.randomUUID(), now = Date.now, timeoutMs = 30_000 } = options;
  for (const id of [target.customerId, target.otherCustomerId ?? target.customerId]) {
    if (!isGuid(id)) throw new TypeError('A customer id is not a GUID. Give the tenant id of the customer.');
  }
  checkToken(target.token);
  const baseUrl = parseBaseUrl(target.baseUrl);
  const mode = modeFor(baseUrl, options.mode);
  const startedAtMs = now();
  const invented = new Set<string>();
  const behaviour: Partial<ServiceBehaviour> = {};
  const results = new Map<string, Promise<Result>>();
  let requests = 0;
  let gone: string | undefined;

  function probeFor(record: (recorded: RecordedExchange) => void): Probe {
    const sending: Sending = { target: { ...target, baseUrl }, newId, timeoutMs, record, redaction: { secrets: [target.token], invented } };
    return {
      target: sending.target,
      newId,
      invent() {
        const value = `Probe ${newId()}`;
        invented.add(value);
        return value;
      },
      observe: (question, answer) => void (behaviour[question] = answer),
      async send(request) {
        requests += 1;
        const answer = await exchange(sending, request);
        if (answer.status !== 429) return answer;
        const wait = answer.headers.get('Retry-After');
        throw new Untestable(`The service throttles${wait === null ? '' : `; Retry-After says ${wait}`}. Run again later.`);
      },
    };
  }

  async function resultOf(id: string): Promise<Result> {
    const requirement = requirements.find((candidate) => candidate.id === id);
    if (requirement === undefined) throw new TypeError(`There is no requirement "${id}".`);
    let result = results.get(id);
    if (result === undefined) results.set(id, (result = judge(requirement)));
    return result;
  }

  async function judge({ id, level, mode: needed, rule, sources, needs, check }: Requirement): Promise<Result> {
    const result = (verdict: Verdict, more: Partial<Result> = {}): Result => ({ id, level, mode: needed, verdict, rule, sources, ...more });
    if (modes.indexOf(needed) > modes.indexOf(mode)) return result('skipped', { reason: `needs mode ${needed}` });
    for (const need of needs) {
      const { verdict, because = need, reason } = await resultOf(need);
      if (verdict === 'broken') return result('broken', { reason: reason ?? '' });
      if (verdict !== 'pass') return result('untestable', { because, reason: `${because} comes first` });
    }
    if (gone !== undefined) return result('broken', { reason: gone });

    const exchanges: RecordedExchange[] = [];
    try {
      await check(probeFor((recorded) => exchanges.push(recorded)));
      return result('pass');
    } catch (error) {
      const { verdict, reason } = await blame(error);
      return result(verdict, { reason, ...(exchanges.length > 0 ? { exchanges } : {}) });
    }
  }

  /** Whose fault it is that a check did not pass. What a server sends, or fails to send while it is up, is never ours. */
  async function blame(error: unknown): Promise<{ verdict: Verdict; reason: string }> {
    if (error instanceof Failure) return { verdict: 'fail', reason: error.message };
    if (error instanceof Untestable) return { verdict: 'untestable', reason: error.message };
    if (error instanceof Skip) return { verdict: 'skipped', reason: error.message };
    if (error instanceof NoAnswer) {
      if (await isUp()) return { verdict: 'fail', reason: `The request was not answered: ${error.message}.` };
      gone = `The target went away: ${error.message}.`;
      return { verdict: 'broken', reason: gone };
    }
    return { verdict: 'broken', reason: `The check itself failed: ${error instanceof Error ? error.message : String(error)}` };
  }

  async function isUp(): Promise<boolean> {
    try {
      await probeFor(() => {}).send({ method: 'GET' });
      return true;
    } catch (error) {
      return !(error instanceof NoAnswer && error.unreachable);
    }
  }

  return {
    mode,
    resultOf,
    async preflight() {
      const answer = await probeFor(() => {})
        .send({ method: 'GET' })
        .catch((error: unknown) => {
          if (error instanceof NoAnswer && error.unreachable)
            throw new TargetError(`${baseUrl} does not answer: ${error.message}. Check the address and the network.`);
          return undefined;
        });
      if (answer?.status !== 401 && answer?.status !== 403) return;
      const { code, description } = readErrorBody(answer.json);
      const said = [
        String(answer.status),
        ...(code === undefined ? [] : [`code ${code}`]),
        ...(description === undefined ? [] : [`"${description.replaceAll(target.token, '…')}"`]),
      ];
      throw new TargetError(
        `${baseUrl} refuses the token for customer ${target.customerId}: ${said.join(', ')}. Check the token and the customer id.`,
      );
    },
    report(reported) {
      const summary = { pass: 0, fail: 0, untestable: 0, skipped: 0, broken: 0, known: 0 };
      for (const { verdict } of reported) summary[verdict] += 1;
      return {
        schemaVersion: 1,
        suite: { version: packageVersion, contractSha256 },
        target: { baseUrl, customerId: target.customerId, mode },
        startedAt: new Date(startedAtMs).toISOString(),
        durationMs: now() - startedAtMs,
        requests,
        results: [...reported],
        behaviour,
        summary,
      };
    },
  };
}

/** The requirements whose id fits a pattern; `*` stands for any text. */
export function selectRequirements(requirements: readonly Requirement[], only = '*'): Requirement[] {
  const pattern = new RegExp(`^${only.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  return requirements.filter(({ id }) => pattern.test(id));
}

/**
 * Runs the requirements against a target, one after the other.
 *
 * Shape: every requirement is in the report, those that were not selected as skipped.
 * Errors: `TypeError` for a target, a mode or a selection that will not do; `TargetError` when the run cannot be made.
 */
export async function runConformance(target: Target, options: RunOptions = {}): Promise<Report> {
  const requirements = options.requirements ?? allRequirements;
  const selected = selectRequirements(requirements, options.only);
  if (selected.length === 0) throw new TypeError(`No requirement fits "${options.only}".`);
  const run = createRun(target, options);
  await run.preflight();
  const results: Result[] = [];
  for (const requirement of requirements) {
    const { id, level, mode, rule, sources } = requirement;
    const result: Result = selected.includes(requirement)
      ? await run.resultOf(id)
      : { id, level, mode, verdict: 'skipped', rule, sources, reason: 'not selected' };
    results.push(result);
    options.onResult?.(result);
  }
  return run.report(results);
}

/**
 * The exit code of a finished run: 0 when every `must` that ran passed and at least one ran, 1 when one failed or was untestable,
 * 2 when the run itself is invalid. With `strict` a `should` counts too; an `observe` never does.
 */
export function exitCodeOf({ results, summary }: Report, { strict = false } = {}): 0 | 1 | 2 {
  if (summary.broken > 0) return 2;
  const ran = results.filter(({ verdict }) => verdict !== 'skipped');
  if (!ran.some(({ level }) => level === 'must')) return 2;
  const counts = ran.filter(({ level }) => level === 'must' || (strict && level === 'should'));
  return counts.every(({ verdict }) => verdict === 'pass') ? 0 : 1;
}
