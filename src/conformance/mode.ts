import type { Mode } from '../suite/requirement.ts';
import type { ResolvedTarget } from './target.ts';

const modes: readonly Mode[] = ['read', 'write', 'race'];

/** Whether a run in one mode may do what another mode does. */
export function includesMode(mode: Mode, needed: Mode): boolean {
  return modes.indexOf(needed) <= modes.indexOf(mode);
}

/** The mode of a run against a server: what was asked, else `race` on this machine and `read` elsewhere. */
export function modeFor({ isThisMachine }: Pick<ResolvedTarget, 'isThisMachine'>, asked?: Mode): Mode {
  return asked ?? (isThisMachine ? 'race' : 'read');
}
