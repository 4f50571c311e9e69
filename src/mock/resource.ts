import type { Refusal, ServiceBehaviour } from '../contract/behaviour.ts';
import { isGuid } from '../contract/guid.ts';
import { type Customer, type CustomerStore, profileOf } from './customers.ts';
import type { ServiceHooks } from './faults/hooks.ts';
import { judgePrecondition } from './precondition.ts';
import type { ProfileRequest } from './request.ts';
import { refuse, type ServiceResponse, success } from './response.ts';
import { readUpdate } from './update.ts';

/** What the billing profiles of a mock are made of. */
export interface ProfileResource {
  readonly behaviour: ServiceBehaviour;
  /** The one token that is known. */
  readonly token: string;
  readonly store: CustomerStore;
  /** Responses that are kept for requests that come again, by customer and request id. */
  readonly replays: Map<string, ServiceResponse>;
}

// The oldest go first.
const replayLimit = 100;

/** What the service says to a request for a billing profile. The hooks decide where a fault replaces a promise. */
export async function respondTo(request: ProfileRequest, resource: ProfileResource, hooks: ServiceHooks): Promise<ServiceResponse> {
  const { behaviour, token, store } = resource;
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
      hooks.beforeRead(customer);
      return success(profileOf(customer, behaviour.linkPrefix));
    case 'PUT':
      return putOnce(customer, request, resource, hooks);
    default:
      return refuse(behaviour, 405, 800042, 'Not supported', { headers: { Allow: 'GET, HEAD, PUT' } });
  }
}

/** A PUT, or the response to the one that came with the same request id before. */
async function putOnce(customer: Customer, request: ProfileRequest, resource: ProfileResource, hooks: ServiceHooks) {
  const { behaviour, replays } = resource;
  const replayKey = `${customer.customerId} ${request.requestId}`;
  const replay = request.requestId ? replays.get(replayKey) : undefined;
  if (replay !== undefined) return replay;
  const response = await put(customer, request, behaviour, hooks);
  if (response.kind === 'profile' && behaviour.requestIdReplay === 'answered-again' && request.requestId) {
    replays.set(replayKey, response);
    if (replays.size > replayLimit) replays.delete(replays.keys().next().value!);
  }
  return response;
}

async function put(customer: Customer, request: ProfileRequest, behaviour: ServiceBehaviour, hooks: ServiceHooks) {
  const update = readUpdate(behaviour, request, customer);
  if ('status' in update) return update;
  const judged = judgePrecondition(behaviour, request.ifMatch, update.etag, customer.etag);
  const verdict = hooks.onPrecondition(judged, { customer, request, update });
  if (verdict === 'missing') return refuseAs(behaviour.missingPrecondition, behaviour, 'The ETag is missing');
  if (verdict === 'stale') {
    hooks.onStaleWrite(customer, update);
    return refuseAs(behaviour.stale, behaviour, 'Etag is no longer valid', 'stale-refusal');
  }
  if (hooks.beforeStore) await hooks.beforeStore();
  return success(profileOf(hooks.onStore(customer, update), behaviour.linkPrefix));
}

/** A refusal that the behaviour leaves without a code repeats its status there, since an error body has to have one. */
const refuseAs = ({ status, code = status }: Refusal, behaviour: ServiceBehaviour, description: string, kind?: 'stale-refusal') =>
  refuse(behaviour, status, code, description, kind && { kind });
