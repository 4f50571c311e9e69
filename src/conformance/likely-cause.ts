import { isStaleRefusal } from '../contract/error-body.ts';
import type { LikelyCause, RecordedExchange } from '../suite/result.ts';
import type { ServerRequirement } from './requirement.ts';
import type { ResolvedTarget } from './target.ts';

type Where = Pick<ResolvedTarget, 'baseUrl' | 'isThisMachine'>;

/** Where the cause seems to be, and the remedy when that is something else than to repair the service. */
export interface Judgement extends LikelyCause {
  remedy?: string;
}

// Source: SOURCES.md#servers
const liveHost = /(^|\.)(partnercenter\.microsoft\.com|partnercenterapi\.microsoftonline\.cn)$/;

/** Of a rule that was broken. `last` is the exchange that broke it. */
export function causeOfFailure(
  { sources }: ServerRequirement,
  target: Where,
  last: RecordedExchange | undefined,
  { expected, actual }: { expected: string; actual: string },
): Judgement {
  const { status = 0, headers = {} } = last?.response ?? {};
  const between = speakerBetween(status, headers['content-type'] ?? '', target);
  if (between !== undefined) {
    return {
      component: 'network',
      why: `${between} The run did not see whether the service itself keeps the rule.`,
      remedy: 'Find out what stands between here and the service (proxy, gateway, sign-in page), then run again.',
    };
  }
  if (status >= 500) {
    return { component: 'service', why: `It responded with ${status}, which means that the service itself failed.`, remedy: searchLog };
  }
  if (liveHost.test(new URL(target.baseUrl).hostname)) {
    return {
      component: 'contract',
      why: 'This is the live service, and every client depends on how it responds. The document behind the rule is wrong or out of date, or this project reads it wrongly.',
      remedy:
        'Send the JSON report to the project, so that the contract says what the service does; list it as an accepted failure until then.',
    };
  }
  const remedy = expected.startsWith('200') ? remedyOfRefusal(status, actual) : undefined;
  const page = sources.find((source) => source.startsWith('Microsoft Learn'));
  if (page !== undefined) {
    return {
      component: 'service',
      why: `Its response is not what Microsoft documents: ${page}.`,
      ...(remedy === undefined ? {} : { remedy }),
    };
  }
  return {
    ...(remedy === undefined ? {} : { remedy }),
    component: 'service',
    why: `Its response is not what ${sources[0]} says. No page on this endpoint repeats that; if the service documents something else, the contract is wrong.`,
  };
}

const searchLog = 'Search the log of the service for the MS-CorrelationId of this request: it says what failed there.';

/** What to do when a good request got another status than 200: the rule of the check is not what has to be repaired first. */
function remedyOfRefusal(status: number, actual: string): string | undefined {
  if (isStaleRefusal(status, /\bcode (\d+)/.exec(actual)?.[1])) {
    return 'The service takes the current ETag for a stale one. Compare the ETag of this PUT with the one in the read before it.';
  }
  if (status >= 400) return `Find out why the service refuses a good request with ${status}. ${searchLog}`;
  return status > 200 ? 'Respond with 200 and the stored profile in the body.' : undefined;
}

/** What seems to have responded in the place of the service. */
function speakerBetween(status: number, contentType: string, { isThisMachine }: Where): string | undefined {
  if (status === 502 || status === 504) return `A gateway that cannot reach the service responds with ${status}.`;
  if (status === 407 || status === 511) return `A proxy that wants to know who you are responds with ${status}.`;
  // On this machine a page for people is the framework's own.
  if (isThisMachine) return undefined;
  if (status >= 300 && status < 400) return 'A sign-in page or a gateway responds with a redirect.';
  return /^text\/html\b/i.test(contentType) ? 'A proxy, a gateway or a sign-in page responds with HTML.' : undefined;
}

/** Of a request without a response, after which the server was there again. */
export function causeOfSilence({ isThisMachine }: Where): Judgement {
  if (isThisMachine)
    return {
      component: 'service',
      why: 'It is on this machine, it accepts connections, and it did not respond to this request.',
      remedy: 'Find out where the service hangs or ends the connection. Its log knows the request by its MS-CorrelationId.',
    };
  return {
    component: 'service',
    why: 'It responded to the requests before and to the one after, so that the network is the less likely cause.',
    remedy:
      'Search the logs of the service for its MS-CorrelationId; if the request did not arrive there, check the proxies and gateways between.',
  };
}

/** Of a target that is not there any more. */
export const causeOfAbsence: Judgement = {
  component: 'network',
  why: 'No server listens at the address any more: the connection was lost, or the service stopped.',
  remedy: 'Make sure that the service is up and can be reached, then run again. If it stopped by itself, its logs say at which request.',
};

/** Of a token that was taken at first. */
export const causeOfRefusedToken: Judgement = {
  component: 'service',
  why: 'It accepted this token when the run began and refuses it now: the token has expired, or its permission was withdrawn.',
  remedy: 'Get a new token and run again.',
};

/** Of a snapshot that cannot be kept: nothing is known of the service. */
export const causeOfLostSnapshot: Judgement = {
  component: 'suite',
  why: 'The place of the snapshot takes no more, and without a snapshot nothing is written. The service has no part in it.',
  remedy: 'Make room for the snapshot, or give it another place, then run again.',
};

/** Of a check that threw what it should not have. */
export const causeOfDefect: Judgement = {
  component: 'suite',
  why: 'The check itself threw an error, which no response of a server should cause.',
  remedy: 'Report it to the project, with the JSON report.',
};
