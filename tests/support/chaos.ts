import { jsonResponse } from './observed-fetch.ts';
import type { VirtualClock } from './virtual-clock.ts';

type Fetch = (request: Request) => Promise<Response>;

/** What a mishap can do with a request. */
interface Hands {
  /** Lets the request arrive. A PUT that has arrived may be stored. */
  arrive: () => Promise<Response>;
  /** Lets a copy arrive later, whose response is thrown away. */
  arriveLater: () => void;
  /** The profile of another customer, under the ETag of this one. */
  ofAnother: () => Promise<Response>;
  /** The profile under the ETag of If-Match, as the client has read it. */
  asBefore: () => Promise<Response>;
}

const reset = (): Error => new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
const gateway = (status: number, headers: Record<string, string> = {}): Response =>
  jsonResponse({ statusCode: status, message: 'No' }, { status, headers });
const api = (status: number): Response => jsonResponse({ code: 800003, description: 'Unexpected service error' }, { status });

/** Responses that say nothing of what became of a write: each comes before the request is done, or after. */
const doubtful = {
  '408': () => gateway(408),
  '429 of another kind': () => api(429),
  '429 in HTML': () => new Response('<p>Slow down', { status: 429 }),
  '500': () => api(500),
  '501': () => api(501),
  '502': () => gateway(502),
  '503': () => gateway(503, { 'Retry-After': '1' }),
  '504': () => gateway(504),
  '599': () => api(599),
  redirect: () => new Response(null, { status: 307, headers: { Location: 'https://sign-in.example/' } }),
  'HTML with 200': () => new Response('<html>Sign in'),
  '204': () => new Response(null, { status: 204 }),
  'half a profile': () => new Response('{"id":"a5'),
} satisfies Record<string, () => Response>;

/** What may befall a request between a client and the service. */
const table = {
  pass: ({ arrive }) => arrive(),
  // It never arrives, the connection is reset.
  drop: () => Promise.reject(reset()),
  // It arrives and is done, its response is lost.
  lose: async ({ arrive }) => (await arrive(), Promise.reject(reset())),
  // It arrives after the client has given it up.
  late: async ({ arriveLater }) => (arriveLater(), Promise.reject(reset())),
  // It arrives twice, the response to the copy is thrown away.
  duplicate: async ({ arrive, arriveLater }) => {
    const response = await arrive();
    arriveLater();
    return response;
  },
  // It arrives and is done, its response never comes.
  hang: async ({ arrive }) => (await arrive(), new Promise(() => {})),
  // It arrives and is done, the response breaks off in its body.
  cut: async ({ arrive }) => {
    const { status, headers } = await arrive();
    const half = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"id"'));
        controller.error(reset());
      },
    });
    return new Response(half, { status, headers });
  },
  // The gateway refuses it, so it does not arrive.
  '429': async () => gateway(429, { 'Retry-After': '1' }),
  '429 for long': async () => gateway(429, { 'Retry-After': '3600' }),
  'the profile of another customer': ({ ofAnother }) => ofAnother(),
  'the profile of another customer, done': async ({ arrive, ofAnother }) => (await arrive(), ofAnother()),
  'the profile as it was': ({ asBefore }) => asBefore(),
  'the profile as it was, done': async ({ arrive, asBefore }) => {
    const before = await asBefore();
    await arrive();
    return before;
  },
  // Two copies arrive, and the client gets the response to the second: no client can know that.
  'the second response': async ({ arrive }) => (await arrive(), arrive()),
} satisfies Record<string, (hands: Hands) => Promise<Response>>;

const all: Record<string, (hands: Hands) => Promise<Response>> = {
  ...table,
  ...Object.fromEntries(Object.entries(doubtful).map(([name, respond]) => [name, async () => respond()])),
  ...Object.fromEntries(
    Object.entries(doubtful).map(([name, respond]) => [`${name}, done`, async ({ arrive }: Hands) => (await arrive(), respond())]),
  ),
};

export type Mishap = string;
export const mishaps: readonly Mishap[] = Object.keys(all);

/** One step of a plan. */
export interface Step {
  mishap: Mishap;
  delayMs: number;
}

/** The id of the customer in the address of a request. */
export const customerIn = ({ url }: Request): string => /customers\/([^/]+)/.exec(url)![1]!;

/** A `fetch` over another one that does to each request what the plan says next; after its end everything passes. */
export function chaos(
  fetch: Fetch,
  plan: readonly Step[],
  clock: VirtualClock,
  { customerIds, stateOf }: { customerIds: readonly string[]; stateOf: (customerId: string, etag: string) => object | undefined },
): Fetch {
  let step = 0;
  return async (request) => {
    const { mishap, delayMs } = plan[step++] ?? { mishap: 'pass', delayMs: 1 };
    await clock.sleep(delayMs);
    const read = async (customerId: string): Promise<Record<string, unknown>> => {
      const url = request.url.replace(customerIn(request), customerId);
      return (await (await fetch(new Request(url, { headers: request.headers }))).json()) as Record<string, unknown>;
    };
    return all[mishap]!({
      arrive: () => fetch(request.clone()),
      arriveLater: () => void clock.sleep(delayMs * 7).then(() => fetch(request.clone())),
      async ofAnother() {
        const other = customerIds.find((id) => id !== customerIn(request))!;
        const { attributes } = await read(customerIn(request));
        return jsonResponse({ ...(await read(other)), attributes });
      },
      async asBefore() {
        const etag = request.headers.get('If-Match')?.slice(1, -1) ?? '';
        return jsonResponse(stateOf(customerIn(request), etag) ?? (await read(customerIn(request))));
      },
    });
  };
}
