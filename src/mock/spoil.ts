import { headerNames } from '../contract/headers.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import type { Answer } from './answer.ts';
import type { Conduct, JudgedWrite, ServiceInside } from './conduct.ts';
import type { Customer } from './customers.ts';
import type { PreconditionVerdict } from './precondition.ts';
import type { ServiceRequest } from './request.ts';
import type { Update } from './update.ts';

/** Takes the place of some of the service's conduct. What it is given is the conduct so far, so that faults add up. */
export type Spoil = (conduct: Conduct, inside: ServiceInside) => Partial<Conduct>;

export type Json = Record<string, unknown>;

/** Spoils what the service reads of a request. */
export const ofRequest = (change: (read: ServiceRequest, inside: ServiceInside) => ServiceRequest): Spoil => {
  return (conduct, inside) => ({ readRequest: (request) => change(conduct.readRequest(request), inside) });
};

/** Spoils the text of a PUT before the service reads it. */
export const ofText = (change: (text: string) => string): Spoil => ofRequest((read) => ({ ...read, body: change(read.body) }));

/** Spoils the members of a PUT before the service reads them. */
export const ofBody = (change: (body: Json) => Json): Spoil =>
  ofText((text) => {
    const json = parseJson(text);
    return isJsonObject(json) ? JSON.stringify(change(json)) : text;
  });

/** Spoils the judgement of an ETag. */
export const ofJudgement = (change: (given: PreconditionVerdict, write: JudgedWrite) => PreconditionVerdict): Spoil => {
  return (conduct) => ({ judge: (verdict, write) => change(conduct.judge(verdict, write), write) });
};

/** Spoils what is stored. */
export const ofUpdate = (change: (profile: Json, customer: Customer, inside: ServiceInside) => Json): Spoil => {
  return (conduct, inside) => ({
    store: (customer, update: Update) => conduct.store(customer, { ...update, profile: change(update.profile, customer, inside) }),
  });
};

/** Spoils an answer. */
export const ofAnswer = (change: (given: Answer, request: ServiceRequest, inside: ServiceInside) => Answer): Spoil => {
  return (conduct, inside) => ({ answer: (answer, request) => change(conduct.answer(answer, request), request, inside) });
};

/** Spoils the body of a profile that is answered. */
export const ofProfile = (change: (profile: Json, request: ServiceRequest, inside: ServiceInside) => unknown): Spoil =>
  ofAnswer((given, request, inside) =>
    given.kind === 'profile' && isJsonObject(given.body) ? { ...given, body: change(given.body, request, inside) } : given,
  );

/** Spoils a refusal. */
export const ofRefusal = (change: (refusal: Answer) => Answer): Spoil =>
  ofAnswer((given) => (given.kind === 'profile' ? given : change(given)));

/** A fault that stores a write but for one member, which stays as it was. */
export const forgets = <const Fails extends readonly string[]>(
  member: string,
  place: 'profile' | 'address',
  fails: Fails,
  untestable: readonly string[] = [],
) => ({
  does: `Stores a write but for ${member} of the ${place}, which stays as it was.`,
  fails,
  untestable,
  spoil: ofUpdate((profile, customer) => {
    const keep = (was: Json, is: Json): Json => {
      const { [member]: _, ...others } = is;
      return was[member] === undefined ? others : { ...others, [member]: was[member] };
    };
    if (place === 'profile') return keep(customer.profile, profile);
    return { ...profile, defaultAddress: keep(customer.profile.defaultAddress as Json, profile.defaultAddress as Json) };
  }),
});

export const withoutIds = (answer: Answer): Answer => {
  const { [headerNames.requestId]: _, [headerNames.correlationId]: __, ...headers } = answer.headers;
  return { ...answer, headers };
};

export const pascalCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(pascalCase);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.charAt(0).toUpperCase() + name.slice(1), pascalCase(member)]),
  );
};
