import type { ServiceBehaviour } from '../contract/behaviour.ts';

/** What a run may do to the target; each mode includes the ones before it. */
export type Mode = 'read' | 'write' | 'race';

/** `must` and `should` are promises; `observe` only writes down what the service does. */
export type Level = 'must' | 'should' | 'observe';

/** `untestable`: something it stands on is missing. `skipped`: the user said no. `broken`: our own fault, or the target went away. */
export type Verdict = 'pass' | 'fail' | 'untestable' | 'skipped' | 'broken';

/** One promise of the service. A value: the runner, the reports, vitest and the documentation all read the same list. */
export interface Requirement {
  /** `topic.verb-object`, true when passed. Public: never renamed, never used again. */
  readonly id: string;
  readonly level: Level;
  readonly mode: Mode;
  /** One sentence. */
  readonly rule: string;
  /** Page, section and date of each document it rests on. */
  readonly sources: readonly string[];
  /** Ids of the requirements without which this one says nothing. */
  readonly needs: readonly string[];
  /** Resolves when the rule holds; throws `Failure`, `Untestable` or `Skip` otherwise. */
  readonly check: (probe: Probe) => Promise<void>;
}

/** The server under test. */
export interface Target {
  /** With or without `/v1`; https, or http to this machine. */
  baseUrl: string;
  /** Tenant id of the customer whose profile is read and, depending on the mode, written. */
  customerId: string;
  token: string;
  /** Tenant id of a second customer. It is only read. */
  otherCustomerId?: string;
  /** Takes the place of the global `fetch`: the target in this process. */
  fetch?: (request: Request) => Promise<Response>;
}

/** A request of a check; what is left out is as in a good one. */
export interface ProbeRequest {
  method: 'GET' | 'PUT';
  customerId?: string;
  /** `null` for no Authorization header at all. */
  token?: string | null;
  ifMatch?: string;
  /** A JSON value. */
  body?: unknown;
  requestId?: string;
  correlationId?: string;
}

/** What came back. `json` is undefined when the body is not JSON. */
export interface ProbeAnswer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  /** The body without a byte order mark. */
  text: string;
  json: unknown;
}

/** What a check works with. */
export interface Probe {
  readonly target: Target;
  /**
   * Sends one request. The run's own ids and token are added.
   *
   * Errors: `NoAnswer` when none came, `Untestable` when the service throttles.
   */
  send(request: ProbeRequest): Promise<ProbeAnswer>;
  /** Writes down an answer to one of the questions that the documents leave open. */
  observe<Question extends keyof ServiceBehaviour>(question: Question, answer: ServiceBehaviour[Question]): void;
  /** A new GUID. */
  newId(): string;
  /** A value of the suite's own, different every time; reports may show it. */
  invent(): string;
}

/** One request and its answer as reports may show them: no token, no value that was read from the customer. */
export interface RecordedExchange {
  request: { method: string; url: string; headers: Record<string, string>; body?: unknown };
  response?: { status: number; headers: Record<string, string>; body?: unknown };
}

/** The verdict on one requirement. */
export interface Result {
  id: string;
  level: Level;
  mode: Mode;
  verdict: Verdict;
  rule: string;
  sources: readonly string[];
  /** Why it is not a pass, in words. */
  reason?: string;
  /** The requirement that has to be mended first. */
  because?: string;
  /** What was sent and what came, when it is not a pass. */
  exchanges?: RecordedExchange[];
}

/** One run, as it is written to JSON. */
export interface Report {
  schemaVersion: 1;
  suite: { version: string; contractSha256: string };
  target: { baseUrl: string; customerId: string; mode: Mode };
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  /** How many requests were sent. */
  requests: number;
  results: Result[];
  /** What the run saw of the open questions; the others are absent. */
  behaviour: Partial<ServiceBehaviour>;
  summary: Record<Verdict | 'known', number>;
}
