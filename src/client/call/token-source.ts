import { checkToken } from '../../contract/headers.ts';
import { MisuseError } from '../../contract/misuse.ts';

/** Anything that gives tokens for scopes, such as a credential of `@azure/identity`. */
export interface TokenCredential {
  getToken(scopes: string | string[]): Promise<{ token: string } | null>;
}

/** The access token without `Bearer `, or where it comes from. */
export type TokenOption = string | (() => string | Promise<string>) | TokenCredential;

/** Where the calls of a client get their token. */
export interface TokenSource {
  /** The token for a request; after a refusal another than the one that was refused, or that one where there is no other. */
  get(refused?: string): string | Promise<string>;
  /** Called when a call has ended before its token came: the next call asks anew. */
  forget(): void;
}

/** Makes a source. Calls that ask at the same time share one acquisition. Errors: `TypeError` for what is neither a source nor a token. */
export function createTokenSource(option: TokenOption, scope: string): TokenSource {
  // JavaScript passes null and undefined, too.
  const { getToken } = Object(option) as Partial<TokenCredential>;
  if (typeof option !== 'function' && typeof getToken !== 'function') {
    const token = checked(option, 'The token');
    return { get: () => token, forget: () => {} };
  }
  let last: string | undefined;
  let pending: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    if (typeof option === 'function') return checked(await option(), 'The result of the token function');
    return checked((await (option as TokenCredential).getToken(scope))?.token, 'The token of the credential');
  };
  function acquire(): Promise<string> {
    const asked: Promise<string> = ask()
      .then((token) => (last = token))
      .finally(() => {
        if (pending === asked) pending = undefined;
      });
    return asked;
  }
  return {
    // Of calls that are refused one after the other, the first has renewed it for all.
    get: (refused) => (refused && last !== refused ? last! : (pending ??= acquire())),
    forget: () => (pending = undefined),
  };
}

/** Errors: `TypeError` that says what is wrong with the token, without the token in it. */
function checked(token: unknown, what: string): string {
  if (token == null || token === '') {
    throw new MisuseError(`${what} is ${token === '' ? 'empty' : token}. Sign in first, or set the variable that it is read from.`);
  }
  if (/^bearer\b/i.test(String(token))) throw new MisuseError(`${what} begins with "Bearer". Give the token alone.`);
  return checkToken(token);
}
