import { type BehaviourPreset, behaviourPresets, type ServiceBehaviour } from '../contract/behaviour.ts';
import type { CustomerBillingProfile } from '../contract/profile.ts';
import {
  changeMembers,
  createCustomerStore,
  type CustomerSource,
  defaultCustomers,
  type MemberChanges,
  profileOf,
  type SeedCustomer,
} from './customers.ts';
import type { Outcome } from './delivery.ts';
import { respond, type ServiceState } from './exchange.ts';
import { type AnyFaultName, createFaultPlan, createHooks, type PlannedFault } from './faults/plan.ts';
import { asFetched, fromFetch } from './fetch.ts';
import { createJournal, type Exchange, type JournalEntry } from './journal.ts';
import type { ServiceRequest } from './request.ts';
import { MisuseError } from '../contract/misuse.ts';

/** What a mock is made of. */
export interface MockServiceOptions {
  /** A preset, or answers to single questions over the preset `observed`. Default: `observed`. */
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
  /** Responds to a request as `fetch` does. Bound: it can be passed around, as the `fetch` of a client for instance. */
  fetch(request: Request): Promise<Response>;
  /** The same for a shell, which can show what the network does. Errors: the reason with which the request was aborted. */
  handle(request: ServiceRequest): Promise<Outcome>;
  /** What is stored. */
  readonly customers: MockCustomers;
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

/** The customers of a mock, as a test sees and changes them. */
export interface MockCustomers {
  readonly size: number;
  /** The first so many ids, or all, in order. */
  ids(limit?: number): string[];
  /** A copy of a profile; undefined for an unknown customer. */
  get(customerId: string): CustomerBillingProfile | undefined;
  /** Changes members as another writer would, who comes first: the ETag is a new one. Errors: `TypeError` for an unknown customer. */
  change(customerId: string, changes: MemberChanges): void;
}

export const defaultToken = 'mock-token';

/**
 * Makes a service that keeps the contract's promises: ETag compare-and-set, refusals without side effects, ids repeated.
 *
 * Source: SOURCES.md; where it leaves a question open, the `behaviour` answers it.
 */
export function createMockService(options: MockServiceOptions = {}): MockService {
  let state = startState(options);
  const { token, now } = state;
  const journal = createJournal(options.journalSize ?? 100, token);

  async function handle(request: ServiceRequest): Promise<Outcome> {
    const exchange: Exchange = { atMs: now(), method: request.method, url: request.url, faults: [] };
    try {
      return (exchange.outcome = await respond(request, state, exchange));
    } finally {
      const toEntry = journal.add(exchange);
      options.onExchange?.(toEntry());
    }
  }

  return {
    fetch: async (request) => asFetched(await handle(fromFetch(request))),
    handle,
    customers: {
      get size() {
        return state.store.size;
      },
      ids: (limit) => state.store.ids(limit),
      get: (customerId) => {
        const customer = state.store.find(customerId);
        return customer && structuredClone(profileOf(customer, state.behaviour.linkPrefix));
      },
      change(customerId, changes) {
        const customer = state.store.find(customerId);
        if (!customer) throw new MisuseError(`The mock has no customer ${customerId}. customers.ids() lists those that it has.`);
        changeMembers(customer, structuredClone(changes));
      },
    },
    get faults() {
      return state.plan.left();
    },
    addFault: (fault) => state.plan.add(fault),
    get journal() {
      return journal.entries();
    },
    token,
    reset() {
      state = startState(options);
      journal.clear();
    },
  };
}

/** What a mock is at the start, every option resolved. Errors: `TypeError` for a preset that does not exist. */
function startState({ behaviour = 'observed', ...options }: MockServiceOptions): ServiceState {
  if (typeof behaviour === 'string' && !Object.hasOwn(behaviourPresets, behaviour)) {
    throw new MisuseError(`There is no behaviour "${behaviour}". There are ${Object.keys(behaviourPresets).join(' and ')}.`);
  }
  const token = options.token ?? defaultToken;
  const newId = options.newId ?? (() => crypto.randomUUID());
  const store = createCustomerStore(options.customers ?? defaultCustomers, options.moreCustomers);
  return {
    behaviour: typeof behaviour === 'string' ? behaviourPresets[behaviour] : { ...behaviourPresets.observed, ...behaviour },
    token,
    newId,
    now: options.now ?? Date.now,
    sleep: options.sleep ?? sleepFor,
    control: options.control ?? true,
    latencyMs: options.latencyMs ?? 1000,
    retryAfterSeconds: options.retryAfterSeconds ?? 1,
    store,
    replays: new Map(),
    plan: createFaultPlan(options.faults ?? []),
    hooksFor: createHooks({ token, newId, store }),
  };
}

/** Waits. Errors: the reason of the signal, when that is aborted first. */
export function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
