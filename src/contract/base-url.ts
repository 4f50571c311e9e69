/** Whether the host is this machine: `localhost`, a name under it, 127.0.0.0/8 or ::1. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127(?:\.\d+){3}$/.test(hostname) || hostname === '[::1]';
}

/**
 * Checks the address of a service and brings it into one form.
 *
 * Shape: origin and path without a trailing slash or `/v1`, because the contract's path begins with `/v1`. Both spellings go around.
 * Errors: `TypeError` for anything but https, or http to this machine: a token never travels in clear text. The text is not
 * repeated in the message, because credentials may stand in it.
 */
export function parseBaseUrl(text: string): string {
  const problem = baseUrlProblem(text);
  if (problem !== undefined)
    throw new TypeError(`The base URL ${problem}. Expected something like https://api.partnercenter.microsoft.com.`);
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/+$/, '').replace(/\/v1$/i, '').replace(/\/+$/, '');
}

function baseUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'is not an http or https URL';
  if (url.username !== '' || url.password !== '') return 'carries credentials';
  if (url.search !== '' || url.hash !== '') return 'has a query or a fragment';
  if (url.protocol === 'http:' && !isLoopback(text)) return 'is http, so the token would travel in clear text; use https';
  return undefined;
}
