import { type Report, type Requirement, requirements, runConformance, type Target } from '../../src/conformance/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { jsonResponse } from './observed-fetch.ts';
import { targetOf } from './target.ts';

const sleep = (): Promise<void> => Promise.resolve();

/** A target that answers what the test says. */
export const answering = (answer: (request: Request) => Response | Promise<Response>): Target => ({
  ...targetOf(createMockService()),
  fetch: async (request) => answer(request),
});

/** Each check by itself, without the requirements that would have stopped it. */
export const alone = requirements.map((requirement): Requirement => ({ ...requirement, needs: [] }));
const profile = () => structuredClone(createMockService().customers.get('4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04')!);

/** What no client expects. */
export const garbage: [string, () => Response][] = [
  ['HTML', () => new Response('<html></html>', { headers: { 'Content-Type': 'text/html' } })],
  ['HTML that says it is JSON', () => new Response('<html></html>', { headers: { 'Content-Type': 'application/json' } })],
  ['204', () => new Response(null, { status: 204 })],
  ['an empty 200', () => new Response('')],
  ['a redirect', () => new Response(null, { status: 302, headers: { Location: 'https://login.example' } })],
  ['500', () => new Response('oops', { status: 500 })],
  ['404 with the gateway’s body', () => jsonResponse({ statusCode: 404, message: 'Resource not found' }, { status: 404 })],
  ['429', () => jsonResponse({ statusCode: 429, message: 'Slow down' }, { status: 429, headers: { 'Retry-After': '57' } })],
  ['null', () => jsonResponse(null)],
  ['a number', () => jsonResponse(5)],
  ['an array', () => jsonResponse([profile()])],
  ['an empty object', () => jsonResponse({})],
  ['members of the wrong type', () => jsonResponse({ attributes: [], defaultAddress: 'x', links: 3, id: {} })],
  ['an ETag that is a number', () => jsonResponse({ ...profile(), attributes: { etag: 5, objectType: 'x' } })],
  ['an ETag that cannot travel', () => jsonResponse({ ...profile(), attributes: { etag: 'a"\n', objectType: 'x' } })],
  ['an ETag of another alphabet', () => jsonResponse({ ...profile(), attributes: { etag: '漢字', objectType: 'x' } })],
  ['both spellings of a member', () => jsonResponse({ ...profile(), Email: 'x', attributes: { etag: 'a', Etag: 'b' } })],
  ['a good profile, always the same', () => jsonResponse(profile())],
  ['JSON a thousand deep', () => new Response('['.repeat(1000) + ']'.repeat(1000), { headers: { 'Content-Type': 'application/json' } })],
  ['members named __proto__', () => new Response(`{"__proto__":{"a":1},${JSON.stringify(profile()).slice(1)}`, { headers: { 'Content-Type': 'application/json' } })],
  ['invalid UTF-8', () => new Response(new Uint8Array([0xff, 0xfe, 0x7b]), { headers: { 'Content-Type': 'application/json' } })],
  ['five megabytes', () => new Response('x'.repeat(5 * 1024 * 1024))],
]; // prettier-ignore

/** The suite where the first requests of every check are answered honestly, so that the garbage meets its later steps. */
export function runAfterHonestAnswers(honestAnswers: number, garbageAnswer: () => Response): Promise<Report> {
  const mock = createMockService();
  let left = 0;
  const counted = alone.map((requirement): Requirement => ({
    ...requirement,
    check: (probe) => {
      left = honestAnswers;
      return requirement.check(probe);
    },
  }));
  const target = answering((request) => {
    left -= 1;
    return left >= 0 ? mock.fetch(request) : garbageAnswer();
  });
  return runConformance(target, { requirements: counted, sleep });
}
