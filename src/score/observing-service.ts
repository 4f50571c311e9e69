import { headerNames } from '../contract/headers.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import { ConnectionLost, type Outcome, type Service } from '../mock/delivery.ts';
import type { ServiceRequest } from '../mock/request.ts';
import type { ObservedRequest } from './scenario-run.ts';

/** A client that sends without end must not fill the memory. */
const observedLimit = 1000;

/** What is needed to observe a service. */
export interface Observation {
  /** Takes each request, and later what became of it. */
  into: ObservedRequest[];
  /** Milliseconds since 1970. */
  now: () => number;
  /** The ETag of what is stored; constant where nothing is. */
  version: () => string;
  respond: (request: ServiceRequest) => Promise<Outcome>;
}

/** A service that writes down every request and what becomes of it. */
export function observingService({ into, now, version, respond }: Observation): Service {
  return {
    async handle(request) {
      const bytes = await request.readBody();
      const observed = observedFrom(request, bytes, now());
      if (into.length < observedLimit) into.push(observed);
      const { method, url, headers, signal } = request;
      const before = version();
      try {
        const outcome = await respond({ method, url, headers, signal, readBody: async () => bytes });
        noteResponse(observed, outcome);
        return outcome;
      } finally {
        observed.isStored = version() !== before && method === 'PUT';
        observed.respondedAtMs = now();
      }
    },
  };
}

function observedFrom({ method, url, headers }: ServiceRequest, bytes: Uint8Array | undefined, nowMs: number): ObservedRequest {
  const header = (name: string): string | undefined => headers[name.toLowerCase()];
  const text = bytes === undefined ? '' : new TextDecoder().decode(bytes);
  return {
    atMs: nowMs,
    respondedAtMs: nowMs,
    method,
    url,
    headers,
    authorization: header('Authorization'),
    ifMatch: header(headerNames.ifMatch),
    requestId: header(headerNames.requestId),
    correlationId: header(headerNames.correlationId),
    text,
    body: parseJson(text),
    isResponded: false,
    etag: undefined,
    isStored: false,
  };
}

function noteResponse(observed: ObservedRequest, outcome: Outcome): void {
  if (outcome instanceof ConnectionLost || !('status' in outcome)) return;
  const { status, headers, body } = outcome;
  observed.isResponded = true;
  observed.status = status;
  observed.responseHeaders = headers;
  observed.response = body === null ? undefined : parseJson(new TextDecoder().decode(body));
  const attributes = isJsonObject(observed.response) ? observed.response.attributes : undefined;
  if (isJsonObject(attributes) && typeof attributes.etag === 'string') observed.etag = attributes.etag;
}
