import { createPartnerClient, type PartnerClientOptions } from '../../src/index.ts';
import { fakeProfile } from './fake.ts';
import { jsonResponse, observedFetch, type ObservedRequest } from './observed-fetch.ts';

export const customerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';
export const otherCustomerId = '2ca7c44a-3f2b-4b8e-9a53-6d0c1f6b7e21';
export const profile = fakeProfile(3);
/** The time at which a scripted client begins. */
export const nowMs = Date.UTC(2026, 10, 23);

type Script = (request: ObservedRequest) => Response | Promise<Response>;

export const ok = () => jsonResponse(profile);
export const refused = (status: number, retryAfter?: string) => () =>
  jsonResponse({ code: 1, description: 'x' }, { status, headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter } });
export const throttled =
  (retryAfter?: string, body: unknown = { statusCode: 429, message: 'Slow down' }) =>
  () =>
    jsonResponse(body, { status: 429, headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter } });
export const failed = () =>
  Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) }));

/** The responses to PUTs, in their order, the last one for ever; every GET gets the profile. */
export function toPuts(...responses: Script[]): Script[] {
  let count = 0;
  return [(request) => (request.method === 'GET' ? ok() : responses[Math.min(count++, responses.length - 1)]!(request))];
}

/** A client that gets these responses in their order, the last one for ever, and whose waits are written down instead of made. */
export function scriptedClient(responses: Script[], options: Partial<PartnerClientOptions> = {}) {
  let count = 0;
  const { fetch, requests } = observedFetch((request) => responses[Math.min(count++, responses.length - 1)]!(request));
  const waits: number[] = [];
  let time = nowMs;
  const partner = createPartnerClient({
    token: 'secret-token',
    fetch,
    random: () => 0.5,
    now: () => time,
    sleep: async (ms) => {
      waits.push(ms);
      time += ms;
    },
    ...options,
  });
  return { partner, billing: partner.customers.byId(customerId).profiles.billing, requests, waits };
}

export const requestIdsOf = (requests: ObservedRequest[]) => requests.map(({ headers }) => headers.get('MS-RequestId'));
