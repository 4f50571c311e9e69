import { readBytes } from '../contract/bytes.ts';
import { headLines, type Message, type Outcome } from './delivery.ts';
import { bodyLimitBytes, type ServiceRequest } from './request.ts';

/** A request as `fetch` makes it, as the service takes it. */
export function fromFetch(request: Request): ServiceRequest {
  const { method, url, headers, signal } = request;
  return {
    method,
    url,
    headers: Object.fromEntries(headers),
    signal,
    readBody: async () => (Number(headers.get('Content-Length')) > bodyLimitBytes ? undefined : readBytes(request.body, bodyLimitBytes)),
  };
}

/**
 * What a caller of `fetch` sees of an outcome.
 *
 * Errors: `TypeError`, with the lost connection as cause; where the body is cut, when it is read.
 */
export async function asFetched(outcome: Outcome): Promise<Response> {
  if (!('kind' in outcome)) return new Response(outcome.body, outcome);
  if (outcome.kind === 'endless-body') return goingOn(outcome.begun, (fail) => whenAborted(outcome.signal, fail));
  if (outcome.kind === 'connection-lost') {
    if (outcome.begun === undefined) throw new TypeError('fetch failed', { cause: outcome });
    return goingOn(outcome.begun, (fail) => fail(new TypeError('terminated', { cause: outcome })));
  }
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
        else if (begun.body !== null) controller.enqueue(begun.body);
        isBegun = true;
      },
    },
    // Else the stream would ask for the rest at once, and an error throws away what has come.
    { highWaterMark: 0 },
  );
  return new Response(body, begun);
}

function whenAborted(signal: AbortSignal, act: (reason: unknown) => void): void {
  if (signal.aborted) act(signal.reason);
  else signal.addEventListener('abort', () => act(signal.reason), { once: true });
}
