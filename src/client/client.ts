import createClient, { type Client } from 'openapi-fetch';
import { resolveBaseUrl } from '../contract/base-url.ts';
import type { paths } from '../contract/generated.ts';
import { isGuid } from '../contract/guid.ts';
import * as headerNames from '../contract/headers.ts';
import type { AttemptEvent } from './attempt-events.ts';
import { type BillingProfileOperations, billingProfileOperations } from './billing-profile.ts';
import { clouds } from './clouds.ts';
import { createGate } from './gate.ts';
import type { Inspection, InspectionOptions } from './inspection.ts';
import { type EditOptions, settle, type SettledOptions } from './options.ts';
import { createTokenSource, type TokenOption } from './token-source.ts';

/** What a client is made of. The options of calls are the defaults of its calls. */
export interface PartnerClientOptions extends Omit<EditOptions, 'signal' | 'requestId'>, InspectionOptions {
  /** The access token without `Bearer `, a function that gives one, or a credential such as those of `@azure/identity`. */
  token: TokenOption;
  /** Scope that a credential is asked for. Default: `clouds.global.scope`; for the cloud of 21Vianet no document gives one. */
  scope?: string;
  /** Address of the service, with or without `/v1`. https, or http to this machine. Default: `clouds.global.baseUrl`. */
  baseUrl?: string;
  /** Takes the place of the global `fetch`, which is otherwise looked up at every call. */
  fetch?: (request: Request) => Promise<Response>;
  /** Name of the calling application, sent as MS-PartnerCenter-Application. */
  application?: string;
  /** How many requests to send in a minute at most. Default: as many as are made; throttling is heeded in any case. */
  maxRequestsPerMinute?: number;
  /** Told of every request: start, answer, failure, and the wait before the next. */
  onAttempt?: (event: AttemptEvent) => void;
  /** Makes the ids of calls. Default: `crypto.randomUUID`. */
  newId?: () => string;
}

/** The raw typed client of openapi-fetch; it adds the token and, where they are missing, the ids. It does not retry. */
export type PartnerApi = Client<paths, 'application/json'>;

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
    throw new TypeError('The application name has a character that cannot stand in a header.');
  }
  const defaults = settle(options);
  const inspection = inspectionFrom(options);
  const { url: baseUrl, isThisMachine } = resolveBaseUrl(options.baseUrl ?? clouds.global.baseUrl);
  const token = createTokenSource(options.token, scopeFor(options, baseUrl, isThisMachine));
  const gate = createGate(options.maxRequestsPerMinute);
  // Looked up late: an interceptor such as MSW may replace the global fetch after the client was made.
  const { fetch = (request) => globalThis.fetch(request) } = options;

  const common = { baseUrl, redirect: 'manual', headers: { Accept: 'application/json', [headerNames.application]: application } } as const;
  const api: PartnerApi = createClient({
    ...common,
    async fetch(request) {
      const { headers } = request;
      const idNames = [headerNames.requestId, headerNames.correlationId];
      for (const name of idNames) if (!headers.has(name)) headers.set(name, newId());
      if (!headers.has('Authorization')) headers.set('Authorization', `Bearer ${await token()}`);
      return fetch(request);
    },
  });
  const ownApi: PartnerApi = createClient({
    ...common,
    ...(options.fetch
      ? { fetch }
      : { Request: Sending as unknown as typeof Request, fetch: (sending) => globalThis.fetch(sending.url, sending) }),
  });

  const transport = { api: ownApi, token, gate, newId, onAttempt };
  const clientWith = (scoped: SettledOptions): PartnerClient => ({
    api,
    customers: {
      byId(customerId) {
        if (!isGuid(customerId)) throw new TypeError('The customer id is not a GUID. Give the tenant id of the customer.');
        return { profiles: { billing: billingProfileOperations({ transport, customerId, defaults: scoped, inspection }) } };
      },
    },
    with: ({ correlationId }) => clientWith({ ...scoped, correlationId }),
  });
  return clientWith(defaults);
}

/** What `fetch` is called with. It makes a `Request` of its own, so that making one before would cost as much again. */
function Sending(this: object, url: string, init: RequestInit): void {
  Object.assign(this, init, { url });
}

function scopeFor({ scope, token }: PartnerClientOptions, baseUrl: string, isThisMachine: boolean): string {
  const { global } = clouds;
  if (scope === undefined && typeof token === 'object' && baseUrl !== global.baseUrl && !isThisMachine) {
    throw new TypeError('No document gives the token scope of this base URL. Give it as scope.');
  }
  return scope ?? global.scope;
}

/** What looks at answers; undefined when nothing does. */
function inspectionFrom({ validate = 'off', validator, onDrift }: InspectionOptions): Inspection | undefined {
  if (validate === 'off') return undefined;
  if (validator && /^(?:report|throw)$/.test(validate)) return { validate, validator, onDrift };
  throw new TypeError('validate is off, or report or throw with a validator: validateProfile of /validate.');
}
