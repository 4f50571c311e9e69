import { parseJson } from '../contract/json.ts';

/** The claim `tid` of a JWT; undefined when the token is opaque. It is not verified: the service does that. */
export function tenantOf(token: string): string | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    const claims = parseJson(new TextDecoder().decode(bytes)) as { tid?: unknown } | undefined;
    return typeof claims?.tid === 'string' ? claims.tid : undefined;
  } catch {
    return undefined;
  }
}
