import { isStaleRefusal, readErrorBody } from '../../contract/error-body.ts';
import { Failure } from './check-errors.ts';
import type { ProbeResponse } from './exchange.ts';

/** Errors: `Failure`, with the difference, when the status is not one of these. */
export function expectStatus(response: ProbeResponse, statuses: readonly number[], what: string, expected: string): void {
  if (statuses.includes(response.status)) return;
  const actual = describe(response);
  throw new Failure(`${what} got ${actual}; expected ${expected}.`, { expected, actual });
}

/** What the documents say of a stale ETag; other statuses that mean the same pass too. */
const staleExpected = '412, or 400 with code 2055';

/** Errors: `Failure` unless the status says that a precondition was not met; which of them is for the service to choose. */
export function expectStale(response: ProbeResponse, what: string, expected = staleExpected): void {
  expectStatus(response, [400, 409, 412, 417, 428], what, expected);
}

/** Whether the service refused for an ETag, rather than for what was sent. */
export function isStale(response: ProbeResponse): boolean {
  return isStaleRefusal(response.status, readErrorBody(response.json).code);
}

/** A response in a few words, with the service's own code and nothing from the body beside it. */
export function describe(response: ProbeResponse): string {
  const { code } = readErrorBody(response.json);
  if (response.status >= 300 && response.status < 400) return `${response.status}, a redirect, which is not followed`;
  return code === undefined ? String(response.status) : `${response.status} with code ${code}`;
}

/** What is wrong with an ETag that fits no If-Match header. */
export const unquotable: Failure['difference'] = {
  expected: '"etag": characters that fit between the quotes of If-Match',
  actual: '"etag": with a quote, a line end or a character beyond Latin-1',
};
