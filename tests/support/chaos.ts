import { jsonResponse } from './observed-fetch.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What may befall a request between a client and the service. */
export const mishaps = [
  'pass',
  'drop', // it never arrives, the connection is reset
  'lose', // it arrives and is done, its answer is lost
  'duplicate', // it arrives twice, the answer to the copy is thrown away
  'hang', // it arrives and is done, its answer never comes
  'cut', // it arrives and is done, the answer breaks off in its body
  '429',
  '429 for long',
  '500',
  '502',
  '502 after all', // it arrives and is done, the gateway gives up on it
  '503',
  '504',
] as const;
export type Mishap = (typeof mishaps)[number];

/** One step of a plan. */
export interface Step {
  mishap: Mishap;
  delayMs: number;
}

const reset = (): Error => new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
const gateway = (status: number, headers: Record<string, string> = {}): Response =>
  jsonResponse({ statusCode: status, message: 'No' }, { status, headers });

/** A `fetch` over another one that does to each request what the plan says next; after its end everything passes. */
export function chaos(fetch: (request: Request) => Promise<Response>, plan: readonly Step[], clock: VirtualClock) {
  let step = 0;
  return async (request: Request): Promise<Response> => {
    const { mishap, delayMs } = plan[step++] ?? { mishap: 'pass', delayMs: 1 };
    await clock.sleep(delayMs);
    switch (mishap) {
      case 'pass':
        return fetch(request);
      case 'drop':
        throw reset();
      case 'lose':
        await fetch(request);
        throw reset();
      case 'duplicate': {
        const copy = request.clone();
        const answer = await fetch(request);
        void clock.sleep(delayMs).then(() => fetch(copy));
        return answer;
      }
      case 'hang':
        await fetch(request);
        return new Promise(() => {});
      case 'cut': {
        const { status, headers } = await fetch(request);
        const half = new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode('{"id"'));
            controller.error(reset());
          },
        });
        return new Response(half, { status, headers });
      }
      case '429':
        return gateway(429, { 'Retry-After': '1' });
      case '429 for long':
        return gateway(429, { 'Retry-After': '3600' });
      case '502 after all':
        await fetch(request);
        return gateway(502);
      case '500':
        return jsonResponse({ code: 800003, description: 'Unexpected service error' }, { status: 500 });
      default:
        return gateway(Number(mishap));
    }
  };
}
