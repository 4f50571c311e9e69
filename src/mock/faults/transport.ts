import type { ServiceBehaviour } from '../../contract/behaviour.ts';
import { billingProfilePathOf } from '../../contract/profile.ts';
import { ConnectionLost, type Message, type Outcome } from '../delivery.ts';
import type { ProfileRequest } from '../request.ts';
import { refuse, refuseAtGateway, type ServiceResponse } from '../response.ts';

/** What a fault of the transport may need to know of the request that it meets. */
export interface TransportContext {
  request: ProfileRequest;
  behaviour: ServiceBehaviour;
  latencyMs: number;
  retryAfterSeconds: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Errors: the reason with which the request was aborted meanwhile. */
  sleep: (ms: number) => Promise<void>;
  /** Aborted when the client gives up or the server closes. */
  signal: AbortSignal;
}

/** What the network or the gateway does to a request. No promise of the contract: a client has to live with it all the same. */
export interface TransportFault {
  /** What happens, in one sentence. */
  does: string;
  shows: keyof typeof shells;
  /** What the conformance suite says when every request meets it: the requirement that fails first, if one does. */
  suite: 'passes' | 'untestable' | 'read.answers-one-object' | 'write.takes-pascal-case';
  /** The method that it meets, when it is planned for no other. */
  method?: 'PUT';
  /** Happens before the service has seen the request; what it gives, if anything, is the outcome. */
  before?: (context: TransportContext) => Promise<void> | ServiceResponse | ConnectionLost;
  /** Happens to the response of the service. */
  after?: (message: Message, context: TransportContext) => Outcome | ServiceResponse;
}

const same = (seen: string) => ({ fetch: seen, msw: seen, http: seen });

/** What each shell can show: `fetch` of the mock in this process, MSW, and HTTP. */
export const shells = {
  response: same('the response'),
  delay: same('the response, `latencyMs` later'),
  reset: {
    fetch: 'rejects with a `TypeError`, its cause with the code `ECONNRESET`',
    msw: 'rejects with a `TypeError` (`Response.error()`)',
    http: 'the connection is reset',
  },
  cut: {
    ...same('the head; reading the body rejects with a `TypeError`'),
    http: 'the head and half of the body, then the connection ends',
  },
  endless: {
    ...same('the head and half of the body, then nothing until the request is aborted'),
    http: 'the head and half of the body, then nothing until the client hangs up or the server closes',
  },
  slow: {
    ...same('no lines to be seen: the response, after the time that they would take'),
    http: 'the head, line by line, `latencyMs` between them',
  },
  redirect: { fetch: 'the redirect itself', msw: 'the redirect, which `fetch` follows', http: 'the redirect, which the client may follow' },
} as const satisfies Record<string, Record<'fetch' | 'msw' | 'http', string>>;

/** Resolves as a name only in a mistake. Source: RFC 6761, section 6.4 */
const otherHost = 'https://another-host.invalid';

type WaitHint = (context: TransportContext) => Record<string, string>;

const inSeconds: WaitHint = ({ retryAfterSeconds }) => ({ 'Retry-After': String(retryAfterSeconds) });
// HTTP dates know no fractions of a second; rounded down, the date would come too early.
const atDate: WaitHint = ({ retryAfterSeconds, now }) => ({
  'Retry-After': new Date(Math.ceil(now() / 1000 + retryAfterSeconds) * 1000).toUTCString(),
});
const unsaid: WaitHint = () => ({});

/** Both bodies of a 429 are documented. Source: SOURCES.md#throttling, SOURCES.md#error-response */
const throttling = (words: string, hint: WaitHint, by: 'gateway' | 'API'): TransportFault => ({
  does: `Responds with 429 ${words}, with the body of the ${by}.`,
  shows: 'response',
  suite: 'untestable',
  before: (context) => {
    const headers = hint(context);
    const wait = hint === unsaid ? '' : ` Try again in ${context.retryAfterSeconds} seconds.`;
    if (by === 'API') return refuse(context.behaviour, 429, 429, `Too many requests.${wait}`, { headers });
    return { ...refuseAtGateway(429, `Rate limit is exceeded.${wait}`), headers };
  },
});

const gatewayResponds = (status: number, message: string): TransportFault => ({
  does: `Responds with ${status} before anything is stored, with the body of the gateway.`,
  shows: 'response',
  suite: 'read.answers-one-object',
  before: () => refuseAtGateway(status, message),
});

const halfOf = ({ body, ...head }: Message): Message => ({ ...head, body: body!.slice(0, body!.length / 2) });

/** Every fault of the transport, by name. */
export const transportFaults = {
  'delays-answer': {
    does: 'Delays the request before it is handled.',
    shows: 'delay',
    suite: 'passes',
    before: ({ sleep, latencyMs }) => sleep(latencyMs),
  },
  'throttles-by-seconds': throttling('with Retry-After in seconds', inSeconds, 'gateway'),
  'throttles-by-date': throttling('with Retry-After as a date', atDate, 'gateway'),
  'throttles-without-time': throttling('without Retry-After', unsaid, 'gateway'),
  'throttles-by-seconds-as-api': throttling('with Retry-After in seconds', inSeconds, 'API'),
  'throttles-by-date-as-api': throttling('with Retry-After as a date', atDate, 'API'),
  'throttles-without-time-as-api': throttling('without Retry-After', unsaid, 'API'),
  'answers-500': {
    does: 'Responds with 500 and code 800003 before anything is stored, with the body of the API.',
    shows: 'response',
    suite: 'read.answers-one-object',
    // Source: SOURCES.md#statuses
    before: ({ behaviour }) => refuse(behaviour, 500, 800003, 'Unexpected service error'),
  },
  'answers-502': gatewayResponds(502, 'Bad gateway'),
  'answers-503': gatewayResponds(503, 'Service unavailable'),
  'answers-504': gatewayResponds(504, 'Gateway timeout'),
  'answers-504-after-storing': {
    does: 'Stores a PUT, and responds with 504 and the body of the gateway.',
    shows: 'response',
    suite: 'write.takes-pascal-case',
    method: 'PUT',
    after: () => refuseAtGateway(504, 'Gateway timeout'),
  },
  'resets-before-storing': {
    does: 'Resets the connection before anything is stored.',
    shows: 'reset',
    suite: 'read.answers-one-object',
    before: () => new ConnectionLost(),
  },
  'resets-after-storing': {
    does: 'Stores a PUT, and resets the connection instead of responding.',
    shows: 'reset',
    suite: 'write.takes-pascal-case',
    method: 'PUT',
    after: () => new ConnectionLost(),
  },
  'truncates-body': {
    does: 'Ends the connection in the middle of the response body.',
    shows: 'cut',
    suite: 'read.answers-one-object',
    after: (message) => (message.body === null ? message : new ConnectionLost(halfOf(message))),
  },
  'never-ends-body': {
    does: 'Sends half of the response body, and never the rest.',
    shows: 'endless',
    suite: 'read.answers-one-object',
    after: (message, { signal }) => (message.body === null ? message : { kind: 'endless-body', begun: halfOf(message), signal }),
  },
  'sends-headers-slowly': {
    does: 'Sends the status line and headers of the response line by line.',
    shows: 'slow',
    suite: 'passes',
    after: (message, { sleep, latencyMs }) => ({ kind: 'slow-headers', message, pause: () => sleep(latencyMs) }),
  },
  'redirects-to-another-host': {
    does: `Responds with 307 and a Location at ${otherHost}, a name that never resolves.`,
    shows: 'redirect',
    suite: 'read.answers-one-object',
    before: ({ request }) => {
      const headers = { Location: otherHost + billingProfilePathOf(encodeURIComponent(request.customerId)) };
      return { ...refuseAtGateway(307, 'Moved'), headers };
    },
  },
} as const satisfies Record<string, TransportFault>;

/** The name of a fault of the transport. */
export type TransportFaultName = keyof typeof transportFaults;
