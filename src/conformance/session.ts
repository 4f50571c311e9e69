import { parseBaseUrl } from '../contract/base-url.ts';
import type { ServiceBehaviour } from '../contract/behaviour.ts';
import { readErrorBody } from '../contract/error-body.ts';
import { isGuid } from '../contract/guid.ts';
import { headerNames } from '../contract/headers.ts';
import { checkToken } from '../contract/token.ts';
import { exchange } from './exchange.ts';
import { NoAnswer, TargetError, Untestable } from './outcome.ts';
import type { Probe, RecordedExchange, Target } from './types.ts';

/** Everything that the checks of one run share: the target, what they sent, made up and saw. */
export interface Session {
  readonly target: Target;
  /** How many requests were sent so far. */
  requests(): number;
  /** The open questions that were answered so far. */
  readonly behaviour: Partial<ServiceBehaviour>;
  /** What one check works with. Its exchanges, redacted, are given to `record`. */
  probe(record: (recorded: RecordedExchange) => void): Probe;
  /** Makes sure that the target answers and takes the token. Errors: `TargetError`. */
  preflight(): Promise<void>;
  /** Whether somebody still listens there. */
  isUp(): Promise<boolean>;
}

/** Opens a session; nothing is sent yet. Errors: `TypeError` for a target that will not do. */
export function openSession(given: Target, { newId, timeoutMs }: { newId: () => string; timeoutMs: number }): Session {
  const target = checkTarget(given);
  const behaviour: Partial<ServiceBehaviour> = {};
  const invented = new Set<string>();
  let requests = 0;

  function probe(record: (recorded: RecordedExchange) => void): Probe {
    const sending = { target, newId, timeoutMs, record, redaction: { secrets: [target.token], invented } };
    return {
      target,
      newId,
      invent() {
        const value = `Probe ${newId()}`;
        invented.add(value);
        return value;
      },
      observe: (question, answer) => void (behaviour[question] = answer),
      async send(request) {
        requests += 1;
        const answer = await exchange(sending, request);
        if (answer.status !== 429) return answer;
        const wait = answer.headers.get(headerNames.retryAfter);
        throw new Untestable(`The service throttles${wait === null ? '' : `; Retry-After says ${wait}`}. Run again later.`);
      },
    };
  }

  const readOnce = () => probe(() => {}).send({ method: 'GET' });
  return {
    target,
    behaviour,
    probe,
    requests: () => requests,
    async preflight() {
      const answer = await readOnce().catch((error: unknown) => {
        if (error instanceof NoAnswer && error.unreachable) {
          throw new TargetError(`${target.baseUrl} does not answer: ${error.message}. Check the address and the network.`);
        }
        return undefined; // that is for the requirements to say
      });
      if (answer?.status !== 401 && answer?.status !== 403) return;
      const { code, description } = readErrorBody(answer.json);
      const said = [
        String(answer.status),
        ...(code === undefined ? [] : [`code ${code}`]),
        ...(description === undefined ? [] : [`"${description.replaceAll(target.token, '…')}"`]),
      ].join(', ');
      throw new TargetError(
        `${target.baseUrl} refuses the token for customer ${target.customerId}: ${said}. Check the token and the customer id.`,
      );
    },
    async isUp() {
      try {
        await readOnce();
        return true;
      } catch (error) {
        return !(error instanceof NoAnswer && error.unreachable);
      }
    },
  };
}

function checkTarget(target: Target): Target {
  for (const id of [target.customerId, target.otherCustomerId ?? target.customerId]) {
    if (!isGuid(id)) throw new TypeError('A customer id is not a GUID. Give the tenant id of the customer.');
  }
  checkToken(target.token);
  return { ...target, baseUrl: parseBaseUrl(target.baseUrl) };
}
