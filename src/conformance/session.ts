import { isLoopback, parseBaseUrl } from '../contract/base-url.ts';
import type { ServiceBehaviour } from '../contract/behaviour.ts';
import { readErrorBody } from '../contract/error-body.ts';
import { isGuid } from '../contract/guid.ts';
import { isJsonObject } from '../contract/json.ts';
import { checkToken } from '../contract/token.ts';
import { exchange, type WireExchange } from './exchange.ts';
import { includesMode } from './mode.ts';
import { NoAnswer, Skip, TargetError, Untestable } from './outcome.ts';
import { personalTextsOf, redactExchange, type Redaction, scrub } from './redact.ts';
import { restoreProfile } from './restore.ts';
import { correlationIdOf } from './run-id.ts';
import { createLedger, type Ledger, type Leftover, type Snapshot, type SnapshotLog, type SnapshotStore } from './snapshot.ts';
import { createPace } from './throttle.ts';
import type { Mode, Probe, ProbeAnswer, ProbeRequest, RecordedExchange, Restoration, Target } from './types.ts';

/** What a session needs beside its target. */
export interface SessionOptions {
  mode: Mode;
  runId: string;
  newId: () => string;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  timeoutMs: number;
  maxRequests: number;
  maxWaitMs: number;
  showBodies: boolean;
  snapshots: SnapshotStore;
  onExchange?: ((exchange: RecordedExchange, topic: string) => void) | undefined;
}

/** What one check does with its probe, told to the run. */
export interface ProbeListener {
  record: (made: WireExchange) => void;
  note: (words: string) => void;
}

/** Everything that the checks of one run share: the target, what they sent, made up and saw. */
export interface Session {
  readonly target: Target;
  readonly redaction: Redaction;
  /** How many requests were sent so far. */
  requests(): number;
  /** The open questions that were answered so far. */
  readonly behaviour: Partial<ServiceBehaviour>;
  /** What one check works with. Its exchanges are given to the listener, to be redacted before anybody sees them. */
  probe(requirementId: string, listener: ProbeListener): Probe;
  /** Makes sure that the target answers, takes the token and is not in somebody else's hands. Errors: `TargetError`. */
  preflight(): Promise<void>;
  /** Puts back what an earlier run left behind; undefined when there is nothing. Errors: `TargetError`. */
  putBack(options: { force: boolean }): Promise<Restoration | undefined>;
  /** Removes what an earlier run left behind, without a request. */
  forget(): Promise<void>;
  /** Whether somebody still listens there. */
  isUp(): Promise<boolean>;
  /** Puts the profile back if anything was written, and lets the next run in. Undefined when nothing was. */
  finish(): Promise<Restoration | undefined>;
}

/** The snapshot of this run, and what was written since. */
interface Kept {
  snapshot: Snapshot;
  ledger: Ledger;
  wrote: boolean;
}

// What a restoration may take; a run that may write keeps as many back.
const requestsToRestore = 12;

/** Opens a session; nothing is sent yet. Errors: `TypeError` for a target that will not do. */
export function openSession(given: Target, options: SessionOptions): Session {
  const { mode, runId, newId, now, timeoutMs, snapshots } = options;
  const target = checkTarget(given);
  const behaviour: Partial<ServiceBehaviour> = {};
  const invented = new Set<string>();
  const personal = new Set<string>();
  const redaction: Redaction = { secrets: [target.token], invented, personal, showBodies: options.showBodies };
  const pace = createPace(options.maxWaitMs, options.sleep, now);
  const mayWrite = includesMode(mode, 'write');
  const maxRequests = options.maxRequests - (mayWrite ? requestsToRestore : 0);
  let requests = 0;
  let lastWritten: unknown;

  let log: SnapshotLog | undefined;
  let logProblem: string | undefined;
  let kept: Promise<Kept> | undefined;

  /** Sends, without asking whether it may. */
  async function exchangeFor(topic: string, request: ProbeRequest, record: ProbeListener['record'] = () => {}): Promise<ProbeAnswer> {
    requests += 1;
    const correlationId = correlationIdOf(runId, topic);
    let made: WireExchange | undefined;
    const sending = {
      target,
      runId,
      correlationId,
      newId,
      timeoutMs,
      record: (taken: WireExchange) => record((made = taken)),
    };
    const answer = await exchange(sending, request).finally(() => made && options.onExchange?.(redactExchange(made, redaction), topic));
    if (answer.status >= 200 && answer.status < 300) for (const text of personalTextsOf(answer.json, invented)) personal.add(text);
    return answer;
  }

  /** The same, but what is said of our own token, or of haste, is heeded. */
  async function heed(topic: string, request: ProbeRequest, record?: ProbeListener['record']): Promise<ProbeAnswer> {
    for (;;) {
      // A check, and not what has to be sent in any case.
      if (record !== undefined && requests >= maxRequests) throw new Skip('the run has sent as many requests as it may');
      const answer = await exchangeFor(topic, request, record);
      if (answer.status === 429 && !request.takesThrottling) await pace.waitFor(answer);
      else return isOwn(request) && !request.takesRefusal ? withoutRefusal(answer) : answer;
    }
  }

  const isOwn = ({ token, customerId }: ProbeRequest): boolean => token === undefined && customerId === undefined;

  function withoutRefusal(answer: ProbeAnswer): ProbeAnswer {
    if (answer.status !== 401 && answer.status !== 403) return answer;
    const { code, description } = readErrorBody(answer.json);
    const said = [
      String(answer.status),
      ...(code === undefined ? [] : [`code ${code}`]),
      ...(description === undefined ? [] : [`"${scrub(description, redaction)}"`]),
    ].join(', ');
    throw new TargetError(
      `${target.baseUrl} refuses the token for customer ${target.customerId}: ${said}. Check the token and the customer id.`,
    );
  }

  /** Reads the profile and keeps it, before the first write. Errors: `Untestable` when it could not be put back. */
  async function takeSnapshot(): Promise<Kept> {
    const no = (why: string): Untestable => new Untestable(`Nothing is written, because the profile could not be put back: ${why}`);
    if (log === undefined) throw no(logProblem ?? 'there is no place for a snapshot.');
    const answer = await heed('snapshot', { method: 'GET' });
    const profile = answer.json;
    if (answer.status !== 200 || !isJsonObject(profile)) throw no(`GET was answered ${answer.status} without a profile.`);
    if (hasInexactNumber(answer.text)) throw no('it carries a number with more digits than can be written back.');
    const hasNames = [profile.firstName, profile.lastName].every((name) => typeof name === 'string' && name !== '');
    if (!hasNames && !isLoopback(target.baseUrl)) {
      throw no('it has no first and last name, and whether names that were added can be taken away again is not documented.');
    }
    const snapshot: Snapshot = {
      schemaVersion: 1,
      baseUrl: target.baseUrl,
      customerId: target.customerId,
      runId,
      takenAt: new Date(now()).toISOString(),
      profile,
    };
    await log.begin(snapshot).catch((error: unknown) => {
      throw no(`the snapshot cannot be kept: ${messageOf(error)}.`);
    });
    return { snapshot, ledger: createLedger({ snapshot, writes: [] }), wrote: false };
  }

  async function recordWrite(write: unknown): Promise<void> {
    const taken = await (kept ??= takeSnapshot());
    try {
      await log!.record(write);
    } catch (error) {
      throw new Untestable(`Nothing is written, because the snapshot cannot be kept: ${messageOf(error)}.`);
    }
    taken.ledger.add(write);
    taken.wrote = true;
  }

  /** Puts the profile back, and keeps the snapshot unless that has worked. */
  async function restore({ snapshot, ledger }: Pick<Kept, 'snapshot' | 'ledger'>, force = false): Promise<Restoration> {
    const restoration = await restoreProfile((request) => heed('restore', request), snapshot, ledger, {
      redaction,
      force,
      sleep: options.sleep,
      record: async (write) => {
        await log!.record(write);
        ledger.add(write);
      },
    });
    if (restoration.state === 'restored' || restoration.state === 'not-needed') await log!.remove();
    else if (log!.place !== undefined) restoration.keptIn = log!.place;
    return restoration;
  }

  function probe(requirementId: string, { record, note }: ProbeListener): Probe {
    const show = <Text extends string>(text: Text): Text => {
      invented.add(text);
      return text;
    };
    // Not the check's own: when it comes to nothing, what the check has seen counts.
    const readAgain = async (): Promise<unknown> => {
      const answer = await exchangeFor(requirementId, { method: 'GET' }).catch(() => undefined);
      return answer?.status === 200 && isJsonObject(answer.json) ? answer.json : undefined;
    };
    return {
      target,
      newId,
      newCorrelationId: () => runId.slice(0, -12) + newId().slice(-12),
      note,
      show,
      sleep: options.sleep,
      invent: () => show(`Probe ${newId()}`),
      observe(question, answer) {
        behaviour[question] = answer;
        note(`${question}: ${typeof answer === 'string' ? answer || 'none' : JSON.stringify(answer)}`);
      },
      lastWritten: () => lastWritten,
      async expectOurs(profile) {
        const taken = await kept?.catch(() => undefined);
        const current = profile ?? (await readAgain());
        const foreign = current === undefined ? [] : (taken?.ledger.foreignMembers(current, redaction) ?? []);
        if (foreign.length === 0) return;
        const names = foreign.map(({ member }) => member).join(', ');
        throw new Untestable(`Somebody else changed ${names} during the run, so nothing more is written.`);
      },
      canWrite: () =>
        mayWrite
          ? (kept ??= takeSnapshot()).then(
              () => true,
              () => false,
            )
          : Promise.resolve(false),
      async send(request) {
        if (request.method === 'GET') return heed(requirementId, request, record);
        if (!mayWrite) throw new Error('A check of mode read wants to write.');
        if (request.method === 'PUT') await recordWrite(request.body);
        else await (kept ??= takeSnapshot());
        const answer = await heed(requirementId, request, record);
        if (request.method === 'PUT' && answer.status === 200 && isJsonObject(answer.json) && request.customerId === undefined) {
          lastWritten = answer.json;
          await recordWrite(answer.json);
        }
        return answer;
      },
    };
  }

  async function openLog(): Promise<void> {
    try {
      log = await snapshots.open(target.baseUrl, target.customerId);
    } catch (error) {
      if (error instanceof TargetError) throw error;
      logProblem = `the snapshot cannot be kept: ${messageOf(error)}.`;
    }
  }

  async function putBackLeftover(leftover: Leftover): Promise<void> {
    const what = `A run of ${leftover.snapshot.takenAt} did not end, and its snapshot is in ${log?.place ?? 'memory'}.`;
    const how = 'Run `pc-billing conformance restore` with the same --base-url, --customer and --state-dir.';
    if (!isLoopback(target.baseUrl)) throw new TargetError(`${what} ${how}`);
    const { state, reason = '' } = await restore({ snapshot: leftover.snapshot, ledger: createLedger(leftover) });
    if (state === 'changed-by-others' || state === 'unverified') throw new TargetError(`${what} It was not put back: ${reason}. ${how}`);
  }

  /** Errors: `TargetError` when nobody answers, or when the token is refused. Whatever else is wrong is for the requirements to say. */
  async function greet(): Promise<void> {
    const answer = await exchangeFor('preflight', { method: 'GET' }).catch((error: unknown) => {
      if (error instanceof NoAnswer && error.unreachable) {
        throw new TargetError(`${target.baseUrl} does not answer: ${error.message}. Check the address and the network.`);
      }
      return undefined;
    });
    if (answer !== undefined) withoutRefusal(answer);
  }

  return {
    target,
    redaction,
    behaviour,
    probe,
    requests: () => requests,
    async preflight() {
      await greet();
      if (!mayWrite) return;
      await openLog();
      if (log?.leftover !== undefined) await putBackLeftover(log.leftover);
    },
    async putBack({ force }) {
      await openLog();
      if (logProblem !== undefined) throw new TargetError(logProblem);
      if (log?.leftover === undefined) return undefined;
      await greet();
      return restore({ snapshot: log.leftover.snapshot, ledger: createLedger(log.leftover) }, force);
    },
    async forget() {
      await openLog();
      if (logProblem !== undefined) throw new TargetError(logProblem);
      await log?.remove();
    },
    async isUp() {
      try {
        await exchangeFor('preflight', { method: 'GET' });
        return true;
      } catch (error) {
        return !(error instanceof NoAnswer && error.unreachable);
      }
    },
    async finish() {
      try {
        const taken = await kept?.catch(() => undefined);
        if (taken?.wrote) return await restore(taken);
        if (taken !== undefined) await log!.remove();
        return undefined;
      } finally {
        await log?.close();
      }
    },
  };
}

function checkTarget(target: Target): Target {
  for (const id of [target.customerId, target.otherCustomerId ?? target.customerId]) {
    if (!isGuid(id)) throw new TypeError('A customer id is not a GUID. Give the tenant id of the customer.');
  }
  if (target.otherCustomerId?.toLowerCase() === target.customerId.toLowerCase()) {
    throw new TypeError('The other customer is the same as the customer. Give another one, or none.');
  }
  checkToken(target.token);
  return { ...target, baseUrl: parseBaseUrl(target.baseUrl) };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether JSON carries a number that would lose digits on its way through JavaScript. */
function hasInexactNumber(json: string): boolean {
  const numbers = json.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').match(/-?\d[\d.eE+-]*/g) ?? [];
  return numbers.some((written) => {
    const value = Number(written);
    return Number.isInteger(value) ? !Number.isSafeInteger(value) : written.replace(/^-|[.]|[eE].*$/g, '').length > 15;
  });
}
