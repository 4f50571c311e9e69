import type { ServiceBehaviour } from '../../contract/behaviour.ts';
import { isJsonObject } from '../../contract/json.ts';
import type { ProfileGuard } from '../restore/guard.ts';
import type { ResolvedTarget } from '../target.ts';
import type { Connection } from './connection.ts';
import type { ProbeRequest, ProbeResponse, WireExchange } from './exchange.ts';

/** What a check works with. */
export interface Probe {
  readonly target: ResolvedTarget;
  /** Whether there can be writes: the mode has them, and the profile can be put back. */
  canWrite(): Promise<boolean>;
  /**
   * Sends one request. The run's own ids and token are added; before a write it is made sure that it can be taken back.
   *
   * Errors: `NoResponse` when none came; `Untestable` when the service throttles for too long, or when a write could not be taken back;
   * `Skip` when the run has sent all that it may; `TargetError` when the service refuses our own token.
   */
  send(request: ProbeRequest): Promise<ProbeResponse>;
  /**
   * Errors: `Untestable` when another writer has written the profile since: a write made from it could not be told from theirs.
   * Without a profile it is read.
   */
  expectOurs(profile?: unknown): Promise<void>;
  /** The response to the last PUT of this run that succeeded; undefined before the first. */
  lastWritten(): unknown;
  /** Writes down an answer to one of the questions that the documents leave open. */
  observe<Question extends keyof ServiceBehaviour>(question: Question, answer: ServiceBehaviour[Question]): void;
  /** Writes down, in words, what was seen of something that is no question of a behaviour. */
  note(words: string): void;
  /** A new GUID. */
  newId(): string;
  /** A new GUID that begins as the run's id. */
  newCorrelationId(): string;
  /** A value of the suite's own, different every time, 42 characters; reports may show it. */
  invent(): string;
  /** The same, as text that the check made up. */
  show<Text extends string>(text: Text): Text;
  sleep(ms: number): Promise<void>;
}

/** What the probes of one run share. */
export interface ProbeContext {
  connection: Connection;
  guard: ProfileGuard;
  /** Takes the answers to open questions. */
  behaviour: Partial<ServiceBehaviour>;
  /** Whether the mode of the run has writes. */
  mayWrite: boolean;
  runId: string;
  newId: () => string;
  sleep: (ms: number) => Promise<void>;
}

/** What one check does with its probe, told to the run. */
export interface ProbeListener {
  record: (made: WireExchange) => void;
  note: (words: string) => void;
}

/** Makes the probe of one check. Its exchanges are given to the listener, to be redacted before they are shown. */
export function createProbe(
  requirementId: string,
  { connection, guard, behaviour, mayWrite, runId, newId, sleep }: ProbeContext,
  { record, note }: ProbeListener,
): Probe {
  const show = <Text extends string>(text: Text): Text => {
    connection.redaction.invented.add(text);
    return text;
  };
  return {
    target: connection.target,
    newId,
    newCorrelationId: () => runId.slice(0, -12) + newId().slice(-12),
    note,
    show,
    sleep,
    invent: () => show(`Probe ${newId()}`),
    observe(question, answer) {
      behaviour[question] = answer;
      note(`${question}: ${typeof answer === 'string' ? answer || 'none' : JSON.stringify(answer)}`);
    },
    lastWritten: () => guard.lastWritten,
    async expectOurs(profile) {
      const current = profile ?? (await readAgain(requirementId, connection));
      if (current !== undefined) await guard.expectOurs(current);
    },
    canWrite: () => guard.canWrite(),
    async send(request) {
      if (request.method === 'GET') return connection.send(requirementId, request, record);
      if (!mayWrite) throw new Error('A check of mode read wants to write.');
      if (request.method === 'PUT') await guard.recordWrite(request.body);
      else await guard.ensureSnapshot();
      const response = await connection.send(requirementId, request, record);
      if (request.method === 'PUT' && response.status === 200 && isJsonObject(response.json) && request.customerId === undefined) {
        guard.lastWritten = response.json;
        await guard.recordWrite(response.json);
      }
      return response;
    },
  };
}

/** The profile as it is now. Not the check's own request: when there is no profile, what the check has seen counts. */
async function readAgain(requirementId: string, connection: Connection): Promise<unknown> {
  const response = await connection.exchange(requirementId, { method: 'GET' }).catch(() => undefined);
  return response?.status === 200 && isJsonObject(response.json) ? response.json : undefined;
}
