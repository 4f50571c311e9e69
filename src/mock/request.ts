import { headerNames } from '../contract/headers.ts';

/** A request as a shell hands it over: the same value, whether it came over HTTP or from `fetch`. */
export interface ServiceRequest {
  method: string;
  /** Absolute, in the form that the URL standard gives it. */
  url: string;
  /** By name in lower case. The values of a repeated header are joined by ", ". */
  headers: Readonly<Record<string, string>>;
  /** Aborted when the client gives up or the server closes. */
  signal: AbortSignal;
  /** Reads the body, once; undefined when it is over {@link bodyLimitBytes}. Errors: when the client hangs up before its end. */
  readBody(): Promise<Uint8Array | undefined>;
}

/** What the service looks at in a request for a billing profile. Header values are as they came; undefined when the header is absent. */
export interface ProfileRequest {
  method: string;
  /** The path as it came, without the query. */
  path: string;
  /** The path segment, decoded. */
  customerId: string;
  authorization: string | undefined;
  ifMatch: string | undefined;
  requestId: string | undefined;
  correlationId: string | undefined;
  /** The Content-Type without its parameters, in lower case. */
  mediaType: string | undefined;
  /** Text of the body; bytes that are not UTF-8 are replaced. Empty unless the method is PUT. */
  body: string;
  /** The faults that the request asks for, as it names them. */
  faults: string | undefined;
  /** The body was over the limit and was not read to its end. */
  isTooLarge: boolean;
}

/** The header by which a request asks for faults. No header of the service's. */
export const faultHeader = 'X-Mock-Fault';

/** Not documented; 1 MiB is a thousand times the documented example. */
export const bodyLimitBytes = 1024 * 1024;

const profileUrl = /^[^:]+:\/\/[^/]+(\/v1\/customers\/([^/?#]+)\/profiles\/billing\/?)(?:[?#]|$)/i;

/** Reads a request for a billing profile; undefined when the path is another one. The letter case of the path does not matter. */
export async function readProfileRequest(request: ServiceRequest): Promise<ProfileRequest | undefined> {
  const { method, url, headers } = request;
  const [, path, segment] = profileUrl.exec(url) ?? [];
  if (path === undefined || segment === undefined) return undefined;
  const header = (name: string): string | undefined => headers[name.toLowerCase()];
  const bytes = method === 'PUT' ? await request.readBody() : undefined;
  return {
    method,
    path,
    customerId: decoded(segment),
    authorization: header('Authorization'),
    ifMatch: header(headerNames.ifMatch),
    requestId: header(headerNames.requestId),
    correlationId: header(headerNames.correlationId),
    mediaType: header('Content-Type')?.split(';', 1)[0]!.trim().toLowerCase(),
    body: bytes ? new TextDecoder().decode(bytes) : '',
    faults: header(faultHeader),
    isTooLarge: method === 'PUT' && bytes === undefined,
  };
}

function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
