import { isLoopback, parseBaseUrl } from '../contract/base-url.ts';
import type { Mode } from './types.ts';

const modes: readonly Mode[] = ['read', 'write', 'race'];

/** Whether a run in one mode may do what another mode does. */
export function includesMode(mode: Mode, needed: Mode): boolean {
  return modes.indexOf(needed) <= modes.indexOf(mode);
}

/**
 * The mode of a run against a server: what was asked, else `race` on this machine and `read` elsewhere.
 *
 * Errors: `TypeError` for more than `read` off this machine: a run cannot restore yet what it changed.
 */
export function modeFor(baseUrl: string, asked?: Mode): Mode {
  const local = isLoopback(parseBaseUrl(baseUrl));
  if (!local && asked !== undefined && asked !== 'read') {
    throw new TypeError(
      `Mode ${asked} is only for servers on this machine until a run can restore what it changed. Use mode read, the default.`,
    );
  }
  return asked ?? (local ? 'race' : 'read');
}
