import { MisuseError } from './misuse.ts';

/** The address of a service in its one form, and whether it is on this machine. */
export interface BaseUrl {
  url: string;
  isThisMachine: boolean;
}

/**
 * Checks the address of a service, once, and says what has to be known of it.
 *
 * Shape: `url` is origin and path without a trailing slash or `/v1`, because the contract's path begins with `/v1`. Both spellings go around.
 * This machine is `localhost`, a name under it, 127.0.0.0/8 or ::1.
 * Errors: `TypeError` for anything but https, or http to this machine: a token never travels in clear text. The text is not
 * repeated in the message, because credentials may stand in it.
 */
export function resolveBaseUrl(text: string): BaseUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isThisMachine = url !== undefined && isLoopback(url.hostname);
  const problem =
    !url || !/^https?:$/.test(url.protocol)
      ? 'is not an http or https URL; put http:// before a local address'
      : url.username || url.password
        ? 'carries credentials'
        : url.search || url.hash
          ? 'has a query or a fragment'
          : url.protocol === 'http:' && !isThisMachine && 'is http, so the token would travel in clear text; use https';
  if (problem) throw new MisuseError(`The base URL ${problem}. Expected one like https://api.partnercenter.microsoft.com.`);
  return { url: url!.origin + url!.pathname.replace(/\/*(?:\/v1)?\/*$/i, ''), isThisMachine };
}

const isLoopback = (hostname: string): boolean => /^(?:(?:.*\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
