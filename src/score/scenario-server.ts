import { behaviourPresets } from '../contract/behaviour.ts';
import { toWire } from '../contract/casing.ts';
import { toIfMatch } from '../contract/etag.ts';
import { headerNames } from '../contract/headers.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import { billingProfilePathOf, type CustomerBillingProfile } from '../contract/profile.ts';
import { readBytes } from '../contract/read-body.ts';
import { defaultCustomers, type SeedCustomer } from '../mock/customers.ts';
import { ConnectionLost, type Message, type Outcome, type Service } from '../mock/outcome.ts';
import { createMockService } from '../mock/service.ts';
import { sleepFor } from '../mock/sleep.ts';
import { retryAfterSeconds, type Scenario, type ScenarioName, scenarios } from './scenarios.ts';
import type { ClientEnd, ScenarioRun, ObservedRequest } from './scenario-run.ts';

/** Makes a service reachable. */
export type Listen = (service: Service, host: 'service' | 'other') => Promise<{ url: string; close(): Promise<void> }>;

/** What stages and runs share; a test gives its own. */
export interface ScenarioServerOptions {
  listen: Listen;
  newId?: () => string;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Errors: the reason of the signal, when that is aborted first. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A scenario that a client can be let into. */
export interface ScenarioServer {
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
const observedLimit = 1000;
const bodyLimitBytes = 1024 * 1024;

/** Sets up a scenario: a fresh mock, somebody else who writes, another host. */
export async function startScenarioServer(name: ScenarioName, options: ScenarioServerOptions): Promise<ScenarioServer> {
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
  const observedRequests: ObservedRequest[] = [];
  const redirectedRequests: ObservedRequest[] = [];
  let concurrentProfile: CustomerBillingProfile | undefined;
  let isSlow = scenario.slowMs !== undefined;

  async function writeConcurrently(): Promise<void> {
    const profile = { ...profileNow(), ...scenario.concurrentWrite };
    const headers = {
      Authorization: `Bearer ${mock.token}`,
      'Content-Type': 'application/json',
      [headerNames.ifMatch]: toIfMatch(profile.attributes.etag),
    };
    const url = `http://localhost${billingProfilePathOf(customer.customerId)}`;
    await mock.fetch(new Request(url, { method: 'PUT', headers, body: JSON.stringify(toWire(profile)) }));
    concurrentProfile = profileNow();
  }

  const service = watched(
    observedRequests,
    now,
    () => profileNow().attributes.etag,
    async (request) => {
      if (scenario.redirects) return redirectTo(other!.url + new URL(request.url).pathname);
      const before = profileNow().attributes.etag;
      const outcome = await mock.handle(request);
      const isRead = request.method === 'GET' && 'status' in outcome && outcome.status === 200;
      if (isRead && scenario.concurrentWrite !== undefined && concurrentProfile === undefined) await writeConcurrently();
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
          redirectedRequests,
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
    run: (end) => ({
      scenario: name,
      baseUrl: url,
      company,
      token,
      end,
      observedRequests,
      redirectedRequests,
      concurrentProfile,
      stored: profileNow(),
    }),
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
  into: ObservedRequest[],
  now: () => number,
  version: () => string,
  respond: (request: Request) => Promise<Outcome>,
): Service {
  async function handle(request: Request): Promise<Outcome> {
    const bytes = await readBytes(request.body, bodyLimitBytes);
    const text = bytes === undefined ? '' : new TextDecoder().decode(bytes);
    const { method, url, headers, signal } = request;
    const observed: ObservedRequest = {
      atMs: now(),
      respondedAtMs: now(),
      method,
      url,
      headers: Object.fromEntries(headers),
      authorization: headers.get('Authorization') ?? undefined,
      ifMatch: headers.get(headerNames.ifMatch) ?? undefined,
      requestId: headers.get(headerNames.requestId) ?? undefined,
      correlationId: headers.get(headerNames.correlationId) ?? undefined,
      text,
      body: parseJson(text),
      isResponded: false,
      etag: undefined,
      isStored: false,
    };
    if (into.length < observedLimit) into.push(observed);
    const before = version();
    const isBodiless = method === 'GET' || method === 'HEAD';
    try {
      const outcome = await respond(
        new Request(url, {
          method,
          headers,
          signal,
          ...(isBodiless ? {} : { body: new Blob(bytes === undefined ? [] : [new Uint8Array(bytes)]) }),
        }),
      );
      note(observed, outcome);
      return outcome;
    } finally {
      observed.isStored = version() !== before && method === 'PUT';
      observed.respondedAtMs = now();
    }
  }
  return {
    handle,
    // The shells that listen use `handle`.
    fetch: async () => new Response(null, { status: 501 }),
  };
}

function note(observed: ObservedRequest, outcome: Outcome): void {
  if (outcome instanceof ConnectionLost || !('status' in outcome)) return;
  const { status, headers, body } = outcome;
  observed.isResponded = true;
  observed.status = status;
  observed.responseHeaders = headers;
  observed.response = body === null ? undefined : parseJson(typeof body === 'string' ? body : new TextDecoder().decode(body));
  const attributes = isJsonObject(observed.response) ? observed.response.attributes : undefined;
  if (isJsonObject(attributes) && typeof attributes.etag === 'string') observed.etag = attributes.etag;
}

const bare = (status: number, headers: Record<string, string>): Message => ({
  status,
  headers: { ...headers, 'Content-Length': '0' },
  body: new Uint8Array(),
});
const redirectTo = (location: string): Message => bare(307, { Location: location });
const unauthorized = (): Message => bare(401, { 'WWW-Authenticate': 'Bearer' });
