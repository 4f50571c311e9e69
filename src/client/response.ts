import { isStaleRefusal, isThrottlingResponse, readErrorBody } from '../contract/error-body.ts';
import { headerNames } from '../contract/headers.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import type { CustomerBillingProfile } from '../contract/profile.ts';
import { retryAfterMs } from '../contract/retry-after.ts';
import { clouds } from './clouds.ts';
import type { Read } from './call/attempt.ts';
import { type CallFacts, type Refused, ServiceError, StaleEtagError, ThrottledError } from './errors.ts';
import { type Clean, cleanValue } from './secrets.ts';

// Long enough to find it in the service's words, short enough for a log line.
const descriptionLimit = 200;
const dataLimit = 20;

/** The call with the ids of the response, where it has some. An id that repeats a secret is none. */
export function withIdsOf({ headers }: Response, call: CallFacts, clean: Clean): CallFacts {
  const idIn = (name: string, sent: string): string => {
    const id = headers.get(name);
    return id && (id === sent || (id.length <= descriptionLimit && clean(id) === id)) ? id : sent;
  };
  return {
    ...call,
    requestId: idIn(headerNames.requestId, call.requestId),
    correlationId: idIn(headerNames.correlationId, call.correlationId),
  };
}

/**
 * Reads the profile out of the text of a success, undefined when it was too large; or says what is wrong with it.
 *
 * Shape: it has to be one JSON object with what the next update needs. `validateProfile` checks the rest for those who ask.
 */
export function readProfile({ status }: Response, text: string | undefined): Read {
  // 202 says that the work is not done, 203 and 206 that this is not the whole of it. Only 200 is documented.
  if (status !== 200) return { problem: 'it is not the documented 200' };
  if (text === undefined) return { problem: 'the body has more than 4 MiB' };
  const profile = parseJson(text);
  if (!isJsonObject(profile)) return { problem: `the body is not ${profile === undefined ? 'JSON' : 'one JSON object'}` };
  const { attributes, defaultAddress } = profile;
  const hasEtag = isJsonObject(attributes) && typeof attributes.etag === 'string' && attributes.etag !== '';
  if (hasEtag && isJsonObject(defaultAddress)) return { profile: profile as unknown as CustomerBillingProfile };
  return { problem: `the profile carries no ${hasEtag ? 'defaultAddress' : 'attributes.etag'}` };
}

/** Reads a refusal; `text` is undefined when its body was too large or absent. */
export function readRefusal({ status, headers }: Response, text: string | undefined, clean: Clean, nowMs: number) {
  const json = parseJson(text ?? '');
  const { code, description, data } = readErrorBody(json);
  const refused: Refused = {
    status,
    // Documented codes are numbers; anything else may be anything.
    code: typeof code === 'string' ? clean(code.slice(0, descriptionLimit)).replaceAll(/[^\w .…-]/g, '\ufffd') : code,
    // Cleaned before it is cut: half a secret is one, too.
    description: description === undefined ? undefined : clean(description).slice(0, descriptionLimit),
    data: data.slice(0, dataLimit).map((item) => cleanValue(item, clean)),
    retryAfterSeconds: secondsToWait(headers, description, nowMs),
  };
  return { refused, isFromGateway: isThrottlingResponse(json) };
}

/**
 * How long the service asks to wait; undefined when it does not say.
 *
 * Shape: Retry-After; else "Try again in 57 seconds." in the words of the gateway.
 * Source: SOURCES.md#throttling
 */
function secondsToWait(headers: Headers, words: string | undefined, nowMs: number): number | undefined {
  const ms = retryAfterMs(headers, nowMs);
  if (ms !== undefined) return Math.ceil(ms / 1000);
  const seconds = /\btry again in (\d{1,4}) second/i.exec(words ?? '');
  return seconds ? Number(seconds[1]) : undefined;
}

/** The error for a refusal. `tooLong` when it asks to wait for longer than the call may. `host` is what the token was sent to. */
export function refusalError(
  call: CallFacts,
  response: Response,
  refused: Refused,
  tooLong: boolean,
  baseUrl: string,
  clean: Clean,
): ServiceError {
  const { status, code, description, retryAfterSeconds } = refused;
  const [Kind, next] = isStaleRefusal(status, code)
    ? [StaleEtagError, 'The profile was changed since; read it again and reapply the change']
    : tooLong || status === 429
      ? [ThrottledError, `Wait ${retryAfterSeconds === undefined ? '' : `${retryAfterSeconds} s `}before the next call`]
      : [ServiceError, nextStep(refused, response, baseUrl, clean)];
  const said = [status || 'a redirect', code && `code ${code}`, description && JSON.stringify(description)].filter(Boolean).join(', ');
  return new Kind(call, `was refused with ${said}${next && `. ${next}`}`, refused);
}

const role = 'Give the user or app the role Admin agent or Billing admin';
const multifactor = 'Sign in with multifactor authentication, or use an app-only token';

/** What helps against refusals that say what they are. Source: SOURCES.md#error-response */
const cures: Record<string, string> = {
  10001: multifactor,
  900420: `The token is meant for another API; ask for the scope ${clouds.global.scope}`,
  900421: multifactor,
  900329: 'Use a token of an app and a user, not of an app alone',
  20002: 'Check the customer id, and that the customer accepted your invitation',
  900150: role,
  900308: role,
};

/** What to do after a refusal; empty where nothing can be said. A refused token names the service that it was sent to. */
function nextStep({ status, code }: Refused, { headers }: Response, baseUrl: string, clean: Clean): string {
  const cure = cures[code!];
  if (status < 400) {
    const location = headers.get('Location') ?? '';
    const to = URL.canParse(location) ? ` to ${clean(new URL(location).host)}` : '';
    return `The redirect${to} was not followed: the token would go along. Check the base URL`;
  }
  const next: Record<number, string> = {
    401: `${baseUrl} refused the token. ${cure ?? 'It has probably expired, or is meant for another service'}`,
    403: `${baseUrl} does not let this token do that. ${cure ?? 'Check that the customer is yours, and the token may manage its billing'}`,
    404: 'Check the customer id and the base URL',
  };
  return next[status] ?? cure ?? (status < 500 ? '' : "Try again later, or give the ids to Microsoft's support");
}
