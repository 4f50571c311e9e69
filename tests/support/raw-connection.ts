import { connect, type Socket } from 'node:net';

/** One answer as it came. */
export interface RawAnswer {
  status: number;
  /** By the name in lower case. */
  headers: ReadonlyMap<string, string>;
  body: Buffer;
}

/** A connection to this machine on which bytes go out as they are. */
export class RawConnection {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  #ended = false;
  #wake = (): void => {};

  constructor(url: string) {
    this.socket = connect(Number(new URL(url).port), '127.0.0.1').setNoDelay();
    this.socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#wake();
    });
    for (const event of ['end', 'close', 'error']) {
      this.socket.on(event, () => {
        this.#ended = true;
        this.#wake();
      });
    }
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** The next answer, its body by Content-Length; undefined when the connection ends before it is whole. */
  async read(method = 'GET'): Promise<RawAnswer | undefined> {
    const end = await this.#until(() => this.#received.indexOf('\r\n\r\n'));
    if (end < 0) return undefined;
    const [statusLine = '', ...lines] = this.#received.subarray(0, end).toString('latin1').split('\r\n');
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const status = Number(statusLine.split(' ')[1]);
    const length = method === 'HEAD' || status < 200 ? 0 : Number(headers.get('content-length') ?? 0);
    const whole = end + 4 + length;
    if ((await this.#until(() => (this.#received.length >= whole ? whole : -1))) < 0) return undefined;
    const body = this.#received.subarray(end + 4, whole);
    this.#received = this.#received.subarray(whole);
    return { status, headers, body };
  }

  close(): void {
    this.socket.destroy();
  }

  async #until(found: () => number): Promise<number> {
    while (found() < 0 && !this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve));
    return found();
  }
}
