import { checkToken } from '../../contract/headers.ts';

/** Anything that gives tokens for scopes, such as a credential of `@azure/identity`. */
export interface TokenCredential {
  getToken(scopes: string | string[]): Promise<{ token: string } | null>;
}

/** The access token without `Bearer `, or where it comes from. */
export type TokenOption = string | (() => string | Promise<string>) | TokenCredential;

/** Gives the token for a request; after a refusal another than the one that was refused, or that one where there is no other. */
export type TokenSource = (refused?: string) => string | Promise<string>;

/** Makes a source. Calls that ask at the same time share one acquisition. Errors: `TypeError` for what is neither a source nor a token. */
export function createTokenSource(option: TokenOption, scope: string): TokenSource {
  // JavaScript hands in what is undefined, too.
  if (typeof option !== 'function' && !(option as Partial<TokenCredential> | undefined)?.getToken) {
    const token = checkToken(option);
    return () => token;
  }
  let last: string | undefined;
  let pending: Promise<string> | undefined;
  const acquire = async (): Promise<string> => {
    return (last = checkToken(typeof option === 'function' ? await option() : (await (option as TokenCredential).getToken(scope))?.token));
  };
  // Of calls that are refused one after the other, the first has renewed it for all.
  return (refused) => (refused && last !== refused ? last! : (pending ??= acquire().finally(() => (pending = undefined))));
}
