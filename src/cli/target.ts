import { readFile } from 'node:fs/promises';
import { isLoopback, parseBaseUrl } from '../contract/base-url.ts';
import { checkToken } from '../contract/token.ts';
import { defaultToken } from '../mock/service.ts';
import { type Io, UsageError } from './io.ts';

/**
 * The token for a service: from the file, else from PARTNER_CENTER_TOKEN, else, on this machine, the mock's own.
 *
 * Errors: `UsageError` when there is none. A token is never an argument: other users of the machine can read those.
 */
export async function tokenFor(baseUrl: string, tokenFile: string | undefined, io: Io): Promise<string> {
  if (tokenFile !== undefined) {
    const text = await readFile(tokenFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`The token file cannot be read: ${error.code ?? error.message}.`);
    });
    return checkToken(text.trim());
  }
  const token = io.env.PARTNER_CENTER_TOKEN?.trim();
  if (token) return checkToken(token);
  if (isLoopback(parseBaseUrl(baseUrl))) return defaultToken;
  throw new UsageError('There is no token. Set PARTNER_CENTER_TOKEN, or give --token-file FILE.');
}
