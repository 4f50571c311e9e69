/** What becomes of a request. What a network does to an answer is no response; each shell shows it as well as it can. */
export type Outcome = Response | ConnectionLost | EndlessBody | SlowHeaders;

/** The connection ends before the answer is whole. Name, message and code are those that Node's `fetch` gives as cause. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
  readonly code: string;

  /** What has come before: the head with the Content-Length of the whole, and the beginning of the body. Absent: nothing came. */
  readonly begun: Response | undefined;

  constructor(begun?: Response) {
    super(begun === undefined ? 'read ECONNRESET' : 'other side closed');
    this.code = begun === undefined ? 'ECONNRESET' : 'UND_ERR_SOCKET';
    this.begun = begun;
  }
}

/** An answer that begins, and goes on until nobody waits any more. */
export class EndlessBody {
  /** The head with the Content-Length of the whole, and the beginning of the body. */
  readonly begun: Response;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;

  constructor(begun: Response, signal: AbortSignal) {
    this.begun = begun;
    this.signal = signal;
  }
}

/** An answer whose head comes line by line. */
export class SlowHeaders {
  readonly response: Response;
  /** Waits before the next line. Errors: the reason with which the request was aborted. */
  readonly pause: () => Promise<void>;

  constructor(response: Response, pause: () => Promise<void>) {
    this.response = response;
    this.pause = pause;
  }
}

/** What a shell serves: a mock, or a function from request to response with nothing of the network in it. */
export interface Service {
  fetch(request: Request): Promise<Response>;
  handle?(request: Request): Promise<Outcome>;
}

/** The lines of a head, the status line and the empty line at the end included, each with its line end. */
export function headLines({ status, statusText, headers }: Response): string[] {
  return [`HTTP/1.1 ${status} ${statusText}`, ...[...headers].map(([name, value]) => `${name}: ${value}`), ''].map((line) => `${line}\r\n`);
}

/**
 * What a caller of `fetch` sees of an outcome.
 *
 * Errors: `TypeError`, with the lost connection as cause; where the body is cut, when it is read.
 */
export async function asFetched(outcome: Outcome): Promise<Response> {
  if (outcome instanceof Response) return outcome;
  if (outcome instanceof SlowHeaders) {
    for (const _ of headLines(outcome.response)) await outcome.pause();
    return outcome.response;
  }
  if (outcome instanceof EndlessBody) return goingOn(outcome.begun, (fail) => whenAborted(outcome.signal, fail));
  const { begun } = outcome;
  if (begun === undefined) throw new TypeError('fetch failed', { cause: outcome });
  return goingOn(begun, (fail) => fail(new TypeError('terminated', { cause: outcome })));
}

/** The response, but its body does not end; `then` says what becomes of it after the beginning. */
function goingOn(begun: Response, then: (fail: (reason: unknown) => void) => void): Response {
  const reader = begun.body!.getReader();
  let isBegun = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value } = await reader.read();
      if (value !== undefined) controller.enqueue(value);
      else if (!isBegun) {
        isBegun = true;
        then((reason) => controller.error(reason));
      }
    },
  });
  return new Response(body, begun);
}

function whenAborted(signal: AbortSignal, act: (reason: unknown) => void): void {
  if (signal.aborted) act(signal.reason);
  else signal.addEventListener('abort', () => act(signal.reason), { once: true });
}
