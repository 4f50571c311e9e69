import { type BehaviourPreset, behaviourPresets, type ServiceBehaviour } from '../contract/behaviour.ts';
import { isGuid } from '../contract/guid.ts';
import type { CustomerBillingProfile } from '../contract/profile.ts';
import { type Answer, apiHeaders, refuse, refuseAtGateway, success, toResponse } from './answer.ts';
import { type Conduct, honestConduct } from './conduct.ts';
import { createCustomerStore, type Customer, defaultCustomers, type SeedCustomer, toProfile } from './customers.ts';
import { type FaultName, faults } from './faults.ts';
import { judgePrecondition } from './precondition.ts';
import { receive, type ServiceRequest } from './request.ts';
import { readUpdate } from './update.ts';

/** What a mock is made of. */
export interface MockServiceOptions {
  /** A preset, or single answers over the preset `observed`. Default: `observed`. */
  behaviour?: BehaviourPreset | Partial<ServiceBehaviour>;
  /** The customers to start with. Default: three that differ. */
  customers?: readonly SeedCustomer[];
  /** The one token that is known. Default: `mock-token`. */
  token?: string;
  /** Promises to break. Default: none. */
  faults?: readonly FaultName[];
  /** Makes the ids that a request lacks. Default: `crypto.randomUUID`. */
  newId?: () => string;
}

/** A service in memory. Each one has customers of its own. */
export interface MockService {
  /** Answers a request. Bound: it can be passed around, as the `fetch` of a client for instance. */
  fetch(request: Request): Promise<Response>;
  /** What is stored, to look at. Ids are in seed order. */
  readonly customers: { ids(): string[]; get(customerId: string): CustomerBillingProfile | undefined };
  /** The promises that this mock breaks. */
  readonly faults: readonly FaultName[];
  readonly token: string;
  /** Puts the customers back to what they were at the start. */
  reset(): void;
}

export const defaultToken = 'mock-token';

// As many answers as are kept for requests that come again; the oldest go first.
const replayLimit = 1000;

/**
 * Makes a service that keeps the contract's promises: ETag compare-and-set, refusals without side effects, ids repeated.
 *
 * Source: SOURCES.md; where it leaves a question open, the `behaviour` answers it.
 */
export function createMockService(options: MockServiceOptions = {}): MockService {
  const behaviour: ServiceBehaviour =
    typeof options.behaviour === 'string' ? behaviourPresets[options.behaviour] : { ...behaviourPresets.observed, ...options.behaviour };
  const token = options.token ?? defaultToken;
  const newId = options.newId ?? (() => crypto.randomUUID());
  let store = createCustomerStore(options.customers ?? defaultCustomers);
  const replays = new Map<string, Answer>();

  const inside = { token, newId, get store() { return store; } }; // prettier-ignore
  const conduct = (options.faults ?? []).reduce<Conduct>(
    (spoiled, name) => ({ ...spoiled, ...faults[name].spoil(spoiled, inside) }),
    honestConduct,
  );

  async function answerTo(request: ServiceRequest): Promise<Answer> {
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
        return success(toProfile(customer, behaviour.linkPrefix));
      case 'PUT':
        return put(customer, request);
      default:
        return refuse(behaviour, 405, 800042, 'Not supported', { headers: { Allow: 'GET, HEAD, PUT' } });
    }
  }

  async function put(customer: Customer, request: ServiceRequest): Promise<Answer> {
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
    const answer = success(toProfile(conduct.store(customer, update), behaviour.linkPrefix));
    if (behaviour.requestIdReplay === 'answered-again' && request.requestId) {
      replays.set(replayKey, answer);
      if (replays.size > replayLimit) replays.delete(replays.keys().next().value!);
    }
    return answer;
  }

  /** A refusal that the behaviour leaves without a code repeats its status there, since an error body has to have one. */
  const refuseFor = ({ status, code = status }: { status: number; code?: number }, description: string): Answer =>
    refuse(behaviour, status, code, description);

  return {
    async fetch(request) {
      const received = await receive(request);
      if (received === undefined) return toResponse(refuseAtGateway(404, 'Resource not found'), request.method, false);
      const answer = await answerTo(conduct.readRequest(received));
      if (conduct.beforeAnswer) await conduct.beforeAnswer();
      const headers = { ...apiHeaders(received.requestId || newId(), received.correlationId || newId()), ...answer.headers };
      return toResponse(conduct.answer({ ...answer, headers }, received), request.method, behaviour.byteOrderMark);
    },
    customers: {
      ids: () => store.all().map((customer) => customer.customerId),
      get: (customerId) => {
        const customer = store.find(customerId);
        return customer && structuredClone(toProfile(customer, behaviour.linkPrefix));
      },
    },
    faults: options.faults ?? [],
    token,
    reset() {
      store = createCustomerStore(options.customers ?? defaultCustomers);
      replays.clear();
    },
  };
}
