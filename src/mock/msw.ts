import { http, type HttpHandler } from 'msw';
import { parseBaseUrl } from '../contract/base-url.ts';
import type { MockService } from './service.ts';

/**
 * MSW handlers that answer every request for a billing profile below a base URL from a mock.
 *
 * Shape: other paths are left to other handlers. The letter case of the path does not matter.
 * Errors: `TypeError` for a base URL that is not one.
 */
export function createHandlers(mock: Pick<MockService, 'fetch'>, { baseUrl }: { baseUrl: string }): HttpHandler[] {
  // A RegExp, because MSW reads the contract's {customer-tenant-id} as a parameter `customer` and the text `-tenant-id`.
  const literally = parseBaseUrl(baseUrl).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const path = new RegExp(`^${literally}/v1/customers/[^/]+/profiles/billing/?$`, 'i');
  return [http.all(path, ({ request }) => mock.fetch(request))];
}
