/** What an error body says, whatever its shape. Members that it does not carry are undefined. */
export interface ErrorFacts {
  code: number | string | undefined;
  description: string | undefined;
  data: readonly unknown[];
}

/**
 * Reads the body of a refusal: the API's error response, or the gateway's throttling response.
 *
 * Shape: takes parsed JSON or anything else; a body of neither shape gives no facts.
 * Source: SOURCES.md#error-response, SOURCES.md#throttling
 */
export function readErrorBody(body: unknown): ErrorFacts {
  const { code, description, message, data } = Object(body) as Record<string, unknown>;
  return {
    code: typeof code === 'number' ? code : textOf(code),
    description: textOf(description ?? message),
    data: Array.isArray(data) ? data : [],
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Whether a refusal says that the ETag is stale. Source: SOURCES.md#stale-etag */
export function isStaleRefusal(status: number | undefined, code: number | string | undefined): boolean {
  return status === 412 || (status === 400 && String(code) === '2055');
}
