import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import { bodyLimitBytes, readBytes, refusalLimitBytes } from '../contract/bytes.ts';
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

/**
 * A `fetch` whose refusals have a body of limited size. openapi-fetch reads the body of a refusal whole, whatever it is told of that of a
 * success; here it gets the text as the `error`, and undefined when there is more of it than the limit.
 */
export function withLimitedRefusals(fetch: (request: Request) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    const response = await fetch(request);
    if (response.ok) return response;
    const text = await readText(response, refusalLimitBytes);
    // openapi-fetch parses what this gives, so that the text arrives as it came.
    return Object.defineProperty(response, 'text', { value: () => Promise.resolve(JSON.stringify(text)) });
  };
}

/** The text of a body without its byte order mark; undefined when it has more bytes than the limit: the rest is then not read. */
export async function readText(response: Response, limitBytes = bodyLimitBytes): Promise<string | undefined> {
  const bytes = await readBytes(response.body, limitBytes);
  return bytes && new TextDecoder().decode(bytes);
}
