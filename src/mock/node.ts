import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { concatBytes } from '../contract/bytes.ts';
import { type ConnectionLost, headLines, type Outcome, type Service, type SlowHeaders } from './delivery.ts';
import { bodyLimitBytes, type ServiceRequest } from './request.ts';

/** A mock that listens. `url` has no trailing slash and no `/v1`. */
export interface ServedMock {
  url: string;
  /** Stops listening and ends every connection, open requests included. */
  close(): Promise<void>;
}

/**
 * Serves a mock over HTTP, on this machine only.
 *
 * Shape: port 0 takes a free one.
 * Errors: rejects with the error of `node:http`, such as EADDRINUSE.
 */
export async function serve(mock: Service, { port }: { port: number }): Promise<ServedMock> {
  // As fetch's Headers do: Node would drop the second value of Authorization, for instance.
  const server = createServer({ joinDuplicateHeaders: true }, (incoming, outgoing) => void respond(mock, incoming, outgoing));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Never rejects: no request may end the process, or leave its connection hanging. */
async function respond(mock: Service, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = urlOf(incoming);
  if (url === undefined) return void outgoing.writeHead(400).end();
  const request = new HttpRequest(url, incoming, outgoing);
  try {
    await send(await mock.handle(request), outgoing);
  } catch {
    // A client that is gone gets no response.
    if (incoming.socket.destroyed) return;
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(500).end();
  }
}

/** A class, because an accessor of a literal would cost more than all the rest here. */
class HttpRequest implements ServiceRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  #gone: AbortController | undefined;

  constructor(url: string, incoming: IncomingMessage, outgoing: ServerResponse) {
    this.method = incoming.method!;
    this.url = url;
    // Set-Cookie, which a client may send although it makes no sense, is a list.
    this.headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  /** Made when it is asked for, which few requests do. */
  get signal(): AbortSignal {
    return (this.#gone ??= abortedByEndOf(this.#outgoing)).signal;
  }

  readBody(): Promise<Uint8Array | undefined> {
    const incoming = this.#incoming;
    if (Number(incoming.headers['content-length']) > bodyLimitBytes) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const chunks: Uint8Array[] = [];
      let sizeBytes = 0;
      // What is over the limit is read and thrown away: many clients look for a response only when they have sent everything.
      incoming.on('data', (chunk: Uint8Array) => {
        sizeBytes += chunk.length;
        if (sizeBytes > bodyLimitBytes) resolve(undefined);
        else chunks.push(chunk);
      });
      incoming.once('end', () => resolve(concatBytes(chunks)));
      incoming.once('error', reject);
    });
  }
}

function abortedByEndOf(outgoing: ServerResponse): AbortController {
  const controller = new AbortController();
  const end = (): void => {
    if (!outgoing.writableFinished) controller.abort(new Error('The connection ended before the response did.'));
  };
  if (outgoing.closed) end();
  else outgoing.once('close', end);
  return controller;
}

/** The URL that the target and the Host make; undefined when they make none. */
function urlOf({ url = '', headers: { host = '' } }: IncomingMessage): string | undefined {
  const isAbsolute = /^https?:\/\//.test(url);
  if (!isAbsolute && !(url.startsWith('/') && /^[^\s/?#@%\\]+$/.test(host))) return undefined;
  // The URL standard would take a backslash in the path for a slash.
  if (/^[^?]*\\/.test(url)) return undefined;
  try {
    return new URL(isAbsolute ? url : `http://${host}${url}`).href;
  } catch {
    return undefined;
  }
}

/** The connection of a response, once it is its turn: a client may have sent several requests at once. */
function connectionOf(outgoing: ServerResponse): Promise<Socket> {
  return new Promise((resolve) => {
    if (outgoing.socket) resolve(outgoing.socket);
    else outgoing.once('socket', resolve);
  });
}

async function send(outcome: Outcome, outgoing: ServerResponse): Promise<void> {
  if (!('kind' in outcome)) outgoing.writeHead(outcome.status, outcome.headers).end(outcome.body);
  else if (outcome.kind === 'endless-body') outgoing.writeHead(outcome.begun.status, outcome.begun.headers).write(outcome.begun.body);
  else if (outcome.kind === 'connection-lost') await lose(outcome, outgoing);
  else await sendSlowly(outcome, await connectionOf(outgoing));
}

async function lose({ begun }: ConnectionLost, outgoing: ServerResponse): Promise<void> {
  const socket = await connectionOf(outgoing);
  if (begun === undefined) socket.resetAndDestroy();
  else outgoing.writeHead(begun.status, begun.headers).write(begun.body, () => socket.destroySoon());
}

/** Not by way of `ServerResponse`, which sends a head in one piece. The connection ends with the response. */
async function sendSlowly({ message, pause }: SlowHeaders, socket: Socket): Promise<void> {
  for (const line of headLines({ ...message, headers: { ...message.headers, Connection: 'close' } })) {
    socket.write(line);
    await pause();
  }
  socket.end(message.body ?? '');
}
