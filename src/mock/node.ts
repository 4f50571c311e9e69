import { createAdaptorServer } from '@hono/node-server';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MockService } from './service.ts';

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
export async function serve(mock: Pick<MockService, 'fetch'>, { port }: { port: number }): Promise<ServedMock> {
  const server = createAdaptorServer({
    fetch: (request) => mock.fetch(request),
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
