import { isLoopback } from '../contract/base-url.ts';
import { packageVersion } from '../contract/generated.ts';
import { headerNames } from '../contract/headers.ts';
import { parseJson } from '../contract/json.ts';
import { billingProfilePathOf } from '../contract/profile.ts';
import { readBytes } from '../contract/read-body.ts';
import { Failure, NoAnswer } from './outcome.ts';
import type { ProbeAnswer, ProbeRequest, Target } from './types.ts';

/** One request and what came of it, as they were on the wire: for the run alone. */
export interface WireExchange {
  readonly asked: ProbeRequest;
  readonly request: Request;
  answer?: Omit<ProbeAnswer, 'bytes'>;
}

/** What sending needs beside the request itself. */
export interface Sending {
  target: Target;
  runId: string;
  /** MS-CorrelationId of a request that names none. */
  correlationId: string;
  newId: () => string;
  timeoutMs: number;
  /** Takes the exchange before it is sent; the answer is added when it came. */
  record: (exchange: WireExchange) => void;
}

// A profile has about a kilobyte.
const answerLimitBytes = 4 * 1024 * 1024;

/**
 * Sends one request with plain `fetch`: a client would repair what the suite has to see. Redirects are not followed.
 *
 * Errors: `NoAnswer`; `Failure` for an answer of more than 4 MiB.
 */
export async function exchange(sending: Sending, asked: ProbeRequest): Promise<ProbeAnswer> {
  const { target, record } = sending;
  const request = toRequest(sending, asked);
  const made: WireExchange = { asked, request };
  record(made);

  let response: Response;
  let bytes: Uint8Array | undefined;
  try {
    response = await (target.fetch ?? globalThis.fetch)(request);
    bytes = await readBytes(response.body, answerLimitBytes);
  } catch (error) {
    throw toNoAnswer(error, sending);
  }
  const text = new TextDecoder().decode(bytes);
  const json = parseJson(text);
  made.answer = { status: response.status, headers: response.headers, text, json };
  if (bytes === undefined) {
    const limit = `${answerLimitBytes / 1024 / 1024} MiB`;
    throw new Failure(`The answer to ${request.method} has more than ${limit}.`, {
      expected: `at most ${limit}`,
      came: `more than ${limit}`,
    });
  }
  return { ...made.answer, bytes };
}

function toRequest({ target, runId, correlationId, newId, timeoutMs }: Sending, asked: ProbeRequest): Request {
  const headers = new Headers({
    Accept: 'application/json',
    'User-Agent': `pc-billing-conformance/${packageVersion} (run ${runId})`,
  });
  if (asked.requestId !== null) headers.set(headerNames.requestId, asked.requestId ?? newId());
  if (asked.correlationId !== null) headers.set(headerNames.correlationId, asked.correlationId ?? correlationId);
  if (asked.token !== null) headers.set('Authorization', `Bearer ${asked.token ?? target.token}`);
  if (asked.ifMatch !== undefined) headers.set(headerNames.ifMatch, asked.ifMatch);
  const body = asked.text ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body));
  if (body !== undefined) headers.set('Content-Type', asked.contentType ?? 'application/json');
  return new Request(target.baseUrl + billingProfilePathOf(asked.customerId ?? target.customerId), {
    method: asked.method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body }),
  });
}

// What Node's fetch names when somebody was there: the connection was made, then it ended early or did not speak HTTP.
// Node 24 leaves the code of a parser's error out, hence its name.
const hungUp = /^(UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_INFO|ECONNRESET|EPIPE|HPE_.*|HTTPParserError)$/;

function toNoAnswer(error: unknown, { timeoutMs, target }: Sending): NoAnswer {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    // A connection within this machine is made, or refused, at once; further away silence may be the network's.
    return new NoAnswer(`no complete answer within ${timeoutMs} ms`, !isLoopback(target.baseUrl));
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message || code : String(cause);
  const named = cause instanceof Error ? cause.name : '';
  return new NoAnswer(message, !hungUp.test(code) && !hungUp.test(named));
}
