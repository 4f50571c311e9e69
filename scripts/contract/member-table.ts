import { checked, collisions } from '../../src/client/change.ts';
import { isImpersonal } from '../../src/contract/privacy/member-privacy.ts';
import type { CustomerBillingProfile } from '../../src/contract/profile.ts';
import { type Contract, type Member, settableMembersOf } from './model.ts';

/** Where the decisions on the members stand. */
export const memberTablePath = 'tests/contract/member-table.golden.txt';

export interface MemberRow extends Member {
  /** The other members that are merged together with it. */
  unit: string[];
  isShown: boolean;
  isClearable: boolean;
  /** The row as the golden file has it. */
  row: string;
}

/** How the client and the reports treat each member that a write can set, as they do and not as they say. */
export function memberTable(contract: Contract): MemberRow[] {
  const members = settableMembersOf(contract);
  return members.map((member) => {
    const unit = members.filter((other) => other !== member && areMergedTogether(member.path, other.path)).map(({ path }) => path);
    const [isShown, isClearable] = [isImpersonal(member.name), canBeCleared(member.path)];
    const words = [
      member.isRequired ? 'required' : 'optional',
      isClearable ? 'can be cleared' : 'cannot be cleared',
      isShown ? 'shown in reports' : 'hidden in reports',
    ];
    return { ...member, unit, isShown, isClearable, row: `${member.path}: ${words.join('; ')}` };
  });
}

const profileWith = (...values: [path: string, value: string][]): CustomerBillingProfile => {
  const profile: Record<string, unknown> = { defaultAddress: {} };
  for (const [path, value] of values) {
    const [first, inner] = path.split('.') as [string, string?];
    if (inner === undefined) profile[first] = value;
    else (profile.defaultAddress as Record<string, unknown>)[inner] = value;
  }
  // Only as much of a profile as `collisions` compares.
  return profile as unknown as CustomerBillingProfile;
};

/** The table as the golden file has it: a row for each member, and a row for the members that are merged as one. */
export function formatMemberTable(contract: Contract): string {
  const rows = memberTable(contract);
  const units = rows.map((row) =>
    rows
      .filter((other) => other === row || row.unit.includes(other.path))
      .map(({ path }) => path)
      .join(', '),
  );
  return [...rows.map(({ row }) => row), '', ...[...new Set(units)].map((unit) => `merged as one: ${unit}`), ''].join('\n');
}

/** Whether a change of one member collides with another writer's change of the other. */
function areMergedTogether(one: string, other: string): boolean {
  const base = profileWith([one, 'before'], [other, 'before']);
  const theirs = profileWith([one, 'before'], [other, 'theirs']);
  return collisions(base, new Map([[one, 'mine']]), theirs).includes(other);
}

function canBeCleared(path: string): boolean {
  try {
    checked(new Map([[path, null]]), new Map([[path, 'before']]));
    return true;
  } catch {
    return false;
  }
}
