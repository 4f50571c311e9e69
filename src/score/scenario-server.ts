import { behaviourPresets } from '../contract/behaviour.ts';
import { toWire } from '../contract/casing.ts';
import { toIfMatch } from '../contract/etag.ts';
import { headerNames } from '../contract/headers.ts';
import { billingProfilePathOf, type CustomerBillingProfile } from '../contract/profile.ts';
import { defaultCustomers, type SeedCustomer } from '../mock/customers.ts';
import type { Message, Outcome, Service } from '../mock/delivery.ts';
import type { ServiceRequest } from '../mock/request.ts';
import { createMockService, type MockService, sleepFor } from '../mock/service.ts';
import { observingService } from './observing-service.ts';
import type { ClientEnd, ObservedRequest, ScenarioRun } from './scenario-run.ts';
import { retryAfterSeconds, type Scenario, type ScenarioName, scenarios } from './scenarios.ts';

/** Makes a service reachable. */
export type Listen = (service: Service, host: 'service' | 'other') => Promise<{ url: string; close(): Promise<void> }>;

/** What scenario servers and runs share; a test gives its own. */
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

/** Sets up a scenario: a fresh mock, another writer, another host. */
export async function startScenarioServer(name: ScenarioName, options: ScenarioServerOptions): Promise<ScenarioServer> {
  const { listen, newId = () => crypto.randomUUID(), now = Date.now, sleep = sleepFor } = options;
  const scenario: Scenario = scenarios[name];
  const play = createPlay(scenario, { newId, now, sleep });
  const { mock, customerId } = play;
  const token = scenario.isTokenWrong ? `wrong-${newId()}` : mock.token;
  const company = `Company ${newId().slice(0, 8)}`;
  const observedRequests: ObservedRequest[] = [];
  const redirectedRequests: ObservedRequest[] = [];
  const otherHost = { into: redirectedRequests, now, version: () => '', respond: async () => unauthorized() };
  const other = scenario.redirects ? await listen(observingService(otherHost), 'other') : undefined;
  const respond = other === undefined ? play.respond : async ({ url }: ServiceRequest) => redirectTo(other.url + new URL(url).pathname);
  const version = (): string => play.stored().attributes.etag;
  const service = observingService({ into: observedRequests, now, version, respond });
  const { url, close } = await listen(service, 'service').catch(async (error: unknown) => {
    await other?.close();
    throw error;
  });
  return {
    env: {
      PARTNER_CENTER_BASE_URL: url,
      PARTNER_CENTER_TOKEN: token,
      PARTNER_CENTER_CUSTOMER_ID: customerId,
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
      concurrentProfile: play.concurrentProfile(),
      stored: play.stored(),
    }),
    close: async () => void (await Promise.all([close(), other?.close()])),
  };
}

/** What happens behind the address of the service. */
interface Play {
  mock: MockService;
  customerId: string;
  respond(request: ServiceRequest): Promise<Outcome>;
  stored(): CustomerBillingProfile;
  /** What the other writer stored; undefined before it has written. */
  concurrentProfile(): CustomerBillingProfile | undefined;
}

function createPlay(scenario: Scenario, clock: Required<Pick<ScenarioServerOptions, 'newId' | 'now' | 'sleep'>>): Play {
  const customer = customerFor(scenario);
  const { customerId } = customer;
  const mock = createMockService({
    // A client that guards nothing is let in, so that what comes of it can be seen.
    behaviour: { ...behaviourPresets.observed, precondition: 'optional', weakTag: 'accepted', byteOrderMark: false, ...scenario.behaviour },
    customers: [customer],
    token: `score-${clock.newId()}`,
    faults: scenario.faults ?? [],
    control: false,
    retryAfterSeconds,
    ...clock,
  });
  const stored = (): CustomerBillingProfile => mock.customers.get(customerId)!;
  let concurrentProfile: CustomerBillingProfile | undefined;
  let isSlow = scenario.slowMs !== undefined;
  return {
    mock,
    customerId,
    stored,
    concurrentProfile: () => concurrentProfile,
    async respond(request) {
      const before = stored().attributes.etag;
      const outcome = await mock.handle(request);
      const isRead = request.method === 'GET' && 'status' in outcome && outcome.status === 200;
      if (isRead && scenario.concurrentWrite !== undefined && concurrentProfile === undefined) {
        await writeAsAnotherWriter(mock, customerId, { ...stored(), ...scenario.concurrentWrite });
        concurrentProfile = stored();
      }
      if (isSlow && request.method === 'PUT' && stored().attributes.etag !== before) {
        isSlow = false;
        await clock.sleep(scenario.slowMs!, request.signal);
      }
      return outcome;
    },
  };
}

async function writeAsAnotherWriter(mock: MockService, customerId: string, profile: CustomerBillingProfile): Promise<void> {
  const headers = {
    Authorization: `Bearer ${mock.token}`,
    'Content-Type': 'application/json',
    [headerNames.ifMatch]: toIfMatch(profile.attributes.etag),
  };
  const url = `http://localhost${billingProfilePathOf(customerId)}`;
  await mock.fetch(new Request(url, { method: 'PUT', headers, body: JSON.stringify(toWire(profile)) }));
}

function customerFor({ unknownMembers }: Scenario): SeedCustomer {
  const { customerId, profile } = defaultCustomers[0]!;
  if (unknownMembers === undefined) return { customerId, profile };
  const defaultAddress = { ...profile.defaultAddress, ...unknownMembers.address };
  return { customerId, profile: { ...profile, ...unknownMembers.profile, defaultAddress } };
}

const bare = (status: number, headers: Record<string, string>): Message => ({
  status,
  headers: { ...headers, 'Content-Length': '0' },
  body: new Uint8Array(),
});
const redirectTo = (location: string): Message => bare(307, { Location: location });
const unauthorized = (): Message => bare(401, { 'WWW-Authenticate': 'Bearer' });
