import { serve, type ServedMock } from '../../mock/node.ts';
import { UsageError } from '../io.ts';

/** Serves a mock on a port of this machine, 0 for a free one. Errors: `UsageError` when the port cannot be used. */
export async function serveOn(service: Parameters<typeof serve>[0], port: number): Promise<ServedMock> {
  return serve(service, { port }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`Port ${port} cannot be used: ${error.code ?? error.message}. Give another --port, or 0 for a free one.`);
  });
}
