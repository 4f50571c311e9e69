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
  /** The version of this package that brought it. A rule that gets stricter is a new requirement. */
  readonly since: string;
  /** One sentence. */
  readonly rule: string;
  /** What to do about a failure, in one sentence. */
  readonly remedy: string;
  /** Why it matters to a reseller, in one sentence. */
  readonly rationale: string;
  /** How it is tested: what is sent and what is compared, in one or two sentences. */
  readonly procedure: string;
  /** Page, section and date of each document it rests on. */
  readonly sources: readonly string[];
  /** Ids of the requirements without which this one says nothing. */
  readonly needs: readonly string[];
  /** It may change more than the first and last name, or more than this customer. Off this machine it has to be asked for. */
  readonly touchesMore?: true;
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
  method: 'GET' | 'PUT' | 'PATCH';
  /** A path segment; it need not be a GUID. */
  customerId?: string;
  /** `null` for no Authorization header at all. */
  token?: string | null;
  ifMatch?: string;
  /** A JSON value; of a PUT, what is meant to be stored. */
  body?: unknown;
  /** Sent in the place of `body`, which then only says what it might store. */
  text?: string;
  /** Default: `application/json`. */
  contentType?: string;
  /** `null` for none. */
  requestId?: string | null;
  /** `null` for none. */
  correlationId?: string | null;
  /** A refusal is an answer, 401 and 403 too. Without it these two end the run. */
  takesRefusal?: true;
  /** A 429 is an answer too. Without it the service is given time, and asked again. */
  takesThrottling?: true;
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
  /** Whether there can be writes: the mode has them, and the profile can be put back. */
  canWrite(): Promise<boolean>;
  /**
   * Sends one request. The run's own ids and token are added; before a write it is made sure that it can be taken back.
   *
   * Errors: `NoAnswer` when none came; `Untestable` when the service throttles for too long, or when a write could not be taken back;
   * `Skip` when the run has sent all that it may; `TargetError` when the service refuses our own token.
   */
  send(request: ProbeRequest): Promise<ProbeAnswer>;
  /**
   * Errors: `Untestable` when somebody else has written the profile since: a write made from it could not be told from theirs.
   * Without a profile it is read.
   */
  expectOurs(profile?: unknown): Promise<void>;
  /** What the last PUT of this run that succeeded was answered; undefined before the first. */
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

/** One request and its answer as reports may show them: no token, no value that was read from the customer. */
export interface RecordedExchange {
  request: {
    method: string;
    url: string;
    headers: Record<string, string>;
    /** What a check made up is shown; of what was read stand the kinds of the values, such as `<string, 12 characters>`. */
    body?: unknown;
    /** The end of the body that was not sent, on purpose. */
    bodyLacks?: string;
  };
  response?: { status: number; headers: Record<string, string>; body?: unknown };
}

/** `contract`: our own statements on the service. `network`: what stands between. `suite`: the check itself. */
export type Component = 'service' | 'client' | 'contract' | 'network' | 'suite';

/** Whose fault it looks like. A guess with its reason, for whoever has to be written to. */
export interface LikelyCause {
  component: Component;
  /** In whole sentences. */
  why: string;
}

/** A failure that is known and borne for a time. */
export interface AcceptedFailure {
  /** Id of the requirement that is not kept. */
  requirement: string;
  reason: string;
  /** Who sees to it. */
  owner: string;
  /** The last day on which it does not count, `2027-01-31`, UTC. */
  expires: string;
}

/** The verdict on one requirement. */
export interface Result {
  id: string;
  level: Level;
  mode: Mode;
  verdict: Verdict;
  rule: string;
  sources: readonly string[];
  /** What to do about it, when it is not a pass. */
  remedy?: string;
  /** Why it is not a pass, in words. */
  reason?: string;
  /** The one thing that differs. */
  difference?: { expected: string; actual: string };
  /** The requirement that has to be mended first. */
  blockedBy?: string;
  /** Of a failure, and of a run that is not valid. */
  likelyCause?: LikelyCause;
  /** Of a failure: why it matters to a reseller. */
  rationale?: string;
  /** Of a failure: that it is known. It does not count, unless it has expired. */
  accepted?: Omit<AcceptedFailure, 'requirement'> & { expired: boolean };
  /** What was seen, in words: an answer to an open question. */
  observed?: string;
  /** MS-CorrelationId of its requests, to be found in the service's logs. */
  correlationId?: string;
  /** What was sent and what came, when it is not a pass. */
  exchanges?: RecordedExchange[];
}

/** What became of the profile after the writes of a run. */
export interface Restoration {
  /** `changed-by-others`: somebody else wrote, so nothing was put back. `unverified`: it may or may not be as it was. */
  state: 'not-needed' | 'restored' | 'changed-by-others' | 'unverified';
  /** In words, without a value that was read from the customer. */
  reason?: string;
  /** Where the snapshot is kept until somebody restores it. */
  keptIn?: string;
  /** Of `changed-by-others`: the members that differ, in the snapshot, in our last write and now. */
  versions?: { member: string; snapshot: string; ours: string; now: string }[];
}

/** The server that a run tested. */
export interface ServerSubject {
  kind: 'server';
  baseUrl: string;
  customerId: string;
  mode: Mode;
}

/** The client that was scored. */
export interface ClientSubject {
  kind: 'client';
  /** Program and arguments; absent for a client that was started by hand. */
  command?: readonly string[];
  /** The scenarios that were played, in order. */
  scenarios: readonly string[];
}

interface BaseReport<Subject> {
  schemaVersion: 1;
  suite: { version: string; contractSha256: string };
  subject: Subject;
  /** In the User-Agent of every request, and the beginning of each correlation id. */
  runId: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  /** How many requests were sent. */
  requests: number;
  results: Result[];
  /** Absent when nothing was written. */
  restoration?: Restoration;
  /** Known deviations that are none any more: their requirement passes. */
  resolved?: AcceptedFailure[];
  /** How many results have each verdict; a failure that is known is counted as that alone. */
  summary: Record<Verdict | 'accepted', number>;
}

/** What a run found of a server. */
export interface ServerReport extends BaseReport<ServerSubject> {
  /** What the run saw of the open questions; a question without an answer is left out. */
  behaviour: Partial<ServiceBehaviour>;
}

/** What a score found of a client. */
export type ClientReport = BaseReport<ClientSubject>;

/** One run, as it is written to JSON. */
export type Report = ServerReport | ClientReport;
