import type { ServiceRequest } from './request.ts';

/** What becomes of a request. What a network does to a response is no response; each shell shows it as well as it can. */
export type Outcome = Message | ConnectionLost | EndlessBody | SlowHeaders;

/** A response as it travels. The Content-Length is among the headers; there is no body after HEAD. */
export interface Message {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer> | null;
}

/** The connection ends before the response is whole. Name, message and code are those that Node's `fetch` gives as cause. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
  readonly kind = 'connection-lost';
  readonly code: string;
  /** What has come before: the head, with the Content-Length of the whole, and the beginning of the body. Absent: nothing came. */
  readonly begun: Message | undefined;

  constructor(begun?: Message) {
    super(begun === undefined ? 'read ECONNRESET' : 'other side closed');
    this.code = begun === undefined ? 'ECONNRESET' : 'UND_ERR_SOCKET';
    this.begun = begun;
  }
}

/** A response that begins, and goes on until the client stops waiting. */
export interface EndlessBody {
  readonly kind: 'endless-body';
  /** The head, with the Content-Length of the whole, and the beginning of the body. */
  readonly begun: Message;
  /** Aborted when the client stops waiting. */
  readonly signal: AbortSignal;
}

/** A response whose head comes line by line. */
export interface SlowHeaders {
  readonly kind: 'slow-headers';
  readonly message: Message;
  /** Waits before the next line. Errors: the reason with which the request was aborted. */
  readonly pause: () => Promise<void>;
}

/** What a shell serves. */
export interface Service {
  handle(request: ServiceRequest): Promise<Outcome>;
}

/** The lines of a head, the status line and the empty line at the end included, each with its line end. */
export function headLines({ status, headers }: Message): string[] {
  return [`HTTP/1.1 ${status} `, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ''].map((line) => `${line}\r\n`);
}
