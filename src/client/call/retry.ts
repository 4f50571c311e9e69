import { isStaleRefusal } from '../../contract/error-body.ts';
import type { Refused, WriteOutcome } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';

/** What the decision needs to know of a response; `code` and `retryAfterSeconds` are those of a refusal. */
export type ResponseFacts = Pick<Response, 'status'> & Partial<Pick<Refused, 'code' | 'retryAfterSeconds'>>;

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
 * `done`: the response is a result: a success, or the stale refusal of a write. `fail`: throw its error. `throttled`: throw, because the
 * service asks for a longer wait than the call allows. `renew-token`: send again at once with another token and a new request id; fail if
 * there is none. `retry`: send again after a wait.
 */
export type Decision = { outcome: WriteOutcome | undefined } & (
  { next: 'done' | 'fail' | 'throttled' | 'renew-token' } | { next: 'retry'; afterMs: number; newRequestId: boolean }
);

/** Decides what follows an attempt. `response` is undefined when no complete response came. */
export function decide(
  response: ResponseFacts | undefined,
  state: RequestState,
  { retries, maxWaitMs, random }: Pick<ResolvedOptions, 'retries' | 'maxWaitMs' | 'random'>,
): Decision {
  const { status, code, retryAfterSeconds } = response ?? {};
  const outcome = outcomeAfter(status, state.outcome);
  if (isSuccess(status) || (outcome && isStaleRefusal(status, code))) return { next: 'done', outcome };
  if (status === 401 && !state.isTokenRenewed) return { next: 'renew-token', outcome };
  if (state.retries >= retries || !retried.includes(status)) return { next: 'fail', outcome };
  if ((retryAfterSeconds ?? 0) * 1000 > maxWaitMs) return { next: 'throttled', outcome };
  const afterMs = retryAfterSeconds === undefined ? backoffMs(state.retries, random) : retryAfterSeconds * 1000;
  return { next: 'retry', afterMs, newRequestId: !notFromApi.includes(status), outcome };
}

// Statuses; undefined is that of no response.
const retried = [undefined, 408, 429, 500, 502, 503, 504];
// Responses that the API itself did not send: the next request carries the same MS-RequestId. Source: SOURCES.md#headers
const notFromApi = [undefined, 408, 502, 504];

const isSuccess = (status = 0): boolean => status >= 200 && status < 300;

/**
 * What is known of a write after an attempt; doubt stays. A 500 may come after the profile was stored, and a success may carry a body that
 * breaks the contract.
 */
function outcomeAfter(status: number | undefined, before: WriteOutcome | undefined): WriteOutcome | undefined {
  if (!before || before === 'unknown') return before;
  return notFromApi.includes(status) || status === 500 || isSuccess(status) ? 'unknown' : 'refused';
}

const baseMs = 250;
const capMs = 10_000;

/** How long to wait before the nth retry: exponential, with full jitter. */
const backoffMs = (retry: number, random: () => number): number => Math.floor(random() * Math.min(capMs, baseMs * 2 ** retry));
