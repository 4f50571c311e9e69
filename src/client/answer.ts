import { isStaleRefusal, readErrorBody } from '../contract/error-body.ts';
import { headerNames } from '../contract/headers.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import type { CustomerBillingProfile } from '../contract/profile.ts';
import { type Call, ContractError, type Refused, ServiceError, StaleEtagError, ThrottledError } from './errors.ts';
import { retryAfterMs } from './retry.ts';

// Long enough to find it in the service's words, short enough for a log line.
const descriptionLimit = 200;

/** The call as the service names it: its ids, where it answered with some. A token that it repeats is cut out. */
export function callAnswered(call: Call, response: Response, token: string): Call {
  const answered = (name: string): string | undefined => response.headers.get(name)?.replaceAll(token, '…');
  return {
    ...call,
    requestId: answered(headerNames.requestId) || call.requestId,
    correlationId: answered(headerNames.correlationId) || call.correlationId,
  };
}

/**
 * Reads the profile out of an answer that says it succeeded.
 *
 * Errors: `ContractError` when it is not JSON, not one object, or lacks what the next update needs. Nothing else is checked here.
 */
export function readProfile(call: Call, response: Response, body: string | undefined): CustomerBillingProfile {
  if (!body) throw contractError(call, response, 'without a body');
  const profile = parseJson(body);
  if (profile === undefined) throw contractError(call, response, 'the body is not JSON');
  if (!isJsonObject(profile)) throw contractError(call, response, 'the body is not one JSON object');
  if (!isJsonObject(profile.attributes) || typeof profile.attributes.etag !== 'string' || profile.attributes.etag === '') {
    throw contractError(call, response, 'the profile carries no attributes.etag');
  }
  if (!isJsonObject(profile.defaultAddress)) throw contractError(call, response, 'the profile carries no defaultAddress');
  // As far as the client relies on it; `validateProfile` checks the rest for those who ask.
  return profile as unknown as CustomerBillingProfile;
}

/** The error for a success that is none. */
export function contractError(call: Call, response: Response, what: string): ContractError {
  const afterWrite = call.method === 'PUT' ? ' The profile may be stored; read it to find out' : '';
  const message = `${call.method} ${call.path} answered ${response.status}, but ${what}.${afterWrite}`;
  return new ContractError(call, message, { status: response.status });
}

/** The error for an answer that is a refusal. The token is cut out of the service's words, should it stand there. */
export function refusal(call: Call, response: Response, body: unknown, token: string, nowMs: number): ServiceError {
  const { status } = response;
  // As text, so that the token is cut out wherever it stands. openapi-fetch has parsed what is JSON.
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  const facts = readErrorBody(parseJson(text.replaceAll(token, '…').replaceAll(JSON.stringify(token).slice(1, -1), '…')));
  // Documented codes are numbers; anything else may be anything.
  const code = typeof facts.code === 'string' ? facts.code.replaceAll(/[^\w .-]/g, '\ufffd').slice(0, descriptionLimit) : facts.code;
  const description = facts.description?.slice(0, descriptionLimit);
  const refused: Refused = {
    status,
    data: facts.data,
    ...(code === undefined ? {} : { code }),
    ...(description === undefined ? {} : { description }),
  };
  const said = [
    `${call.method} ${call.path} was refused with ${status === 0 ? 'a redirect' : status}`,
    ...(code === undefined ? [] : [`code ${code}`]),
    ...(description === undefined ? [] : [JSON.stringify(description)]),
  ].join(', ');
  if (isStaleRefusal(status, code)) {
    return new StaleEtagError(call, `${said}. The profile was changed since it was read; read it again and reapply the change`, refused);
  }
  if (status === 429) {
    const waitMs = retryAfterMs(response, description, nowMs);
    const seconds = waitMs === undefined ? undefined : Math.ceil(waitMs / 1000);
    const next = seconds === undefined ? 'Wait before the next call' : `Wait ${seconds} s before the next call`;
    return new ThrottledError(call, `${said}. ${next}`, refused, seconds);
  }
  return new ServiceError(call, `${said}.${cureOf(code) ?? nextStep(status, response)}`, refused);
}

/** What helps against refusals that say what they are. Source: SOURCES.md#error-response */
function cureOf(code: number | string | undefined): string | undefined {
  switch (String(code)) {
    case '900420':
      return ' The token is meant for another API; ask for one with the scope https://api.partnercenter.microsoft.com/.default';
    case '900421':
      return ' The token says nothing of multifactor authentication; let the user sign in anew with it, or use an app-only token';
    case '900329':
      return ' The service wants a token of an app and a user here, not one of an app alone';
    case '20002':
      return ' This partner has no relationship with the customer; check the customer id and that the invitation was accepted';
    case '900150':
    case '900308':
      return ' The user or the app lacks a role; give it Admin agent or Billing admin in Partner Center';
    default:
      return undefined;
  }
}

function nextStep(status: number, response: Response): string {
  if (status === 0 || (status >= 300 && status < 400)) {
    const location = response.headers.get('Location');
    const to =
      location !== null && URL.canParse(location, response.url || undefined)
        ? ` to ${new URL(location, response.url || undefined).host}`
        : '';
    return ` The redirect${to} was not followed, because the token would go along. Check the base URL`;
  }
  if (status === 401) return ' Check that the token is valid and meant for https://api.partnercenter.microsoft.com';
  if (status === 403) return ' Check that the customer belongs to this partner and that the token may manage its billing';
  if (status === 404) return ' Check the customer id and the base URL';
  if (status === 428) return ' The service wants an If-Match header';
  if (status >= 500) return ` Try again later; if it stays, give the ids to Microsoft's support`;
  return '';
}
