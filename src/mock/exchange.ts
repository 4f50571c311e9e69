import type { Message, Outcome } from './delivery.ts';
import type { ServiceHooks } from './faults/hooks.ts';
import { type AnyFaultName, type FaultPlan, isFaultName, listFaults, transportFaultNamed } from './faults/plan.ts';
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
  readonly hooksFor: (met: readonly AnyFaultName[]) => ServiceHooks;
}

/** Responds to one request, and writes down in the exchange what the journal needs. Errors: the reason with which the request was aborted. */
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
  /** Ends with what a fault of the transport gives, which may be a response that is still to be sent. */
  const finish = (outcome: Outcome | ServiceResponse): Outcome => ('contentType' in outcome ? send(withIds(outcome)) : outcome);

  const met = faultsMetBy(received, state);
  if ('status' in met) return send(withIds(met));
  exchange.faults = met;
  const transport = met.flatMap((name) => transportFaultNamed(name) ?? []);
  const context = (): TransportContext => {
    // Asked for here alone, because it is made only when it is asked for.
    const { signal } = request;
    return { ...state, request: received, signal, sleep: (ms) => state.sleep(ms, signal) };
  };
  for (const { before } of transport) {
    const outcome = await before?.(context());
    if (outcome !== undefined) return finish(outcome);
  }
  const hooks = state.hooksFor(met);
  const response = await respondTo(hooks.onRequest(received), state, hooks);
  if (hooks.beforeResponse) await hooks.beforeResponse();
  const message = send(hooks.onResponse(withIds(response), received));
  for (const { after } of transport) {
    const outcome = after?.(message, context());
    if (outcome !== undefined) return finish(outcome);
  }
  return message;
}

/** The faults that a request meets: those that are planned, then those that it asks for. A name that is none is refused. */
function faultsMetBy(
  { method, customerId, faults }: ProfileRequest,
  { plan, control, behaviour }: ServiceState,
): AnyFaultName[] | ServiceResponse {
  if (faults === undefined || !control) return plan.take(method, customerId);
  const names = faults.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !isFaultName(name));
  if (unknown !== undefined) {
    const words = `${faultHeader} names a fault that there is not: "${unknown.slice(0, 64)}"`;
    return refuse(behaviour, 400, 400, words, { data: listFaults().map(({ name }) => name), source: 'Mock' });
  }
  return [...plan.take(method, customerId), ...names.filter(isFaultName)];
}
