import { isStaleRefusal } from '../../contract/error-body.ts';
import type { Refused, WriteOutcome } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';

/** What the decision needs to know of an attempt. */
export interface AttemptFacts {
  /** A complete response; undefined when none came. */
  response?: Pick<Response, 'status'> | undefined;
  /** The profile of a success; undefined when it carries none. */
  profile?: object | undefined;
  refused?: Pick<Refused, 'code' | 'retryAfterSeconds'> | undefined;
  /** Whether it is the throttling response of the gateway, which means that the request never reached the API. */
  isFromGateway?: boolean | undefined;
}

/** What happened to a request before its latest attempt. */
export interface RequestState {
  /** What is known of the write so far; undefined when the request is a read. */
  outcome: WriteOutcome | undefined;
  /** How often it was sent again, attempts after another token not counted. */
  retries: number;
  /** Whether it was sent again with another token. */
  isTokenRenewed: boolean;
}

/**
 * What to do after an attempt, and what is known of the write by then.
 *
 * `done`: the response is a result, namely a profile or the stale refusal of a write. `fail`: throw its error. `throttled`: throw, because
 * the service asks for a longer wait than the call allows. `renew-token`: send again at once with another token and a new request id; fail
 * if there is none. `retry`: wait, then send again; with `looksFirst` read the profile before, because the write may be stored.
 */
export type Decision = { outcome: WriteOutcome | undefined } & (
  { next: 'done' | 'fail' | 'throttled' | 'renew-token' } | { next: 'retry'; afterMs: number; newRequestId: boolean; looksFirst: boolean }
);

/** Decides what follows an attempt. */
export function decide(
  made: AttemptFacts,
  state: RequestState,
  { retries, maxWaitMs, random }: Pick<ResolvedOptions, 'retries' | 'maxWaitMs' | 'random'>,
): Decision {
  const status = made.response?.status;
  const { code, retryAfterSeconds }: Partial<Refused> = made.refused ?? {};
  const outcome = outcomeAfter(made, state.outcome);
  if (made.profile || (outcome && isStaleRefusal(status, code))) return { next: 'done', outcome };
  if (status === 401 && !state.isTokenRenewed) return { next: 'renew-token', outcome };
  const looksFirst = outcome !== undefined && status !== 429 && !isRefusal(made);
  if (state.retries >= retries || !(looksFirst || retried.includes(status))) return { next: 'fail', outcome };
  const afterMs = retryAfterSeconds === undefined ? backoffMs(state.retries, random) : retryAfterSeconds * 1000;
  if (retryAfterSeconds !== undefined && afterMs > maxWaitMs) return { next: 'throttled', outcome };
  return { next: 'retry', afterMs, newRequestId: !notFromApi.includes(status), looksFirst, outcome };
}

// Statuses after which any request is sent again; undefined is that of no response.
const retried = [undefined, 408, 429, 500, 502, 503, 504];
// Responses that the API itself did not send: the next request carries the same MS-RequestId. Source: SOURCES.md#headers
const notFromApi = [undefined, 408, 502, 504];

/**
 * Whether a response promises that the request stored nothing.
 *
 * A 4xx does. Everything else leaves it open, a status that no document names too: 408 comes from a proxy that waits for the API, and a 429
 * from something other than the gateway may come after the API has stored.
 */
function isRefusal({ response, isFromGateway = false }: AttemptFacts): boolean {
  const { status } = response ?? { status: 0 };
  return status >= 400 && status < 500 && status !== 408 && (status !== 429 || isFromGateway);
}

/** What is known of a write after an attempt; doubt stays. A profile is no proof yet: it may not be the one that was sent. */
function outcomeAfter(made: AttemptFacts, before: WriteOutcome | undefined): WriteOutcome | undefined {
  if (!before || before === 'unknown') return before;
  return isRefusal(made) ? 'refused' : 'unknown';
}

const baseMs = 250;
const capMs = 10_000;

/** How long to wait before the nth retry, from 0: exponential, with full jitter. */
export const backoffMs = (retry: number, random: () => number): number => Math.floor(random() * Math.min(capMs, baseMs * 2 ** retry));
