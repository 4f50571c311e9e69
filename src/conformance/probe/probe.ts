import { behaviourWords, type ServiceBehaviour } from '../../contract/behaviour.ts';
import { isJsonObject } from '../../contract/json.ts';
import type { ProfileGuard } from '../restore/guard.ts';
import type { ResolvedTarget } from '../target.ts';
import type { Connection, Sleep } from './connection.ts';
import type { ProbeRequest, ProbeResponse, WireExchange } from './exchange.ts';

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
  sleep: Sleep;
}

/** What a check works with. */
export class Probe {
  readonly target: ResolvedTarget;
  /** Makes a new GUID. */
  readonly newId: () => string;
  readonly sleep: Sleep;
  /** What the check has sent so far, to be redacted before it is shown. */
  readonly exchanges: WireExchange[] = [];
  /** What the check has seen of open questions, in words. */
  readonly notes = new Set<string>();
  readonly #requirementId: string;
  readonly #context: ProbeContext;

  constructor(requirementId: string, context: ProbeContext) {
    this.target = context.connection.target;
    this.newId = context.newId;
    this.sleep = context.sleep;
    this.#requirementId = requirementId;
    this.#context = context;
  }

  /** Whether there can be writes: the mode has them, and the profile can be put back. */
  canWrite(): Promise<boolean> {
    return this.#context.guard.canWrite();
  }

  /** The response to the last PUT of this run that succeeded; undefined before the first. */
  lastWritten(): unknown {
    return this.#context.guard.lastWritten;
  }

  /**
   * Sends one request. The run's own ids and token are added; before a write it is made sure that it can be taken back.
   *
   * Errors: `NoResponse` when none came; `Untestable` when the service throttles for too long, or when a write could not be taken back;
   * `Skip` when the run has sent all that it may; `TargetError` when the service refuses our own token.
   */
  async send(request: ProbeRequest): Promise<ProbeResponse> {
    const { connection, guard, mayWrite } = this.#context;
    const isPut = request.method === 'PUT';
    if (request.method !== 'GET') {
      if (!mayWrite) throw new Error('A check of mode read wants to write.');
      await (isPut ? guard.recordWrite(request.body) : guard.ensureSnapshot());
    }
    const response = await connection.send(this.#requirementId, request, (made) => this.exchanges.push(made));
    if (isPut) guard.noteResponse();
    if (isPut && response.status === 200 && isJsonObject(response.json) && request.customerId === undefined) {
      await guard.recordStored(response.json);
    }
    return response;
  }

  /**
   * Errors: `Untestable` when another writer has written the profile since: a write made from it could not be told from theirs.
   * Without a profile it is read.
   */
  async expectOurs(profile?: unknown): Promise<void> {
    const current = profile ?? (await this.#readAgain());
    if (current !== undefined) await this.#context.guard.expectOurs(current);
  }

  /** Writes down an answer to one of the questions that the documents leave open. */
  observe<Question extends keyof ServiceBehaviour>(question: Question, answer: ServiceBehaviour[Question]): void {
    this.#context.behaviour[question] = answer;
    this.note(behaviourWords(question, answer).join(': '));
  }

  /** Writes down, in words, what was seen of something that is no question of a behaviour. */
  note(words: string): void {
    this.notes.add(words);
  }

  /** A new GUID that begins as the run's id. */
  newCorrelationId(): string {
    return this.#context.runId.slice(0, -12) + this.newId().slice(-12);
  }

  /** A value of the suite's own, different every time, 42 characters; reports may show it. */
  invent(): string {
    return this.show(`Probe ${this.newId()}`);
  }

  /** The same, as text that the check made up. */
  show<Text extends string>(text: Text): Text {
    this.#context.connection.redaction.invented.add(text);
    return text;
  }

  /** The profile as it is now. Not the check's own request: when there is no profile, what the check has seen counts. */
  async #readAgain(): Promise<unknown> {
    const response = await this.#context.connection.exchange(this.#requirementId, { method: 'GET' }).catch(() => undefined);
    return response?.status === 200 && isJsonObject(response.json) ? response.json : undefined;
  }
}
