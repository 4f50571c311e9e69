import { isJsonObject } from './json.ts';

/** What an error body says, whatever its shape. Members that it does not carry are undefined. */
export interface ErrorFacts {
  code: number | string | undefined;
  description: string | undefined;
  data: readonly unknown[];
}

/**
 * Reads the body of a refusal: the API's error response, or the gateway's throttling response.
 *
 * Shape: takes parsed JSON or anything else. Names are read in any letter case, and one object deep when the outer one names neither a
 * code nor a description: gateways and proxies write `{"error":{…}}`. A body of another shape gives no facts.
 * Source: SOURCES.md#error-response, SOURCES.md#throttling
 */
export function readErrorBody(body: unknown): ErrorFacts {
  const outer = factsOf(body);
  if (outer.code !== undefined || outer.description !== undefined || !isJsonObject(body)) return outer;
  const inner = Object.values(body)
    .map(factsOf)
    .find(({ code, description }) => code !== undefined || description !== undefined);
  return inner ?? outer;
}

function factsOf(body: unknown): ErrorFacts {
  const members = isJsonObject(body) ? Object.entries(body).map(([name, value]) => [name.toLowerCase(), value] as const) : [];
  const { code, description, message, data } = Object.fromEntries(members) as Record<string, unknown>;
  return {
    code: typeof code === 'number' ? code : textOf(code),
    description: textOf(description) ?? textOf(message),
    data: Array.isArray(data) ? data : [],
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Whether a refusal says that the ETag is stale. Source: SOURCES.md#stale-etag */
export function isStaleRefusal(status: number | undefined, code: number | string | undefined): boolean {
  return status === 412 || (status === 400 && String(code) === '2055');
}

/**
 * Whether a body is the throttling response of the gateway: a request that it refuses never reaches the API.
 *
 * Source: SOURCES.md#throttling
 */
export function isThrottlingResponse(body: unknown): boolean {
  return isJsonObject(body) && body.statusCode === 429 && typeof body.message === 'string';
}
