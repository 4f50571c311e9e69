/**
 * Makes sure that a token, or what `name` says, can stand in a header. `fetch` would repeat one that cannot in the message of its error.
 *
 * Errors: `TypeError`, without the value in it.
 */
export function checkToken(token: unknown, name = 'token'): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new TypeError(`The ${name} is empty or has a character that cannot stand in a header.`);
}
