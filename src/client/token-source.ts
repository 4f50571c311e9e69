import { checkToken } from '../contract/token.ts';

/** Anything that gives tokens for scopes, such as a credential of `@azure/identity`. */
export interface TokenCredential {
  getToken(scopes: string | string[]): Promise<{ token: string } | null>;
}

/** The access token without `Bearer `, or where it comes from. */
export type TokenOption = string | (() => string | Promise<string>) | TokenCredential;

/** Gives the token for the next request; the same one as before, where there is no other. */
export type TokenSource = () => string | Promise<string>;

/** Makes a source. Calls that ask at the same time share one acquisition. Errors: `TypeError` for a string that no header can carry. */
export function createTokenSource(option: TokenOption, scope: string): TokenSource {
  if (typeof option === 'string') {
    checkToken(option);
    return () => option;
  }
  const acquire = async (): Promise<string> =>
    checkToken(typeof option === 'function' ? await option() : (await option.getToken(scope))?.token);
  let pending: Promise<string> | undefined;
  return () => (pending ??= acquire().finally(() => (pending = undefined)));
}
