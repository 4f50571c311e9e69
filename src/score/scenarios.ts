import type { ServiceBehaviour } from '../contract/behaviour.ts';
import type { PlannedFault } from '../mock/faults/plan.ts';
import { MisuseError } from '../contract/misuse.ts';

/** What happens to a client. */
export interface Scenario {
  /** What happens, in one sentence. */
  does: string;
  behaviour?: Partial<ServiceBehaviour>;
  faults?: readonly PlannedFault[];
  /** What another writer writes after the client has first read: members over the stored ones, none for a new ETag alone. */
  concurrentWrite?: { companyName?: string; email?: string };
  /** Members that the contract does not know, in the profile and in its address. */
  unknownMembers?: { profile: Record<string, unknown>; address: Record<string, unknown> };
  /** The client is given a token that the service does not know. */
  isTokenWrong?: true;
  /** Every request is redirected to another host. */
  redirects?: true;
  /** How long the response to the first PUT takes once it is stored. */
  slowMs?: number;
}

export const retryAfterSeconds = 1;

/** Every scenario, by name, in the order in which they are run. Names are public. */
export const scenarios = {
  plain: { does: 'Nothing special: the profile is read and written.' },
  'same-member-changed': {
    does: 'Another writer changes the company name between the read and the write.',
    concurrentWrite: { companyName: 'Company of Somebody Else' },
  },
  'other-member-changed': {
    does: 'Another writer changes the e-mail address between the read and the write.',
    concurrentWrite: { email: 'somebody.else@sample.com' },
  },
  'stale-as-412': {
    does: 'The profile gets a new ETag between the read and the write; a stale write is refused with 412.',
    behaviour: { stale: { status: 412 } },
    concurrentWrite: {},
  },
  'stale-as-400': {
    does: 'The profile gets a new ETag between the read and the write; a stale write is refused with 400, code 2055.',
    concurrentWrite: {},
  },
  throttled: {
    does: `The first PUT gets 429 with Retry-After: ${retryAfterSeconds}.`,
    faults: [{ name: 'throttles-by-seconds', method: 'PUT', times: 1 }],
  },
  'unavailable-twice': { does: 'The first two PUTs get 503.', faults: [{ name: 'answers-503', method: 'PUT', times: 2 }] },
  'answer-lost': {
    does: 'The first PUT is stored, and the connection is reset before the response.',
    faults: [{ name: 'resets-after-storing', method: 'PUT', times: 1 }],
  },
  'byte-order-mark': { does: 'Responses begin with a byte order mark.', behaviour: { byteOrderMark: true } },
  'unknown-members': {
    does: 'The profile has members that no document names.',
    behaviour: { unknownMember: 'kept' },
    unknownMembers: { profile: { invoiceChannel: 'post', costCentres: [{ code: 'C1', share: 1 }] }, address: { building: 'North' } },
  },
  'wrong-token': { does: 'The service does not know the token, and responds with 401.', isTokenWrong: true },
  redirect: { does: 'Every request gets 307 to another host.', redirects: true },
  'slow-answer': { does: 'The first PUT is stored at once and its response comes a second later.', slowMs: 1000 },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios) as ScenarioName[];

/** Errors: `TypeError`, naming what there is. */
export function parseScenario(name: string): ScenarioName {
  if (Object.hasOwn(scenarios, name)) return name as ScenarioName;
  const lines = Object.entries(scenarios).map(([known, { does }]) => `  ${known.padEnd(22)}${does}`);
  throw new MisuseError(`There is no scenario "${name}". There are:\n${lines.join('\n')}`);
}
