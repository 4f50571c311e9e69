import { http, type HttpHandler } from 'msw';
import { parseBaseUrl } from '../contract/base-url.ts';
import { asFetched, ConnectionLost, type Service } from './outcome.ts';

/**
 * MSW handlers that answer every request for a billing profile below a base URL from a mock.
 *
 * Shape: other paths are left to other handlers. The letter case of the path does not matter.
 * Errors: `TypeError` for a base URL that is not one.
 */
export function createHandlers(mock: Service, { baseUrl }: { baseUrl: string }): HttpHandler[] {
  // A RegExp, because MSW reads the contract's {customer-tenant-id} as a parameter `customer` and the text `-tenant-id`.
  const base = parseBaseUrl(baseUrl);
  const literally = base.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const path = new RegExp(`^${literally}/v1/customers/[^/]+/profiles/billing/?$`, 'i');
  // The service itself has no path before /v1; a gateway that adds one takes it away again.
  const atTheService = (request: Request): Request => new Request(new URL(request.url).origin + request.url.slice(base.length), request);
  return [
    http.all(path, async ({ request }) => {
      // MSW makes a 500 of what a handler throws; this is how it takes a connection that is lost.
      const lost = Response.error();
      try {
        const outcome = await (mock.handle ?? mock.fetch)(atTheService(request));
        return outcome instanceof ConnectionLost && outcome.begun === undefined ? lost : await asFetched(outcome);
      } catch (error) {
        if (request.signal.aborted) return lost;
        throw error;
      }
    }),
  ];
}
