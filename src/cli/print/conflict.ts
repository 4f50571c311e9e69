import type { ConflictError } from '../../client/errors.ts';
import { isJsonObject } from '../../contract/json.ts';
import { printable } from '../../contract/printable.ts';

/** Each member of a conflict as it was read, as it was to be written, and as it is now. */
export function formatVersions({ members, base, mine, theirs }: ConflictError): string {
  const shown = (profile: unknown, member: string): string => {
    const value = member.split('.').reduce<unknown>((inner, name) => (isJsonObject(inner) ? inner[name] : undefined), profile);
    return value == null ? 'absent' : printable(JSON.stringify(value));
  };
  return members
    .map(
      (member) =>
        `  ${member}\n    was    ${shown(base, member)}\n    mine   ${shown(mine, member)}\n    theirs ${shown(theirs, member)}\n`,
    )
    .join('');
}
