/** One request as it went out. */
export interface ObservedRequest {
  method: string;
  url: string;
  headers: Headers;
  body: string;
}

/** A `fetch` that answers what the test says and keeps what it was asked: the seam of a client, without global interception. */
export function observedFetch(answer: (request: ObservedRequest) => Response | Promise<Response>): {
  fetch: (request: Request) => Promise<Response>;
  requests: ObservedRequest[];
} {
  const requests: ObservedRequest[] = [];
  return {
    requests,
    async fetch(request) {
      const observed = { method: request.method, url: request.url, headers: request.headers, body: await request.text() };
      requests.push(observed);
      return answer(observed);
    },
  };
}

export function jsonResponse(body: unknown, init: ResponseInit = {}): Response {
  return new Response(JSON.stringify(body), { ...init, headers: { 'Content-Type': 'application/json; charset=utf-8', ...init.headers } });
}
