import { packageVersion } from '../../contract/generated.ts';
import { headerNames } from '../../contract/headers.ts';
import { parseJson } from '../../contract/json.ts';
import { billingProfilePathOf } from '../../contract/profile.ts';
import { bodyLimitBytes, readBytes } from '../../contract/bytes.ts';
import type { ResolvedTarget } from '../target.ts';
import { Failure, NoResponse } from './check-errors.ts';

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
  /** A refusal is a response, 401 and 403 too. Without it these two end the run. */
  takesRefusal?: true;
  /** A 429 is a response too. Without it the suite waits and sends the request again. */
  takesThrottling?: true;
}

/** What was received. `json` is undefined when the body is not JSON. */
export interface ProbeResponse {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  /** The body without a byte order mark. */
  text: string;
  json: unknown;
}

/** One request and its response, as they were on the wire: for the run alone. */
export interface WireExchange {
  readonly asked: ProbeRequest;
  readonly request: Request;
  response?: Omit<ProbeResponse, 'bytes'>;
}

/** What a request needs beside what its check says of it. */
export interface ExchangeContext {
  target: ResolvedTarget;
  runId: string;
  /** MS-CorrelationId of a request that names none. */
  correlationId: string;
  newId: () => string;
  timeoutMs: number;
  /** Takes the exchange before the request is sent; the response is added when it is received. */
  record: (exchange: WireExchange) => void;
}

/**
 * Sends one request with plain `fetch`: a client would repair what the suite has to see. Redirects are not followed.
 *
 * Errors: `NoResponse`; `Failure` for a body of more than 4 MiB.
 */
export async function exchange(context: ExchangeContext, asked: ProbeRequest): Promise<ProbeResponse> {
  const request = toRequest(context, asked);
  const made: WireExchange = { asked, request };
  context.record(made);

  let response: Response;
  let bytes: Uint8Array | undefined;
  try {
    response = await (context.target.fetch ?? globalThis.fetch)(request);
    bytes = await readBytes(response.body, bodyLimitBytes);
  } catch (error) {
    throw toNoResponse(error, context);
  }
  const text = new TextDecoder().decode(bytes);
  const json = parseJson(text);
  made.response = { status: response.status, headers: response.headers, text, json };
  if (bytes === undefined) {
    const limit = `${bodyLimitBytes / 1024 / 1024} MiB`;
    throw new Failure(`The response to ${request.method} has more than ${limit}.`, {
      expected: `at most ${limit}`,
      actual: `more than ${limit}`,
    });
  }
  return { ...made.response, bytes };
}

function toRequest({ target, runId, correlationId, newId, timeoutMs }: ExchangeContext, asked: ProbeRequest): Request {
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

// What Node's fetch names when there was a server: the connection was made, then it ended early or did not speak HTTP.
// Node 24 leaves the code of a parser's error out, hence its name.
const hungUp = /^(UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_INFO|ECONNRESET|EPIPE|HPE_.*|HTTPParserError|Z_.*)$/;

function toNoResponse(error: unknown, { timeoutMs, target }: ExchangeContext): NoResponse {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    // A connection within this machine is made, or refused, at once; further away silence may be the network's.
    return new NoResponse(`no complete response within ${timeoutMs} ms`, !target.isThisMachine);
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = inWords(code) ?? (cause instanceof Error ? cause.message || code : String(cause));
  const named = cause instanceof Error ? cause.name : '';
  return new NoResponse(message, !hungUp.test(code) && !hungUp.test(named));
}

/** What failed, where the code of the library says more than its message. */
function inWords(code: string): string | undefined {
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'the port does not speak TLS; for a server on this machine use http://';
  return code.startsWith('Z_') ? 'a response came whose body is not encoded as its Content-Encoding says' : undefined;
}
