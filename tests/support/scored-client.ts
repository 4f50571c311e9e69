import { toWire } from '../../src/contract/casing.ts';
import { parseJson } from '../../src/contract/json.ts';
import type { Service } from '../../src/mock/delivery.ts';
import { asFetched, fromFetch } from '../../src/mock/fetch.ts';
import { type ScoreOptions, scoreClient } from '../../src/score/run.ts';
import type { ScenarioServer } from '../../src/score/scenario-server.ts';
import type { ClientEnd } from '../../src/score/scenario-run.ts';

type Json = any; // oxlint-disable-line no-explicit-any

/** What a client does; each member is a place at which it can go wrong. */
export interface Habits {
  /** The headers of a PUT that guard it. */
  guard: (etag: string) => Record<string, string>;
  body: (profile: Json, company: string) => unknown;
  ids: () => Record<string, string>;
  /** What it does with the MS-RequestId of the last request, whatever became of that. */
  keepsRequestId: boolean;
  parse: (bytes: Uint8Array) => Json;
  waitMs: (answer: Response) => number;
  /** What it sends after a stale refusal: nothing, what it has read anew, or the old body with the new ETag. */
  onStale: 'gives-up' | 'reads-again' | 'takes-new-etag' | 'sends-again';
  onLostAnswer: 'gives-up' | 'looks';
  onUnauthorized: 'gives-up' | 'sends-again' | 'takes-another-token';
  onRedirect: 'stops' | 'follows-with-token' | 'follows-with-token-in-url' | 'follows-with-token-in-body';
  exitCode: (believed: number) => number;
}

export const goodHabits: Habits = {
  guard: (etag) => ({ 'If-Match': `"${etag}"` }),
  body: (profile, company) => toWire({ ...profile, companyName: company }),
  ids: () => ({ 'MS-RequestId': crypto.randomUUID(), 'MS-CorrelationId': crypto.randomUUID() }),
  keepsRequestId: false,
  parse: (bytes) => parseJson(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)),
  waitMs: (answer) => Number(answer.headers.get('Retry-After') ?? 1) * 1000,
  onStale: 'reads-again',
  onLostAnswer: 'looks',
  onUnauthorized: 'gives-up',
  onRedirect: 'stops',
  exitCode: (believed) => believed,
};

interface World {
  env: ScenarioServer['env'];
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  sleep: (ms: number) => void;
}

/** Scores a client of this process on a clock of its own: nothing listens and nobody waits. */
export function scoreHabits(habits: Partial<Habits>, options: Partial<ScoreOptions> = {}) {
  return scoreFunction(clientWith({ ...goodHabits, ...habits }), options);
}

/** `end` says how the client ended, given what it believes. */
export function scoreFunction(
  client: (world: World) => Promise<number>,
  {
    end = (exitCode) => ({ exitCode }),
    ...options
  }: Partial<ScoreOptions> & { end?: (believed: number, env: ScenarioServer['env']) => ClientEnd } = {},
) {
  let timeMs = Date.UTC(2026, 10, 23);
  const hosts = new Map<string, Service>();
  const sleep = (ms: number): void => void (timeMs += ms);
  const fetch: World['fetch'] = async (url, init) => {
    timeMs += 1;
    return asFetched(await hosts.get(new URL(url).origin)!.handle!(fromFetch(new Request(url, init))));
  };
  return scoreClient({
    now: () => timeMs,
    sleep: async (ms) => sleep(ms),
    listen: async (service, host) => {
      const url = `http://${host}-${hosts.size}.localhost`;
      hosts.set(url, service);
      return { url, close: async () => {} };
    },
    runClient: async (env) => ({ output: 'a line of output', ...end(await client({ env, fetch, sleep }), env) }),
    ...options,
  });
}

/** A client that does as its habits say. */
export function clientWith(habits: Habits) {
  return async ({ env, fetch, sleep }: World): Promise<number> => {
    const url = `${env.PARTNER_CENTER_BASE_URL}/v1/customers/${env.PARTNER_CENTER_CUSTOMER_ID}/profiles/billing`;
    const base = { Authorization: `Bearer ${env.PARTNER_CENTER_TOKEN}` };
    const send = async (
      init: { method: string; headers?: Record<string, string>; body?: string },
      attempt = 1,
      ids = habits.ids(),
    ): Promise<Response> => {
      const headers = { ...base, ...ids, ...init.headers };
      if (habits.onUnauthorized === 'takes-another-token' && attempt > 1) headers.Authorization += attempt;
      const answer = await fetch(url, { ...init, headers });
      if (answer.status === 307 && habits.onRedirect === 'follows-with-token')
        return fetch(answer.headers.get('Location')!, { ...init, headers });
      if (answer.status === 307 && habits.onRedirect === 'follows-with-token-in-url')
        return fetch(`${answer.headers.get('Location')}?access_token=${env.PARTNER_CENTER_TOKEN}`, init);
      if (answer.status === 307 && habits.onRedirect === 'follows-with-token-in-body')
        return fetch(answer.headers.get('Location')!, { method: 'PUT', body: `token=${env.PARTNER_CENTER_TOKEN}` });
      const isAgain = answer.status === 429 || answer.status === 503 || (answer.status === 401 && habits.onUnauthorized !== 'gives-up');
      if (!isAgain || attempt >= (answer.status === 401 ? 2 : 3)) return answer;
      sleep(habits.waitMs(answer));
      return send(init, attempt + 1, habits.keepsRequestId ? ids : habits.ids());
    };
    const read = async (): Promise<Json> => {
      const answer = await send({ method: 'GET' });
      return answer.status === 200 ? habits.parse(new Uint8Array(await answer.arrayBuffer())) : undefined;
    };
    const write = async (body: Json, etag: string): Promise<Response> =>
      send({ method: 'PUT', headers: { 'Content-Type': 'application/json', ...habits.guard(etag) }, body: JSON.stringify(body) });

    const profile = await read();
    if (profile === undefined) return habits.exitCode(1);
    let body = habits.body(profile, env.PC_BILLING_COMPANY);
    let { etag } = profile.attributes;
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      let answer: Response;
      try {
        answer = await write(body, etag);
      } catch {
        if (habits.onLostAnswer === 'gives-up') return habits.exitCode(1);
        return habits.exitCode((await read())?.companyName === env.PC_BILLING_COMPANY ? 0 : 1);
      }
      if (answer.status === 200) return habits.exitCode(0);
      if ((answer.status !== 400 && answer.status !== 412) || habits.onStale === 'gives-up') break;
      if (habits.onStale === 'sends-again') continue;
      const now = await read();
      etag = now.attributes.etag;
      if (habits.onStale === 'reads-again') body = habits.body(now, env.PC_BILLING_COMPANY);
      else (body as Json).Attributes.Etag = etag;
    }
    return habits.exitCode(1);
  };
}
