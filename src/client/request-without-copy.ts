/**
 * Options of openapi-fetch that hand the address and the options of a request to the global `fetch`, not a `Request` made of them.
 *
 * `fetch` makes a `Request` of whatever it is given, even of a `Request`. One that is made before costs as much again, because each has an
 * abort signal of its own that follows another: docs/decisions/014-why-two-clients-of-openapi-fetch.md has the figures. Middleware needs
 * a `Request`, and so does a caller's own `fetch`: these options are for the instance that has neither.
 */
export const requestWithoutCopy = {
  // openapi-fetch constructs it, and hands what it gets to `fetch`.
  Request: function (url: string, init: RequestInit) {
    return { ...init, url };
  } as unknown as typeof Request,
  // Looked up late: an interceptor such as MSW may replace the global fetch after the client was made.
  fetch: (request: Request): Promise<Response> => globalThis.fetch(request.url, request),
};
