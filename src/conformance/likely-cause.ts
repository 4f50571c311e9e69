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
export function causeOfFailure({ sources }: ServerRequirement, target: Where, last: RecordedExchange | undefined): Judgement {
  const { status = 0, headers = {} } = last?.response ?? {};
  const between = speakerBetween(status, headers['content-type'] ?? '', target);
  if (between !== undefined) {
    return {
      component: 'network',
      why: `${between} Whether the service itself keeps the rule was not seen.`,
      remedy: 'Find out what stands between here and the service (proxy, gateway, sign-in page), then run again.',
    };
  }
  if (status >= 500)
    return { component: 'service', why: `It answered ${status}, which by definition says that the service itself has failed.` };
  if (liveHost.test(new URL(target.baseUrl).hostname)) {
    return {
      component: 'contract',
      why: 'This is the live service, and every client lives with what it answers. The document behind the rule, or our reading of it, is wrong or out of date.',
      remedy:
        'Send the JSON report to the project, so that the contract says what the service does; bear it as a known deviation until then.',
    };
  }
  const page = sources.find((source) => source.startsWith('Microsoft Learn'));
  if (page !== undefined) return { component: 'service', why: `It answered, and its answer is not what its documents say: ${page}.` };
  return {
    component: 'service',
    why: `It answered, and its answer is not what ${sources[0]} says. No page on this endpoint repeats that; if the service documents something else, the contract is wrong.`,
  };
}

/** What seems to have answered in the place of the service. */
function speakerBetween(status: number, contentType: string, { isThisMachine }: Where): string | undefined {
  if (status === 502 || status === 504) return `${status} is what a gateway answers that did not reach the service.`;
  if (status === 407 || status === 511) return `${status} is what a proxy answers that wants to know who you are.`;
  // On this machine a page for people is the framework's own.
  if (isThisMachine) return undefined;
  if (status >= 300 && status < 400) return 'A redirect is what a sign-in page or a gateway answers.';
  return /^text\/html\b/i.test(contentType) ? 'A page for people is what a proxy, a gateway or a sign-in page answers.' : undefined;
}

/** Of a request without an answer, after which the server was there again. */
export function causeOfSilence({ isThisMachine }: Where): Judgement {
  if (isThisMachine)
    return { component: 'service', why: 'It is on this machine, it takes connections, and it did not answer this request.' };
  return {
    component: 'service',
    why: 'It answered the requests before and the one after, so that the network is the less likely cause.',
    remedy: 'Look for the request in the logs of the service by its MS-CorrelationId; if it never came there, look at what stands between.',
  };
}

/** Of a target that is not there any more. */
export const causeOfAbsence: Judgement = {
  component: 'network',
  why: 'Nobody listens at the address any more: the connection was lost, or the service has stopped.',
  remedy: 'See that the service is up and can be reached, then run again; if it stopped by itself, its logs say at which request.',
};

/** Of a token that was taken at first. */
export const causeOfRefusedToken: Judgement = {
  component: 'service',
  why: 'It took this token when the run began and refuses it now: the token has expired, or its permission was withdrawn.',
  remedy: 'Get a new token and run again.',
};

/** Of a check that threw what it should not have. */
export const causeOfDefect: Judgement = {
  component: 'suite',
  why: 'The check itself threw an error. No answer of a server is to make it do so.',
  remedy: 'Report it to the project, with the JSON report.',
};
