import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ConnectionLost, EndlessBody, headLines, type Outcome, type Service, SlowHeaders } from './outcome.ts';

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
  const server = createAdaptorServer({
    fetch: async (request, bindings) => {
      // Made by an http server, below.
      const { incoming, outgoing } = bindings as HttpBindings;
      if (mock.handle === undefined) return mock.fetch(request);
      try {
        await show(await mock.handle(request), outgoing);
      } catch (error) {
        // Whoever is gone gets no answer.
        if (!incoming.socket.destroyed) throw error;
      }
      return RESPONSE_ALREADY_SENT;
    },
    // The adapter would otherwise replace the global Request and Response of the process it runs in.
    overrideGlobalObjects: false,
  }) as Server; // without options of its own, the adapter makes an http server
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

/** The connection of an answer, once it is its turn: a client may have sent several requests at once. */
function connectionOf(outgoing: HttpBindings['outgoing']): Promise<Socket> {
  return new Promise((resolve) => {
    if (outgoing.socket) resolve(outgoing.socket);
    else outgoing.once('socket', resolve);
  });
}

async function show(outcome: Outcome, outgoing: HttpBindings['outgoing']): Promise<void> {
  if (outcome instanceof SlowHeaders) await sendSlowly(outcome, await connectionOf(outgoing));
  else if (outcome instanceof EndlessBody) outgoing.writeHead(outcome.begun.status, outcome.begun.headers).write(outcome.begun.body);
  else if (outcome instanceof ConnectionLost) await lose(outcome, outgoing);
  else outgoing.writeHead(outcome.status, outcome.headers).end(outcome.body);
}

async function lose({ begun }: ConnectionLost, outgoing: HttpBindings['outgoing']): Promise<void> {
  const socket = await connectionOf(outgoing);
  if (begun === undefined) socket.resetAndDestroy();
  else outgoing.writeHead(begun.status, begun.headers).write(begun.body, () => socket.destroySoon());
}

/** Not by way of `ServerResponse`, which sends a head in one piece. The connection ends with the answer. */
async function sendSlowly({ message, pause }: SlowHeaders, socket: Socket): Promise<void> {
  for (const line of headLines({ ...message, headers: { ...message.headers, Connection: 'close' } })) {
    socket.write(line);
    await pause();
  }
  socket.end(message.body ?? '');
}
