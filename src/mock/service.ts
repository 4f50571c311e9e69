import { type BehaviourPreset, behaviourPresets, type ServiceBehaviour } from '../contract/behaviour.ts';
import { isGuid } from '../contract/guid.ts';
import type { CustomerBillingProfile } from '../contract/profile.ts';
import { type Answer, apiHeaders, refuse, refuseAtGateway, success, toMessage } from './answer.ts';
import { type Conduct, honestConduct } from './conduct.ts';
import { createCustomerStore, type Customer, type CustomerSource, defaultCustomers, type SeedCustomer, show } from './customers.ts';
import { type AnyFaultName, createFaultPlan, isFaultName, listFaults, type PlannedFault, type Struck } from './fault-plan.ts';
import { type FaultName, faults } from './faults.ts';
import { asFetched, ConnectionLost, type Message, type Outcome } from './outcome.ts';
import { judgePrecondition } from './precondition.ts';
import { createJournal, type JournalEntry, type Noted } from './journal.ts';
import { faultHeader, receive, type ServiceRequest } from './request.ts';
import { sleepFor } from './sleep.ts';
import type { Scene } from './transport-faults.ts';
import { readUpdate } from './update.ts';

/** What a mock is made of. */
export interface MockServiceOptions {
  /** A preset, or single answers over the preset `observed`. Default: `observed`. */
  behaviour?: BehaviourPreset | Partial<ServiceBehaviour>;
  /** The customers to start with. Default: three that differ. */
  customers?: readonly SeedCustomer[];
  /** Customers beside those, made when they are first asked for. Default: none. */
  moreCustomers?: CustomerSource;
  /** The one token that is known. Default: `mock-token`. */
  token?: string;
  /** Promises to break, and what the network does, for all requests or for some. Default: none. */
  faults?: readonly (AnyFaultName | PlannedFault)[];
  /** Whether a request may ask for faults by the header X-Mock-Fault. Default: true. */
  control?: boolean;
  /** How long `delays-answer` lets a request wait, and `sends-headers-slowly` a line. Default: 1000. */
  latencyMs?: number;
  /** What the faults that throttle ask for. Default: 1. */
  retryAfterSeconds?: number;
  /** Makes the ids that a request lacks. Default: `crypto.randomUUID`. */
  newId?: () => string;
  /** Milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
  /** How many exchanges the journal keeps. Default: 100. */
  journalSize?: number;
  /** Told of every exchange, as the journal keeps it. */
  onExchange?: (entry: JournalEntry) => void;
  /** Waits; rejects with the reason of the signal when that is aborted. Default: a timer. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A service in memory. Each one has customers of its own. */
export interface MockService {
  /** Answers a request as `fetch` does. Bound: it can be passed around, as the `fetch` of a client for instance. */
  fetch(request: Request): Promise<Response>;
  /** The same for a shell, which can show what the network does. Errors: the reason with which the request was aborted. */
  handle(request: Request): Promise<Outcome>;
  /** What is stored, to look at: how many there are, the first so many ids or all in order, and a copy of a profile. */
  readonly customers: { readonly size: number; ids(limit?: number): string[]; get(customerId: string): CustomerBillingProfile | undefined };
  /** The faults that are still to come, in order. */
  readonly faults: readonly PlannedFault[];
  /** Adds a fault from now on, until it was met as often as it says. */
  addFault(fault: PlannedFault): void;
  /** The last exchanges, the oldest first, redacted. */
  readonly journal: readonly JournalEntry[];
  readonly token: string;
  /** Puts customers and faults back to what they were at the start, and empties the journal. */
  reset(): void;
}

export const defaultToken = 'mock-token';

// As many answers as are kept for requests that come again; the oldest go first.
const replayLimit = 100;

// As many sets of broken promises as are kept with what they remember; requests may ask for any.
const conductLimit = 64;

/**
 * Makes a service that keeps the contract's promises: ETag compare-and-set, refusals without side effects, ids repeated.
 *
 * Source: SOURCES.md; where it leaves a question open, the `behaviour` answers it.
 */
export function createMockService(options: MockServiceOptions = {}): MockService {
  if (typeof options.behaviour === 'string' && !Object.hasOwn(behaviourPresets, options.behaviour)) {
    throw new TypeError(`There is no behaviour "${options.behaviour}". There are ${Object.keys(behaviourPresets).join(' and ')}.`);
  }
  const behaviour: ServiceBehaviour =
    typeof options.behaviour === 'string' ? behaviourPresets[options.behaviour] : { ...behaviourPresets.observed, ...options.behaviour };
  const token = options.token ?? defaultToken;
  const newId = options.newId ?? (() => crypto.randomUUID());
  const now = options.now ?? Date.now;
  const sleep = options.sleep ?? sleepFor;
  const journal = createJournal(options.journalSize ?? 100, token);
  let store = createCustomerStore(options.customers ?? defaultCustomers, options.moreCustomers);
  const replays = new Map<string, Answer>();

  const inside = { token, newId, get store() { return store; } }; // prettier-ignore
  let plan = createFaultPlan(options.faults ?? []);
  const conducts = new Map<string, Conduct>();

  /** The conduct that breaks these promises; the same one for the same promises, because some faults remember earlier requests. */
  function conductWith(names: readonly FaultName[]): Conduct {
    if (names.length === 0) return honestConduct;
    const key = names.join();
    let conduct = conducts.get(key);
    if (conduct === undefined) {
      conduct = names.reduce<Conduct>((spoiled, name) => ({ ...spoiled, ...faults[name].spoil(spoiled, inside) }), honestConduct);
      if (conducts.size >= conductLimit) conducts.clear();
      conducts.set(key, conduct);
    }
    return conduct;
  }

  async function answerTo(request: ServiceRequest, conduct: Conduct): Promise<Answer> {
    // The name of a scheme has no letter case. Source: RFC 9110, section 11.1
    if (request.authorization?.replace(/^bearer /i, 'Bearer ') !== `Bearer ${token}`) {
      const challenge = { 'WWW-Authenticate': 'OAuth realm=urn:cpsvc:cpid:00000000-0000-0000-0000-000000000000' };
      return refuse(behaviour, 401, 400, 'Access denied', { headers: challenge });
    }
    if (!isGuid(request.customerId)) return refuse(behaviour, 400, 2000, 'Tenant Id must be a GUID.');
    const customer = store.find(request.customerId);
    if (customer === undefined) return refuse(behaviour, 404, 60003, 'Tenant not found');
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        conduct.beforeRead(customer);
        return success(show(customer, behaviour.linkPrefix));
      case 'PUT':
        return put(customer, request, conduct);
      default:
        return refuse(behaviour, 405, 800042, 'Not supported', { headers: { Allow: 'GET, HEAD, PUT' } });
    }
  }

  async function put(customer: Customer, request: ServiceRequest, conduct: Conduct): Promise<Answer> {
    const replayKey = `${customer.customerId} ${request.requestId}`;
    const replay = request.requestId ? replays.get(replayKey) : undefined;
    if (replay !== undefined) return replay;

    const update = readUpdate(behaviour, request, customer);
    if ('status' in update) return update;
    const judged = judgePrecondition(behaviour, request.ifMatch, update.etag, customer.etag);
    const verdict = conduct.judge(judged, { customer, request, update });
    if (verdict === 'missing') return refuseFor(behaviour.missingPrecondition, 'The ETag is missing');
    if (verdict === 'stale') {
      conduct.onStaleWrite(customer, update);
      return { ...refuseFor(behaviour.stale, 'Etag is no longer valid'), kind: 'stale-refusal' };
    }
    if (conduct.beforeStore) await conduct.beforeStore();
    const answer = success(show(conduct.store(customer, update), behaviour.linkPrefix));
    if (behaviour.requestIdReplay === 'answered-again' && request.requestId) {
      replays.set(replayKey, answer);
      if (replays.size > replayLimit) replays.delete(replays.keys().next().value!);
    }
    return answer;
  }

  /** A refusal that the behaviour leaves without a code repeats its status there, since an error body has to have one. */
  const refuseFor = ({ status, code = status }: { status: number; code?: number }, description: string): Answer =>
    refuse(behaviour, status, code, description);

  /** The faults that a request meets: those that are planned, then those that it asks for. A name that is none is refused. */
  function strike(request: ServiceRequest): Struck | Answer {
    if (request.faults === null || options.control === false) return plan.take(request.method);
    const names = request.faults.split(',').map((name) => name.trim());
    const unknown = names.find((name) => !isFaultName(name));
    if (unknown !== undefined) {
      const words = `${faultHeader} names a fault that there is not: "${unknown.slice(0, 64)}"`;
      return refuse(behaviour, 400, 400, words, { data: listFaults().map(({ name }) => name), source: 'Mock' });
    }
    return plan.take(request.method, names.filter(isFaultName));
  }

  async function handle(request: Request): Promise<Outcome> {
    const noted: Noted = { atMs: now(), method: request.method, url: request.url, faults: [] };
    try {
      return (noted.outcome = await respond(request, noted));
    } finally {
      const toEntry = journal.add(noted);
      options.onExchange?.(toEntry());
    }
  }

  async function respond(request: Request, noted: Noted): Promise<Outcome> {
    const received = (noted.received = await receive(request));
    if (received === undefined) return toMessage(refuseAtGateway(404, 'Resource not found'), request.method, false);
    const ids = apiHeaders(received.requestId || newId(), received.correlationId || newId());
    const withIds = (answer: Answer): Answer =>
      answer.kind === 'gateway-refusal' ? answer : { ...answer, headers: { ...ids, ...answer.headers } };
    const send = (answer: Answer): Message => {
      noted.body = answer.body;
      return toMessage(answer, request.method, behaviour.byteOrderMark);
    };

    const struck = strike(received);
    if ('status' in struck) return send(withIds(struck));
    noted.faults = struck.names;
    const scene = struck.transport.length > 0 ? sceneOf(received, request) : undefined;
    for (const { before } of struck.transport) {
      const outcome = await before?.(scene!);
      if (outcome instanceof ConnectionLost) return outcome;
      if (outcome !== undefined) return send(withIds(outcome));
    }
    const conduct = conductWith(struck.promises);
    const answer = await answerTo(conduct.readRequest(received), conduct);
    if (conduct.beforeAnswer) await conduct.beforeAnswer();
    const message = send(conduct.answer(withIds(answer), received));
    for (const { after } of struck.transport) {
      const outcome = after?.(message, scene!);
      if (outcome !== undefined) return 'kind' in outcome ? send(withIds(outcome)) : outcome;
    }
    return message;
  }

  const sceneOf = (received: ServiceRequest, request: Request): Scene => ({
    request: received,
    behaviour,
    latencyMs: options.latencyMs ?? 1000,
    retryAfterSeconds: options.retryAfterSeconds ?? 1,
    now,
    sleep: (ms) => sleep(ms, request.signal),
    signal: request.signal,
  });

  return {
    fetch: async (request) => asFetched(await handle(request)),
    handle,
    customers: {
      get size() {
        return store.size;
      },
      ids: (limit) => store.ids(limit),
      get: (customerId) => {
        const customer = store.find(customerId);
        return customer && structuredClone(show(customer, behaviour.linkPrefix).profile);
      },
    },
    get faults() {
      return plan.left();
    },
    addFault: (fault) => plan.add(fault),
    get journal() {
      return journal.entries();
    },
    token,
    reset() {
      plan = createFaultPlan(options.faults ?? []);
      conducts.clear();
      store = createCustomerStore(options.customers ?? defaultCustomers, options.moreCustomers);
      replays.clear();
      journal.clear();
    },
  };
}
