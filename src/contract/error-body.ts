/** What an error body says, whatever its shape. Members that it does not carry are absent. */
export interface ErrorFacts {
  code?: number | string;
  description?: string;
  data: readonly unknown[];
  source?: string;
}

/**
 * Reads the body of a refusal: the API's error response, or the gateway's throttling response.
 *
 * Shape: takes parsed JSON or anything else; a body of neither shape gives no facts.
 * Source: SOURCES.md#error-response, SOURCES.md#throttling
 */
export function readErrorBody(body: unknown): ErrorFacts {
  if (body === null || typeof body !== 'object') return { data: [] };
  const { code, description, message, data, source } = body as Record<string, unknown>;
  const words = description ?? message;
  return {
    ...(typeof code === 'number' || typeof code === 'string' ? { code } : {}),
    ...(typeof words === 'string' ? { description: words } : {}),
    data: Array.isArray(data) ? data : [],
    ...(typeof source === 'string' ? { source } : {}),
  };
}

/** Whether a refusal says that the ETag is stale. Source: SOURCES.md#stale-etag */
export function isStaleRefusal(status: number, code: number | string | undefined): boolean {
  return status === 412 || (status === 400 && String(code) === '2055');
}
