import { isStaleRefusal, readErrorBody } from '../contract/error-body.ts';
import { headerNames } from '../contract/headers.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import type { CustomerBillingProfile } from '../contract/profile.ts';
import { type Call, ContractError, ServiceError, StaleEtagError } from './errors.ts';

// Long enough to find it in the service's words, short enough for a log line.
const descriptionLimit = 200;

/** The call as the service names it: its ids, where it answered with some. */
export function callAnswered(call: Call, response: Response): Call {
  return {
    ...call,
    requestId: response.headers.get(headerNames.requestId) || call.requestId,
    correlationId: response.headers.get(headerNames.correlationId) || call.correlationId,
  };
}

/**
 * Reads the profile out of an answer that says it succeeded.
 *
 * Errors: `ContractError` when it is not JSON, not one object, or lacks what the next update needs. Nothing else is checked here.
 */
export function readProfile(call: Call, response: Response, body: string | undefined): CustomerBillingProfile {
  const broken = (what: string): ContractError =>
    new ContractError(call, `${call.method} ${call.path} answered ${response.status}, but ${what}.${afterWrite(call)}`, response.status);

  if (!body) throw broken('without a body');
  const profile = parseJson(body);
  if (profile === undefined) throw broken('the body is not JSON');
  if (!isJsonObject(profile)) throw broken('the body is not one JSON object');
  if (!isJsonObject(profile.attributes) || typeof profile.attributes.etag !== 'string' || profile.attributes.etag === '') {
    throw broken('the profile carries no attributes.etag');
  }
  if (!isJsonObject(profile.defaultAddress)) throw broken('the profile carries no defaultAddress');
  // As far as the client relies on it; `validateProfile` checks the rest for those who ask.
  return profile as unknown as CustomerBillingProfile;
}

/** The error for an answer that is a refusal. The token is cut out of the service's words, should it stand there. */
export function refusal(call: Call, response: Response, body: unknown, token: string): ServiceError {
  const { status } = response;
  // As text, so that the token is cut out wherever it stands. openapi-fetch has parsed what is JSON.
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  const facts = readErrorBody(parseJson(text.replaceAll(token, '…').replaceAll(JSON.stringify(token).slice(1, -1), '…')));
  const code = typeof facts.code === 'string' ? facts.code.slice(0, descriptionLimit) : facts.code;
  const description = facts.description?.slice(0, descriptionLimit);
  const refused = {
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
  const next = nextStep(status, response);
  if (isStaleRefusal(status, facts.code)) {
    return new StaleEtagError(call, `${said}. The profile was changed since it was read; read it again and reapply the change`, refused);
  }
  return new ServiceError(call, `${said}.${next}`, refused);
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
  if (status === 429) {
    const seconds = response.headers.get(headerNames.retryAfter);
    return seconds === null ? ' Wait before the next call' : ` Wait before the next call; Retry-After says ${seconds}`;
  }
  if (status >= 500) return ` Try again later; if it stays, give the ids to Microsoft's support`;
  return '';
}

const afterWrite = (call: Call): string => (call.method === 'PUT' ? ' The profile may be stored; read it to find out' : '');
