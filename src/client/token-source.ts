import { checkToken } from '../contract/token.ts';

/** Anything that gives tokens for scopes, such as a credential of `@azure/identity`. */
export interface TokenCredential {
  getToken(scopes: string | string[]): Promise<{ token: string } | null>;
}

/** The access token without `Bearer `, or where it comes from. */
export type TokenOption = string | (() => string | Promise<string>) | TokenCredential;

/** Gives the token for a request, and another one when the service has refused it. */
export interface TokenSource {
  get(): Promise<string>;
  /** Another token than the one that was refused; undefined when there is none. */
  renew(refused: string): Promise<string | undefined>;
}

/** Makes a source. Calls that ask at the same time share one acquisition. */
export function createTokenSource(option: TokenOption, scope: string): TokenSource {
  if (typeof option === 'string') {
    return { get: async () => checkToken(option), renew: () => Promise.resolve(undefined) };
  }
  const acquire = async (): Promise<string> => {
    if (typeof option === 'function') return checkToken(await option());
    const got = await option.getToken(scope);
    if (got === null) throw new TypeError('The credential gave no token.');
    return checkToken(got.token);
  };
  let pending: Promise<string> | undefined;
  const get = (): Promise<string> => {
    pending ??= acquire().finally(() => (pending = undefined));
    return pending;
  };
  return {
    get,
    async renew(refused) {
      const token = await get();
      return token === refused ? undefined : token;
    },
  };
}
