import { isLoopback, parseBaseUrl } from '../contract/base-url.ts';
import type { Mode } from './types.ts';

const modes: readonly Mode[] = ['read', 'write', 'race'];

/** Whether a run in one mode may do what another mode does. */
export function includesMode(mode: Mode, needed: Mode): boolean {
  return modes.indexOf(needed) <= modes.indexOf(mode);
}

/** The mode of a run against a server: what was asked, else `race` on this machine and `read` elsewhere. */
export function modeFor(baseUrl: string, asked?: Mode): Mode {
  return asked ?? (isLoopback(parseBaseUrl(baseUrl)) ? 'race' : 'read');
}
