import { behaviourPresets } from '../contract/behaviour.ts';
import { toWire } from '../contract/casing.ts';
import { toIfMatch } from '../contract/etag.ts';
import { headerNames } from '../contract/headers.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import { billingProfilePathOf, type CustomerBillingProfile } from '../contract/profile.ts';
import { defaultCustomers, type SeedCustomer } from '../mock/customers.ts';
import { ConnectionLost, type Message, type Outcome, type Service } from '../mock/delivery.ts';
import { sleepFor } from '../mock/faults/sleep.ts';
import type { ServiceRequest } from '../mock/request.ts';
import { createMockService } from '../mock/service.ts';
import { retryAfterSeconds, type Scenario, type ScenarioName, scenarios } from './scenarios.ts';
import type { ClientEnd, ScenarioRun, Sighting } from './types.ts';

/** Makes a service reachable. */
export type Listen = (service: Service, host: 'service' | 'other') => Promise<{ url: string; close(): Promise<void> }>;

/** What stages and runs share; a test gives its own. */
export interface StageOptions {
  listen: Listen;
  newId?: () => string;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Errors: the reason of the signal, when that is aborted first. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A scenario that a client can be let into. */
export interface Stage {
  /** What the client is told. */
  env: Record<
    'PARTNER_CENTER_BASE_URL' | 'PARTNER_CENTER_TOKEN' | 'PARTNER_CENTER_CUSTOMER_ID' | 'PC_BILLING_SCENARIO' | 'PC_BILLING_COMPANY',
    string
  >;
  /** What was seen, once the client has ended. */
  run(end: ClientEnd): ScenarioRun;
  close(): Promise<void>;
}

/** A client that sends without end must not fill the memory. */
const sightingsLimit = 1000;

/** Sets up a scenario: a fresh mock, somebody else who writes, another host. */
export async function openStage(name: ScenarioName, options: StageOptions): Promise<Stage> {
  const { listen, newId = () => crypto.randomUUID(), now = Date.now, sleep = sleepFor } = options;
  const scenario: Scenario = scenarios[name];
  const customer = customerFor(scenario);
  const mock = createMockService({
    // A client that guards nothing is let in, so that what comes of it can be seen.
    behaviour: { ...behaviourPresets.observed, precondition: 'optional', weakTag: 'accepted', byteOrderMark: false, ...scenario.behaviour },
    customers: [customer],
    token: `score-${newId()}`,
    faults: scenario.faults ?? [],
    control: false,
    retryAfterSeconds,
    newId,
    now,
    sleep,
  });
  const token = scenario.isTokenWrong ? `wrong-${newId()}` : mock.token;
  const company = `Company ${newId().slice(0, 8)}`;
  const profileNow = (): CustomerBillingProfile => mock.customers.get(customer.customerId)!;
  const sightings: Sighting[] = [];
  const elsewhere: Sighting[] = [];
  let foreign: CustomerBillingProfile | undefined;
  let isSlow = scenario.slowMs !== undefined;

  async function writeAsSomebodyElse(): Promise<void> {
    const profile = { ...profileNow(), ...scenario.foreignChange };
    const headers = {
      Authorization: `Bearer ${mock.token}`,
      'Content-Type': 'application/json',
      [headerNames.ifMatch]: toIfMatch(profile.attributes.etag),
    };
    const url = `http://localhost${billingProfilePathOf(customer.customerId)}`;
    await mock.fetch(new Request(url, { method: 'PUT', headers, body: JSON.stringify(toWire(profile)) }));
    foreign = profileNow();
  }

  const service = watched(
    sightings,
    now,
    () => profileNow().attributes.etag,
    async (request) => {
      if (scenario.redirects) return redirectTo(other!.url + new URL(request.url).pathname);
      const before = profileNow().attributes.etag;
      const outcome = await mock.handle(request);
      const isRead = request.method === 'GET' && 'status' in outcome && outcome.status === 200;
      if (isRead && scenario.foreignChange !== undefined && foreign === undefined) await writeAsSomebodyElse();
      if (isSlow && request.method === 'PUT' && profileNow().attributes.etag !== before) {
        isSlow = false;
        await sleep(scenario.slowMs!, request.signal);
      }
      return outcome;
    },
  );
  const other = scenario.redirects
    ? await listen(
        watched(
          elsewhere,
          now,
          () => '',
          async () => unauthorized(),
        ),
        'other',
      )
    : undefined;
  const { url, close } = await listen(service, 'service');

  return {
    env: {
      PARTNER_CENTER_BASE_URL: url,
      PARTNER_CENTER_TOKEN: token,
      PARTNER_CENTER_CUSTOMER_ID: customer.customerId,
      PC_BILLING_SCENARIO: name,
      PC_BILLING_COMPANY: company,
    },
    run: (end) => ({ scenario: name, baseUrl: url, company, token, end, sightings, elsewhere, foreign, stored: profileNow() }),
    close: async () => void (await Promise.all([close(), other?.close()])),
  };
}

function customerFor({ unknownMembers }: Scenario): SeedCustomer {
  const { customerId, profile } = defaultCustomers[0]!;
  if (unknownMembers === undefined) return { customerId, profile };
  const defaultAddress = { ...profile.defaultAddress, ...unknownMembers.address };
  return { customerId, profile: { ...profile, ...unknownMembers.profile, defaultAddress } };
}

/** A service that writes down every request and what becomes of it. */
function watched(
  into: Sighting[],
  now: () => number,
  version: () => string,
  respond: (request: ServiceRequest) => Promise<Outcome>,
): Service {
  async function handle(request: ServiceRequest): Promise<Outcome> {
    const bytes = await request.readBody();
    const text = bytes === undefined ? '' : new TextDecoder().decode(bytes);
    const { method, url, headers, signal } = request;
    const sighting: Sighting = {
      atMs: now(),
      answeredAtMs: now(),
      method,
      url,
      headers,
      authorization: headers.authorization,
      ifMatch: headers[headerNames.ifMatch.toLowerCase()],
      requestId: headers[headerNames.requestId.toLowerCase()],
      correlationId: headers[headerNames.correlationId.toLowerCase()],
      text,
      body: parseJson(text),
      isAnswered: false,
      etag: undefined,
      isStored: false,
    };
    if (into.length < sightingsLimit) into.push(sighting);
    const before = version();
    try {
      const outcome = await respond({ method, url, headers, signal, readBody: async () => bytes });
      note(sighting, outcome);
      return outcome;
    } finally {
      sighting.isStored = version() !== before && method === 'PUT';
      sighting.answeredAtMs = now();
    }
  }
  return {
    handle,
    // The shells that listen use `handle`.
    fetch: async () => new Response(null, { status: 501 }),
  };
}

function note(sighting: Sighting, outcome: Outcome): void {
  if (outcome instanceof ConnectionLost || !('status' in outcome)) return;
  const { status, headers, body } = outcome;
  sighting.isAnswered = true;
  sighting.status = status;
  sighting.answerHeaders = headers;
  sighting.answer = body === null ? undefined : parseJson(new TextDecoder().decode(body));
  const attributes = isJsonObject(sighting.answer) ? sighting.answer.attributes : undefined;
  if (isJsonObject(attributes) && typeof attributes.etag === 'string') sighting.etag = attributes.etag;
}

const bare = (status: number, headers: Record<string, string>): Message => ({
  status,
  headers: { ...headers, 'Content-Length': '0' },
  body: new Uint8Array(),
});
const redirectTo = (location: string): Message => bare(307, { Location: location });
const unauthorized = (): Message => bare(401, { 'WWW-Authenticate': 'Bearer' });
