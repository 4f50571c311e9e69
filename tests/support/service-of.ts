import type { Service } from '../../src/mock/delivery.ts';

/** What a shell serves, made of a function from request to response. */
export const serviceOf = (respond: (request: Request) => Response | Promise<Response>): Service => ({
  async handle(request) {
    const { method, url, headers, signal } = request;
    const bytes = method === 'GET' || method === 'HEAD' ? undefined : await request.readBody();
    const body = bytes === undefined ? {} : { body: new Uint8Array(bytes) };
    const response = await respond(new Request(url, { method, headers, signal, ...body }));
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  },
});
