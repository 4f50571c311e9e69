/**
 * Makes sure that a token can stand in a header. `fetch` would repeat one that cannot in the message of its error.
 *
 * Errors: `TypeError`, without the token in it.
 */
export function checkToken(token: unknown): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new TypeError('The token is empty or has a character that cannot stand in a header.');
}
