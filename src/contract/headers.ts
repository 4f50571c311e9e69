import { MisuseError } from './misuse.ts';

/** The names of the headers that more than one part of this project sends or reads, as the documents write them. Source: SOURCES.md#headers */
export const headerNames = {
  ifMatch: 'If-Match',
  requestId: 'MS-RequestId',
  correlationId: 'MS-CorrelationId',
  application: 'MS-PartnerCenter-Application',
  retryAfter: 'Retry-After',
} as const;

/**
 * Makes sure that a token, or what `name` says, can stand in a header. `fetch` would repeat one that cannot in the message of its error.
 *
 * Errors: `TypeError`, without the value in it.
 */
export function checkToken(token: unknown, name = 'token'): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new MisuseError(`The ${name} is empty or has a character that cannot stand in a header.`);
}
