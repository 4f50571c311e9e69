import createClient, { type Client } from 'openapi-fetch';
import { isLoopback, parseBaseUrl } from '../contract/base-url.ts';
import type { paths } from '../contract/generated.ts';
import { isGuid } from '../contract/guid.ts';
import { headerNames } from '../contract/headers.ts';
import type { AttemptEvent } from './attempt-events.ts';
import { type BillingProfileOperations, billingProfileOperations, type Drift, type Inspection } from './billing-profile.ts';
import { clouds } from './clouds.ts';
import { createGate } from './gate.ts';
import { type EditOptions, settle } from './options.ts';
import { createTokenSource, type TokenOption } from './token-source.ts';

/** What a client is made of. The options of calls are the defaults of its calls. */
export interface PartnerClientOptions extends Omit<EditOptions, 'signal' | 'requestId'> {
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
  /** Whether to compare profiles with the contract: not at all (the default), to tell `onDrift`, or to throw a `ContractError` too. */
  validate?: 'off' | 'report' | 'throw';
  /** `validateProfile` of `partner-center-billing-profile/validate`; needed to validate, and loaded by nobody else. */
  validator?: Inspection['validator'];
  /** Told of a profile that does not fit the contract. */
  onDrift?: (drift: Drift) => void;
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
  const newId = options.newId ?? (() => crypto.randomUUID());
  if (options.application !== undefined && !/^[\x20-\x7e]*$/.test(options.application)) {
    throw new TypeError('The name of the application has a character that cannot stand in a header.');
  }
  settle(options);
  const inspection = inspectionFrom(options);
  const baseUrl = parseBaseUrl(options.baseUrl ?? clouds.global.baseUrl);
  const token = createTokenSource(options.token, scopeFor(options, baseUrl));
  const gate = createGate(options.maxRequestsPerMinute);
  const transport = { token, gate, newId, onAttempt: options.onAttempt };

  const api: PartnerApi = createClient<paths, 'application/json'>({
    baseUrl,
    // Looked up late: an interceptor such as MSW may replace the global fetch after the client was made.
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
    redirect: 'manual',
    headers: { Accept: 'application/json', [headerNames.application]: options.application },
  });
  api.use({
    async onRequest({ request }) {
      const fill = async (name: string, value: () => string | Promise<string>): Promise<void> => {
        if (!request.headers.has(name)) request.headers.set(name, await value());
      };
      await fill('Authorization', async () => `Bearer ${await token.get()}`);
      await fill(headerNames.requestId, newId);
      await fill(headerNames.correlationId, newId);
    },
  });

  const clientWith = (defaults: EditOptions): PartnerClient => ({
    api,
    customers: {
      byId(customerId) {
        if (!isGuid(customerId))
          throw new TypeError(
            'The customer id is not a GUID. Give the tenant id of the customer, such as 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04.',
          );
        return { profiles: { billing: billingProfileOperations({ api, transport, customerId, defaults, inspection }) } };
      },
    },
    with: ({ correlationId }) => clientWith({ ...defaults, correlationId }),
  });
  return clientWith(options);
}

function scopeFor({ scope, token }: PartnerClientOptions, baseUrl: string): string {
  if (scope !== undefined) return scope;
  if (typeof token === 'object' && baseUrl !== clouds.global.baseUrl && !isLoopback(baseUrl)) {
    throw new TypeError('No document gives the token scope of this base URL. Give it as "scope".');
  }
  return clouds.global.scope;
}

function inspectionFrom({ validate = 'off', validator, onDrift }: PartnerClientOptions): Inspection | undefined {
  if (validate === 'off') return undefined;
  if (validate !== 'report' && validate !== 'throw') throw new TypeError('validate is "off", "report" or "throw".');
  if (validator === undefined)
    throw new TypeError('To validate, give validateProfile of partner-center-billing-profile/validate as "validator".');
  return { mode: validate, validator, onDrift };
}
