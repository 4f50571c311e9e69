import { pascalCase } from '../../contract/casing.ts';
import { headerNames } from '../../contract/headers.ts';
import { isJsonObject, parseJson } from '../../contract/json.ts';
import { type Customer, type CustomerStore, renewEtag } from '../customers.ts';
import type { PreconditionVerdict } from '../precondition.ts';
import type { ProfileRequest } from '../request.ts';
import type { ServiceResponse } from '../response.ts';
import type { Update } from '../update.ts';

/** A write whose ETag is judged. */
export interface JudgedWrite {
  customer: Customer;
  request: ProfileRequest;
  update: Update;
}

/** The points at which the service keeps its promises. A fault breaks one of them by taking its place. */
export interface ServiceHooks {
  onRequest(request: ProfileRequest): ProfileRequest;
  beforeRead(customer: Customer): void;
  onPrecondition(verdict: PreconditionVerdict, write: JudgedWrite): PreconditionVerdict;
  /** Absent in the honest service: between the judgement and the storing nothing else may run. */
  beforeStore?: () => Promise<void>;
  /** Stores the update and returns the customer whose profile the response carries. */
  onStore(customer: Customer, update: Update): Customer;
  onStaleWrite(customer: Customer, update: Update): void;
  onResponse(response: ServiceResponse, request: ProfileRequest): ServiceResponse;
  /** Absent in the honest service: a response is sent as soon as it is there. */
  beforeResponse?: () => Promise<void>;
}

export const honestHooks: ServiceHooks = {
  onRequest: (request) => request,
  beforeRead: () => {},
  onPrecondition: (verdict) => verdict,
  onStore: (customer, update) => {
    customer.profile = update.profile;
    customer.objectType = update.objectType;
    renewEtag(customer);
    return customer;
  },
  onStaleWrite: () => {},
  onResponse: (response) => response,
};

/** What a fault may need to know of the service in which it is. */
export interface FaultContext {
  store: CustomerStore;
  token: string;
  newId: () => string;
}

/** Takes the place of some of the hooks. What it is given are the hooks so far, so that faults add up. */
export type FaultHooks = (hooks: ServiceHooks, context: FaultContext) => Partial<ServiceHooks>;

export type Json = Record<string, unknown>;

/** Changes what the service reads of a request. */
export const onRequest = (change: (read: ProfileRequest, context: FaultContext) => ProfileRequest): FaultHooks => {
  return (hooks, context) => ({ onRequest: (request) => change(hooks.onRequest(request), context) });
};

/** Changes the text of a PUT before the service reads it. */
export const onText = (change: (text: string) => string): FaultHooks => onRequest((read) => ({ ...read, body: change(read.body) }));

/** Lets the service read only some members of a PUT. */
export const onMembers = (isRead: (name: string, value: unknown) => boolean): FaultHooks =>
  onText((text) => {
    const json = parseJson(text);
    if (!isJsonObject(json)) return text;
    return JSON.stringify(Object.fromEntries(Object.entries(json).filter(([name, value]) => isRead(name, value))));
  });

/** Changes the judgement of an ETag. */
export const onPrecondition = (change: (given: PreconditionVerdict, write: JudgedWrite) => PreconditionVerdict): FaultHooks => {
  return (hooks) => ({ onPrecondition: (verdict, write) => change(hooks.onPrecondition(verdict, write), write) });
};

/** Changes what is stored. */
export const onUpdate = (change: (profile: Json, customer: Customer, context: FaultContext) => Json): FaultHooks => {
  return (hooks, context) => ({
    onStore: (customer, update) => hooks.onStore(customer, { ...update, profile: change(update.profile, customer, context) }),
  });
};

/** Changes a response. */
export const onResponse = (
  change: (given: ServiceResponse, request: ProfileRequest, context: FaultContext) => ServiceResponse,
): FaultHooks => {
  return (hooks, context) => ({ onResponse: (response, request) => change(hooks.onResponse(response, request), request, context) });
};

/** Changes the body of a response with a profile. */
export const onProfile = (change: (profile: Json, request: ProfileRequest, context: FaultContext) => unknown): FaultHooks =>
  onResponse((given, request, context) =>
    given.kind === 'profile' && isJsonObject(given.body) ? { ...given, body: change(given.body, request, context) } : given,
  );

/** Changes the attributes of a profile in a response. */
export const onAttributes = (change: Json): FaultHooks =>
  onProfile((profile) => ({ ...profile, attributes: { ...(profile.attributes as Json), ...change } }));

/** Changes a refusal. */
export const onRefusal = (
  change: (refusal: ServiceResponse, request: ProfileRequest, context: FaultContext) => ServiceResponse,
): FaultHooks => onResponse((given, request, context) => (given.kind === 'profile' ? given : change(given, request, context)));

/** A fault that stores a write but for one member, which stays as it was. */
export const forgets = <const Fails extends readonly string[]>(member: string, place: 'profile' | 'address', fails: Fails) => ({
  does: `Stores a write except for ${member} of the ${place}, which stays as it was.`,
  fails,
  hooks: onUpdate((profile, customer) => {
    const keep = (was: Json, is: Json): Json => {
      const { [member]: _, ...others } = is;
      return was[member] === undefined ? others : { ...others, [member]: was[member] };
    };
    if (place === 'profile') return keep(customer.profile, profile);
    return { ...profile, defaultAddress: keep(customer.profile.defaultAddress as Json, profile.defaultAddress as Json) };
  }),
});

export const withoutIds = (response: ServiceResponse): ServiceResponse => {
  const { [headerNames.requestId]: _, [headerNames.correlationId]: __, ...headers } = response.headers;
  return { ...response, headers };
};

export const inPascalCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inPascalCase);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [pascalCase(name), inPascalCase(member)]));
};
