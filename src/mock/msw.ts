import { http, type HttpHandler } from 'msw';
import { resolveBaseUrl } from '../contract/base-url.ts';
import { ConnectionLost } from './delivery.ts';

/**
 * MSW handlers that respond to every request for a billing profile below a base URL from a mock.
 *
 * Shape: other paths are left to other handlers. The letter case of the path does not matter.
 * Errors: `TypeError` for a base URL that is not one.
 */
export function createHandlers(mock: { fetch(request: Request): Promise<Response> }, { baseUrl }: { baseUrl: string }): HttpHandler[] {
  // A RegExp, because MSW reads the contract's {customer-tenant-id} as a parameter `customer` and the text `-tenant-id`.
  const { url: base } = resolveBaseUrl(baseUrl);
  const { origin } = new URL(base);
  const literally = base.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const path = new RegExp(`^${literally}/v1/customers/[^/]+/profiles/billing/?$`, 'i');
  return [
    http.all(path, async ({ request }) => {
      try {
        // The service itself has no path before /v1; a gateway that adds one takes it away again.
        return await mock.fetch(new Request(origin + request.url.slice(base.length), request));
      } catch (error) {
        // MSW would make a 500 of what a handler throws.
        if (request.signal.aborted || (error instanceof TypeError && error.cause instanceof ConnectionLost)) return Response.error();
        throw error;
      }
    }),
  ];
}
