import type { ServiceBehaviour } from '../contract/behaviour.ts';
import type { Level, Mode } from './requirement.ts';

/**
 * `untestable`: a requirement that it needs did not pass. `skipped`: the user left it out. `broken`: the check itself failed, or the
 * target went away.
 */
export type Verdict = 'pass' | 'fail' | 'untestable' | 'skipped' | 'broken';

/** One request and its response as reports may show them: no token, no value that was read from the customer. */
export interface RecordedExchange {
  request: {
    method: string;
    url: string;
    headers: Record<string, string>;
    /** Values that a check made up are shown; values that were read are replaced by their kind, such as `<string, 12 characters>`. */
    body?: unknown;
    /** The end of the body that was left out on purpose. */
    bodyLacks?: string;
  };
  response?: { status: number; headers: Record<string, string>; body?: unknown };
}

/** `contract`: our own statements on the service. `network`: what stands between. `suite`: the check itself. */
export type Component = 'service' | 'client' | 'contract' | 'network' | 'suite';

/** Where the cause of a failure seems to be. A guess, with its reason. */
export interface LikelyCause {
  component: Component;
  /** In whole sentences. */
  why: string;
}

/** A failure that a team accepts until a date. */
export interface AcceptedFailure {
  /** Id of the requirement that fails. */
  requirement: string;
  reason: string;
  /** Who takes care of it. */
  owner: string;
  /** The last day on which it does not count, `2027-01-31`, UTC. */
  expires: string;
}

/** The verdict on one requirement. */
export interface Result {
  id: string;
  level: Level;
  /** Of a server's requirement: what its check does to the profile. */
  mode?: Mode;
  verdict: Verdict;
  rule: string;
  sources: readonly string[];
  /** How to repair it, when it is not a pass. */
  remedy?: string;
  /** Why it is not a pass, in words. */
  reason?: string;
  /** The one thing that differs. */
  difference?: { expected: string; actual: string };
  /** The requirement that has to be repaired first. */
  blockedBy?: string;
  /** Of a failure, and of a run that is not valid. */
  likelyCause?: LikelyCause;
  /** Of a failure: why it matters to a reseller. */
  rationale?: string;
  /** Of a failure that is listed as accepted. It does not count until the entry has expired. */
  accepted?: Omit<AcceptedFailure, 'requirement'> & { expired: boolean };
  /** What was seen of open questions, in words: `question: answer`, several joined with `; `. */
  observed?: string;
  /** How long its check took, without what it needs. Absent when there was no check. */
  durationMs?: number;
  /** MS-CorrelationId of its requests, to be found in the service's logs. */
  correlationId?: string;
  /** What was sent and received, when it is not a pass. */
  exchanges?: RecordedExchange[];
}

/** What became of the profile after the writes of a run. */
export interface Restoration {
  /** `changed-by-others`: another writer wrote, so nothing was put back. `unverified`: it may or may not be as it was. */
  state: 'not-needed' | 'restored' | 'changed-by-others' | 'unverified';
  /** In words, without a value that was read from the customer. */
  reason?: string;
  /** Where the snapshot is kept until the profile is put back. */
  keptIn?: string;
  /** The members that differ, in the snapshot, in our last write and now; of `changed-by-others` those that another writer changed. */
  versions?: MemberVersions[];
}

/** One member of a profile as a report may show it. */
export interface MemberVersions {
  member: string;
  snapshot: string;
  ours: string;
  now: string;
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
  /** Of a server: in the User-Agent of every request, and the beginning of each correlation id. */
  runId: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  /** How many requests were sent. */
  requests: number;
  results: readonly Result[];
  /** Accepted failures that fail no more: their requirement passes, so the entry has to be removed. */
  resolved?: AcceptedFailure[];
  /** How many results have each verdict; an accepted failure is counted as accepted alone. */
  summary: Record<Verdict | 'accepted', number>;
}

/** What a run found of a server. */
export interface ServerReport extends BaseReport<ServerSubject> {
  /** What the run saw of the open questions; a question without an answer is left out. */
  behaviour: Partial<ServiceBehaviour>;
  /** Absent when nothing was written. */
  restoration?: Restoration;
}

/** What a score found of a client. */
export type ClientReport = BaseReport<ClientSubject> & { restoration?: undefined };

/** One run, as it is written to JSON. */
export type Report = ServerReport | ClientReport;
