import createClient, { type Client } from 'openapi-fetch';
import { parseBaseUrl } from '../contract/base-url.ts';
import type { paths } from '../contract/generated.ts';
import { isGuid } from '../contract/guid.ts';
import { headerNames } from '../contract/headers.ts';
import { checkToken } from '../contract/token.ts';
import { type BillingProfileOperations, billingProfileOperations } from './billing-profile.ts';
import { clouds } from './clouds.ts';

/** What a client is made of. */
export interface PartnerClientOptions {
  /** The access token, without `Bearer `, or a function that gives one for each call. */
  token: string | (() => string | Promise<string>);
  /** Address of the service, with or without `/v1`. https, or http to this machine. Default: `clouds.global.baseUrl`. */
  baseUrl?: string;
  /** Takes the place of the global `fetch`, which is otherwise looked up at every call. */
  fetch?: (request: Request) => Promise<Response>;
  /** Name of the calling application, sent as MS-PartnerCenter-Application. */
  application?: string;
  /** Makes the ids of calls. Default: `crypto.randomUUID`. */
  newId?: () => string;
}

/** The raw typed client of openapi-fetch; it adds the token and, where they are missing, the ids. */
export type PartnerApi = Client<paths, 'application/json'>;

/** The path that the users of the C# and Java SDKs know. */
export interface PartnerClient {
  readonly api: PartnerApi;
  readonly customers: {
    /** One customer, by tenant id. Errors: `TypeError` when it is not a GUID. */
    byId(customerId: string): { readonly profiles: { readonly billing: BillingProfileOperations } };
  };
}

/**
 * Makes a client for the customer billing profile.
 *
 * Shape: nothing is sent until a method is called. Redirects are not followed, because the token would go along.
 * Errors: `TypeError` for a base URL that is no URL, or http off this machine.
 * @example
 * const partner = createPartnerClient({ token: () => acquireToken() });
 * const billing = partner.customers.byId(customerId).profiles.billing;
 * const profile = await billing.get();
 */
export function createPartnerClient(options: PartnerClientOptions): PartnerClient {
  const newId = options.newId ?? (() => crypto.randomUUID());
  if (options.application !== undefined && !/^[\x20-\x7e]*$/.test(options.application)) {
    throw new TypeError('The name of the application has a character that cannot stand in a header.');
  }
  const api: PartnerApi = createClient<paths, 'application/json'>({
    baseUrl: parseBaseUrl(options.baseUrl ?? clouds.global.baseUrl),
    // Looked up late: an interceptor such as MSW may replace the global fetch after the client was made.
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
    redirect: 'manual',
    headers: { Accept: 'application/json', [headerNames.application]: options.application },
  });
  const token = async (): Promise<string> => checkToken(typeof options.token === 'string' ? options.token : await options.token());
  api.use({
    async onRequest({ request }) {
      const fill = async (name: string, value: () => string | Promise<string>): Promise<void> => {
        if (!request.headers.has(name)) request.headers.set(name, await value());
      };
      await fill('Authorization', async () => `Bearer ${await token()}`);
      await fill(headerNames.requestId, newId);
      await fill(headerNames.correlationId, newId);
    },
  });
  return {
    api,
    customers: {
      byId(customerId) {
        if (!isGuid(customerId))
          throw new TypeError(
            'The customer id is not a GUID. Give the tenant id of the customer, such as 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04.',
          );
        return { profiles: { billing: billingProfileOperations({ api, token, newId, customerId }) } };
      },
    },
  };
}
