import { isStaleRefusal, readErrorBody } from '../contract/error-body.ts';
import { headerNames } from '../contract/headers.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import type { CustomerBillingProfile } from '../contract/profile.ts';
import { retryAfterMs } from '../contract/retry-after.ts';
import { clouds } from './clouds.ts';
import { type CallFacts, ContractError, type Refused, ServiceError, StaleEtagError, ThrottledError } from './errors.ts';

// Long enough to find it in the service's words, short enough for a log line.
const descriptionLimit = 200;

/** The call with the ids of the response, where it has some. A token that they repeat is cut out. */
export function withIdsOf({ headers }: Response, call: CallFacts, token: string): CallFacts {
  const idIn = (name: string): string | undefined => headers.get(name)?.replaceAll(token, '…');
  return {
    ...call,
    requestId: idIn(headerNames.requestId) || call.requestId,
    correlationId: idIn(headerNames.correlationId) || call.correlationId,
  };
}

/**
 * Reads the profile out of a successful response.
 *
 * Shape: takes parsed JSON, undefined where there was none.
 * Errors: `ContractError` when it is not JSON, not one object, or lacks what the next update needs. Nothing else is checked here.
 */
export function readProfile(call: CallFacts, { status }: Response, profile: unknown): CustomerBillingProfile {
  if (!isJsonObject(profile)) {
    throw new ContractError(call, status, `the body is not ${profile === undefined ? 'JSON' : 'one JSON object'}`);
  }
  const { attributes, defaultAddress } = profile;
  const hasEtag = isJsonObject(attributes) && typeof attributes.etag === 'string' && attributes.etag !== '';
  if (hasEtag && isJsonObject(defaultAddress)) {
    // As far as the client relies on it; `validateProfile` checks the rest for those who ask.
    return profile as unknown as CustomerBillingProfile;
  }
  throw new ContractError(call, status, `the profile carries no ${hasEtag ? 'defaultAddress' : 'attributes.etag'}`);
}

/** What a refusal carries. The token is cut out, should it stand there. `body` is what openapi-fetch made of it: JSON, or text. */
export function readRefusal({ status, headers }: Response, body: unknown, token: string, nowMs: number): Refused {
  let json: unknown;
  try {
    // As text, so that the token is cut out wherever it stands.
    json = parseJson(JSON.stringify(body).replaceAll(JSON.stringify(token).slice(1, -1), '…'));
  } catch {
    // No body; or one that is nested too deep to be written.
  }
  const { code, description, data } = readErrorBody(json);
  return {
    status,
    // Documented codes are numbers; anything else may be anything.
    code: typeof code === 'string' ? code.replaceAll(/[^\w .-]/g, '\ufffd').slice(0, descriptionLimit) : code,
    description: description?.slice(0, descriptionLimit),
    data,
    retryAfterSeconds: secondsToWait(headers, description, nowMs),
  };
}

/**
 * How long the service asks to wait; undefined when it does not say.
 *
 * Shape: Retry-After; else "Try again in 57 seconds." in the words of the gateway.
 * Source: SOURCES.md#throttling
 */
function secondsToWait(headers: Headers, words: string | undefined, nowMs: number): number | undefined {
  const ms = retryAfterMs(headers.get(headerNames.retryAfter), nowMs);
  if (ms !== undefined) return Math.ceil(ms / 1000);
  const seconds = /\btry again in (\d+) second/i.exec(words ?? '');
  return seconds ? Number(seconds[1]) : undefined;
}

/** The error for a refusal. `tooLong` when it asks to wait for longer than the call may. */
export function refusalError(call: CallFacts, response: Response, refused: Refused, tooLong: boolean): ServiceError {
  const { status, code, description, retryAfterSeconds } = refused;
  const [Kind, next] = isStaleRefusal(status, code)
    ? [StaleEtagError, 'The profile was changed since; read it again and reapply the change']
    : tooLong || status === 429
      ? [ThrottledError, `Wait ${retryAfterSeconds === undefined ? '' : `${retryAfterSeconds} s `}before the next call`]
      : [ServiceError, cures[code!] ?? nextStep(status, response)];
  const said = [status || 'a redirect', code && `code ${code}`, description && JSON.stringify(description)].filter(Boolean).join(', ');
  return new Kind(call, `was refused with ${said}. ${next}`, refused);
}

const role = 'Give the user or app the role Admin agent or Billing admin';

/** What helps against refusals that say what they are. Source: SOURCES.md#error-response */
const cures: Record<string, string> = {
  900420: `The token is meant for another API; ask for the scope ${clouds.global.scope}`,
  900421: 'Sign in with multifactor authentication, or use an app-only token',
  900329: 'Use a token of an app and a user, not of an app alone',
  20002: 'Check the customer id, and that the customer accepted your invitation',
  900150: role,
  900308: role,
};

function nextStep(status: number, { headers }: Response): string {
  if (status < 400) {
    const location = headers.get('Location')!;
    const to = URL.canParse(location) ? ` to ${new URL(location).host}` : '';
    return `The redirect${to} was not followed: the token would go along. Check the base URL`;
  }
  const next: Record<number, string> = {
    401: `Check that the token is valid and meant for ${clouds.global.baseUrl}`,
    403: 'Check that the customer is yours, and the token may manage its billing',
    404: 'Check the customer id and the base URL',
  };
  return next[status] ?? (status < 500 ? '' : "Try again later, or give the ids to Microsoft's support");
}
