import { headerNames } from '../contract/headers.ts';
import { readBytes } from '../contract/read-body.ts';

/** What the service looks at in a request. Header values are as they came; `null` when the header is absent. */
export interface ServiceRequest {
  method: string;
  /** The path as it came, without the query. */
  path: string;
  /** The path segment, decoded. */
  customerId: string;
  authorization: string | null;
  ifMatch: string | null;
  requestId: string | null;
  correlationId: string | null;
  /** The Content-Type without its parameters, in lower case. */
  mediaType: string | undefined;
  /** Text of the body; bytes that are not UTF-8 are replaced. Empty unless the method is PUT. */
  body: string;
  /** The faults that the request asks for, as it names them. */
  faults: string | null;
  /** The body was over the limit and was not read to its end. */
  tooLarge: boolean;
}

/** The header by which a request asks for faults. No header of the service's. */
export const faultHeader = 'X-Mock-Fault';

/** Not documented; 1 MiB is a thousand times the documented example. */
export const bodyLimitBytes = 1024 * 1024;

const url = /^[^:]+:\/\/[^/]+(\/v1\/customers\/([^/?#]+)\/profiles\/billing\/?)(?:[?#]|$)/i;

/** Reads a request for a billing profile; undefined when the path is another one. The letter case of the path does not matter. */
export async function receive(request: Request): Promise<ServiceRequest | undefined> {
  const [, path, segment] = url.exec(request.url) ?? [];
  if (path === undefined || segment === undefined) return undefined;
  const { headers, method } = request;
  const body = method === 'PUT' ? await readBody(request) : '';
  return {
    method,
    path,
    customerId: decoded(segment),
    authorization: headers.get('Authorization'),
    ifMatch: headers.get(headerNames.ifMatch),
    requestId: headers.get(headerNames.requestId),
    correlationId: headers.get(headerNames.correlationId),
    mediaType: headers.get('Content-Type')?.split(';', 1)[0]!.trim().toLowerCase(),
    body: body ?? '',
    faults: headers.get(faultHeader),
    tooLarge: body === undefined,
  };
}

/** The text of the body, or undefined when it is over the limit. */
async function readBody(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get('Content-Length')) > bodyLimitBytes) return undefined;
  const bytes = await readBytes(request.body, bodyLimitBytes);
  return bytes && new TextDecoder().decode(bytes);
}

function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
