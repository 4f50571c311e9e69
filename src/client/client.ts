import { type BaseUrl, resolveBaseUrl } from '../contract/base-url.ts';
import { isGuid } from '../contract/guid.ts';
import { headerNames } from '../contract/headers.ts';
import { createApi, type PartnerApi, withLimitedRefusals } from './api.ts';
import { type BillingProfileOperations, billingProfileOperations } from './billing-profile.ts';
import type { AttemptListener } from './call/attempt.ts';
import { createRateLimiter } from './call/rate-limiter.ts';
import { createTokenSource, type TokenOption } from './call/token-source.ts';
import { clouds } from './clouds.ts';
import { type EditOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { requestWithoutCopy } from './request-without-copy.ts';
import { resolveResponseValidation, type ResponseValidationOptions } from './response-validation.ts';
import { MisuseError } from '../contract/misuse.ts';

/** What a client is made of. The options of calls are the defaults of its calls. */
export interface PartnerClientOptions extends Omit<EditOptions, 'signal' | 'requestId' | 'base' | 'ifMatch'>, ResponseValidationOptions {
  /** The access token without `Bearer `, a function that gives one, or a credential such as those of `@azure/identity`. */
  token: TokenOption;
  /** Scope that a credential is asked for. Default: `clouds.global.scope`; for the cloud of 21Vianet no document gives one. */
  scope?: string | undefined;
  /** Address of the service, with or without `/v1`. https, or http to this machine. Default: `clouds.global.baseUrl`; undefined is no address. */
  baseUrl?: string;
  /** Takes the place of the global `fetch`, which is otherwise looked up at every call. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Name of the calling application, sent as MS-PartnerCenter-Application. */
  application?: string | undefined;
  /** How many requests to send in a minute at most. Default: no limit; the client slows down when the service throttles in any case. */
  maxRequestsPerMinute?: number | undefined;
  /** Called for every request: at its start, with its response or failure, and before a wait. What it throws changes nothing. */
  onAttempt?: AttemptListener | undefined;
  /** Makes the ids of calls. Default: `crypto.randomUUID`. */
  newId?: (() => string) | undefined;
}

/** The path that the users of the C# and Java SDKs know. */
export interface PartnerClient {
  readonly api: PartnerApi;
  readonly customers: {
    /** One customer, by tenant id. Errors: `TypeError` when it is not a GUID. */
    byId(customerId: string): { readonly profiles: { readonly billing: BillingProfileOperations } };
  };
  /** The same client for calls that belong together, as `With(RequestContext)` of the C# SDK. */
  with(scope: { correlationId: string }): PartnerClient;
}

/**
 * Makes a client for the customer billing profile.
 *
 * Shape: nothing is sent until a method is called. Redirects are not followed, because the token would go along.
 * Errors: `TypeError` for a base URL that is no URL, or http off this machine, and for options that cannot be.
 * @example
 * const partner = createPartnerClient({ token: () => acquireToken() });
 * const billing = partner.customers.byId(customerId).profiles.billing;
 * const profile = await billing.edit({ email: 'billing@contoso.com' });
 */
export function createPartnerClient(options: PartnerClientOptions): PartnerClient {
  const { application, newId = () => crypto.randomUUID(), onAttempt } = options;
  if (application !== undefined && !/^[\x20-\x7e]*$/.test(application)) {
    throw new MisuseError('The application name has a character that cannot stand in a header.');
  }
  const defaults = resolveOptions(options);
  if ('baseUrl' in options && options.baseUrl === undefined) {
    throw new MisuseError('baseUrl is undefined. Set the variable that it is read from, or leave baseUrl out for the global cloud.');
  }
  const service = resolveBaseUrl(options.baseUrl ?? clouds.global.baseUrl);
  const token = createTokenSource(options.token, scopeFor(options, service));
  const rateLimiter = createRateLimiter(options.maxRequestsPerMinute);
  // Looked up late: an interceptor such as MSW may replace the global fetch after the client was made.
  const { fetch = (request) => globalThis.fetch(request) } = options;
  const rawFetch = async (request: Request): Promise<Response> => {
    const { headers } = request;
    for (const name of [headerNames.requestId, headerNames.correlationId]) if (!headers.has(name)) headers.set(name, newId());
    if (!headers.has('Authorization')) headers.set('Authorization', `Bearer ${await token.get()}`);
    return fetch(request);
  };
  const api = createApi(service.url, application, { fetch: rawFetch });
  // Another instance, so that middleware on the first one does not change what get, edit and update rely on.
  const sending = options.fetch ? { fetch } : requestWithoutCopy;
  const ownApi = createApi(service.url, application, { ...sending, fetch: withLimitedRefusals(sending.fetch) });
  const validateResponse = resolveResponseValidation(options);
  const transport = { api: ownApi, baseUrl: service.url, token, rateLimiter, newId, onAttempt, validateResponse };
  const clientWith = (scoped: ResolvedOptions): PartnerClient => ({
    api,
    customers: {
      byId(customerId) {
        if (!isGuid(customerId)) throw new MisuseError('The customer id is not a GUID. Give the tenant id of the customer.');
        return { profiles: { billing: billingProfileOperations(transport, customerId, scoped) } };
      },
    },
    with: ({ correlationId }) => clientWith({ ...scoped, correlationId }),
  });
  return clientWith(defaults);
}

function scopeFor({ scope, token }: PartnerClientOptions, service: BaseUrl): string {
  if (scope === undefined && typeof token === 'object' && service.url !== clouds.global.baseUrl && !service.isThisMachine) {
    throw new MisuseError('No document gives the token scope of this base URL. Give it as scope.');
  }
  return scope ?? clouds.global.scope;
}
