/** What becomes of a request. What a network does to an answer is no answer; each shell shows it as well as it can. */
export type Outcome = Message | ConnectionLost | EndlessBody | SlowHeaders;

/** An answer as it travels. The Content-Length is among the headers; there is no body after HEAD. */
export interface Message {
  status: number;
  headers: Record<string, string>;
  /** Text goes out as UTF-8. */
  body: string | Uint8Array<ArrayBuffer> | null;
}

/** The connection ends before the answer is whole. Name, message and code are those that Node's `fetch` gives as cause. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
  readonly code: string;

  /** What has come before: the head, with the Content-Length of the whole, and the beginning of the body. Absent: nothing came. */
  readonly begun: Message | undefined;

  constructor(begun?: Message) {
    super(begun === undefined ? 'read ECONNRESET' : 'other side closed');
    this.code = begun === undefined ? 'ECONNRESET' : 'UND_ERR_SOCKET';
    this.begun = begun;
  }
}

/** An answer that begins, and goes on until nobody waits any more. */
export class EndlessBody {
  /** The head, with the Content-Length of the whole, and the beginning of the body. */
  readonly begun: Message;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;

  constructor(begun: Message, signal: AbortSignal) {
    this.begun = begun;
    this.signal = signal;
  }
}

/** An answer whose head comes line by line. */
export class SlowHeaders {
  readonly message: Message;
  /** Waits before the next line. Errors: the reason with which the request was aborted. */
  readonly pause: () => Promise<void>;

  constructor(message: Message, pause: () => Promise<void>) {
    this.message = message;
    this.pause = pause;
  }
}

/** What a shell serves: a mock, or a function from request to response with nothing of the network in it. */
export interface Service {
  fetch(request: Request): Promise<Response>;
  handle?(request: Request): Promise<Outcome>;
}

/** The lines of a head, the status line and the empty line at the end included, each with its line end. */
export function headLines({ status, headers }: Message): string[] {
  return [`HTTP/1.1 ${status} `, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ''].map((line) => `${line}\r\n`);
}

/**
 * What a caller of `fetch` sees of an outcome.
 *
 * Errors: `TypeError`, with the lost connection as cause; where the body is cut, when it is read.
 */
export async function asFetched(outcome: Outcome): Promise<Response> {
  if (outcome instanceof ConnectionLost) {
    if (outcome.begun === undefined) throw new TypeError('fetch failed', { cause: outcome });
    return goingOn(outcome.begun, (fail) => fail(new TypeError('terminated', { cause: outcome })));
  }
  if (outcome instanceof EndlessBody) return goingOn(outcome.begun, (fail) => whenAborted(outcome.signal, fail));
  if (!(outcome instanceof SlowHeaders)) return new Response(outcome.body, outcome);
  for (const _ of headLines(outcome.message)) await outcome.pause();
  return new Response(outcome.message.body, outcome.message);
}

/** A response whose body goes on after the beginning; `then` says how. */
function goingOn(begun: Message, then: (fail: (reason: unknown) => void) => void): Response {
  let isBegun = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (isBegun) then((reason) => controller.error(reason));
        else if (begun.body !== null) controller.enqueue(bytesOf(begun.body));
        isBegun = true;
      },
    },
    // Else the stream would ask for the rest at once, and an error throws away what has come.
    { highWaterMark: 0 },
  );
  return new Response(body, begun);
}

/** Bytes of their own, which whoever reads them may change. */
export const bytesOf = (body: string | Uint8Array): Uint8Array<ArrayBuffer> =>
  typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body);

function whenAborted(signal: AbortSignal, act: (reason: unknown) => void): void {
  if (signal.aborted) act(signal.reason);
  else signal.addEventListener('abort', () => act(signal.reason), { once: true });
}
