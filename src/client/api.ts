import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { paths } from '../contract/generated.ts';
import { headerNames } from '../contract/headers.ts';

/** The raw typed client of openapi-fetch; it adds the token and, where they are missing, the ids. It does not retry. */
export type PartnerApi = Client<paths, 'application/json'>;

/** Makes an instance of openapi-fetch, with middleware of its own. Redirects are not followed, because the token would go along. */
export function createApi(baseUrl: string, application: string | undefined, sending: Pick<ClientOptions, 'fetch' | 'Request'>): PartnerApi {
  return createClient({
    baseUrl,
    redirect: 'manual',
    headers: { Accept: 'application/json', [headerNames.application]: application },
    ...sending,
  });
}
