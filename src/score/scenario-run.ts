import type { CustomerBillingProfile } from '../contract/profile.ts';
import type { ScenarioName } from './scenarios.ts';

/** One request of a client, and what became of it. Values are as they came: customer and token are made up for the run. */
export interface ObservedRequest {
  atMs: number;
  /** When the response went out, or was lost. */
  respondedAtMs: number;
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  authorization: string | undefined;
  ifMatch: string | undefined;
  requestId: string | undefined;
  correlationId: string | undefined;
  /** As text; of what is JSON, as JSON too. */
  text: string;
  body: unknown;
  /** Whether the whole response went out. */
  isResponded: boolean;
  /** Absent when nothing went out. */
  status?: number;
  responseHeaders?: Readonly<Record<string, string>>;
  /** As JSON. */
  response?: unknown;
  /** The ETag that the response carries. */
  etag: string | undefined;
  /** Whether it changed what is stored. */
  isStored: boolean;
}

/** How a client ended. */
export interface ClientEnd {
  /** What the client believes: 0 for success. `null` when a signal ended it, `undefined` when that is not known. */
  exitCode: number | null | undefined;
  signal?: string;
  /** It was still running at the limit, and was killed. */
  isTimedOut?: boolean;
  /** Processes that outlived it, and were killed. */
  leftBehind?: number;
  /** The end of what it printed, in the order in which it came. */
  output?: string;
  outputBytes?: number;
}

/** One run of a client through one scenario. */
export interface ScenarioRun {
  scenario: ScenarioName;
  baseUrl: string;
  /** What the client was asked to write. */
  company: string;
  token: string;
  end: ClientEnd;
  /** In the order in which they came. */
  observedRequests: readonly ObservedRequest[];
  /** What arrived at the host to which the scenario redirects. */
  redirectedRequests: readonly ObservedRequest[];
  /** What another writer wrote after the client had read; undefined when it did not come to that. */
  concurrentProfile: CustomerBillingProfile | undefined;
  /** The profile at the end. */
  stored: CustomerBillingProfile;
}
