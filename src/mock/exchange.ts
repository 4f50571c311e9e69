import { ConnectionLost, type Message, type Outcome } from './delivery.ts';
import type { FaultName } from './faults/promises.ts';
import type { ServiceHooks } from './faults/hooks.ts';
import { type FaultPlan, type FaultsMet, isFaultName, listFaults } from './faults/plan.ts';
import type { TransportContext } from './faults/transport.ts';
import type { Exchange } from './journal.ts';
import { faultHeader, type ProfileRequest, readProfileRequest, type ServiceRequest } from './request.ts';
import { type ProfileResource, respondTo } from './resource.ts';
import { apiHeaders, refuse, refuseAtGateway, type ServiceResponse, toMessage } from './response.ts';

/** What a mock is made of, every option resolved. */
export interface ServiceState extends ProfileResource {
  readonly newId: () => string;
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly control: boolean;
  readonly latencyMs: number;
  readonly retryAfterSeconds: number;
  readonly plan: FaultPlan;
  readonly hooksFor: (names: readonly FaultName[]) => ServiceHooks;
}

/** Answers one request, and writes down in the exchange what the journal needs. Errors: the reason with which the request was aborted. */
export async function respond(request: ServiceRequest, state: ServiceState, exchange: Exchange): Promise<Outcome> {
  const received = (exchange.received = await readProfileRequest(request));
  if (received === undefined) return toMessage(refuseAtGateway(404, 'Resource not found'), request.method, false);

  const ids = apiHeaders(received.requestId || state.newId(), received.correlationId || state.newId());
  const withIds = (response: ServiceResponse): ServiceResponse =>
    response.kind === 'gateway-refusal' ? response : { ...response, headers: { ...ids, ...response.headers } };
  const send = (response: ServiceResponse): Message => {
    exchange.body = response.body;
    return toMessage(response, request.method, state.behaviour.byteOrderMark);
  };

  const met = faultsMetBy(received, state);
  if ('status' in met) return send(withIds(met));
  exchange.faults = met.names;
  const context = (): TransportContext => transportContext(received, request.signal, state);
  for (const { before } of met.transport) {
    const outcome = await before?.(context());
    if (outcome instanceof ConnectionLost) return outcome;
    if (outcome !== undefined) return send(withIds(outcome));
  }
  const hooks = state.hooksFor(met.promises);
  const response = await respondTo(hooks.onRequest(received), state, hooks);
  if (hooks.beforeResponse) await hooks.beforeResponse();
  const message = send(hooks.onResponse(withIds(response), received));
  for (const { after } of met.transport) {
    const outcome = after?.(message, context());
    if (outcome !== undefined) return 'kind' in outcome ? send(withIds(outcome)) : outcome;
  }
  return message;
}

/** The faults that a request meets: those that are planned, then those that it asks for. A name that is none is refused. */
function faultsMetBy({ method, faults }: ProfileRequest, { plan, control, behaviour }: ServiceState): FaultsMet | ServiceResponse {
  if (faults === undefined || !control) return plan.take(method);
  const names = faults.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !isFaultName(name));
  if (unknown !== undefined) {
    const words = `${faultHeader} names a fault that there is not: "${unknown.slice(0, 64)}"`;
    return refuse(behaviour, 400, 400, words, { data: listFaults().map(({ name }) => name), source: 'Mock' });
  }
  return plan.take(method, names.filter(isFaultName));
}

const transportContext = (request: ProfileRequest, signal: AbortSignal, state: ServiceState): TransportContext => ({
  request,
  behaviour: state.behaviour,
  latencyMs: state.latencyMs,
  retryAfterSeconds: state.retryAfterSeconds,
  now: state.now,
  sleep: (ms) => state.sleep(ms, signal),
  signal,
});
