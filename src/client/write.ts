import { toWire } from '../contract/casing.ts';
import { toIfMatch } from '../contract/etag.ts';
import type { WritableProfile } from '../contract/profile.ts';
import type { Put } from './call/attempt.ts';
import type { Call } from './call/call.ts';
import { applyEdits, type Change, collisions, editsOf, missingFrom, writableMembersOf } from './change.ts';
import { ConflictError, type StaleEtagError } from './errors.ts';
import type { ProfileResult } from './profile-call.ts';

/** Writes the whole profile. After a lost answer it looks whether it was stored; it never merges. */
export async function update(call: Call, profile: WritableProfile): Promise<ProfileResult> {
  const etag = profile?.attributes?.etag;
  if (!etag) throw new TypeError('The profile carries no attributes.etag. Update a profile that get() returned.');
  const written = await call.send(putOf(profile, etag));
  if ('response' in written) return written;
  if (call.facts.outcome !== 'unknown') throw written;
  const there = await call.send();
  const members = missingFrom(there.profile, writableMembersOf(profile));
  if (members.length === 0) return { ...there, result: 'reconciled' };
  throw conflict(call, written, { members, base: undefined, mine: profile, theirs: there.profile });
}

/** Reads, changes and writes, again over what somebody else wrote in between where that can be done. */
export async function edit(call: Call, change: Change): Promise<ProfileResult> {
  let current = await call.send();
  const base = current.profile;
  let edits = await editsOf(change, base);
  for (let round = 1; edits.size > 0; round += 1) {
    const mine = applyEdits(current.profile, edits);
    const written = await call.send(putOf(mine, mine.attributes.etag));
    if ('response' in written) return written;
    const mayBeStored = call.facts.outcome === 'unknown';
    if (!mayBeStored && round >= call.options.maxAttempts) throw written;
    current = await call.send();
    const theirs = current.profile;
    const missing = missingFrom(theirs, edits);
    if (mayBeStored) {
      if (missing.length === 0) return { ...current, result: 'reconciled' };
      throw conflict(call, written, { members: missing, base, mine, theirs });
    }
    if (typeof change === 'function') edits = await editsOf(change, theirs);
    else {
      const members = call.options.onConflict === 'rerun' ? [] : collisions(base, edits, theirs);
      if (members.length > 0) throw conflict(call, written, { members, base, mine: applyEdits(base, edits), theirs });
      if (missing.length === 0) break;
    }
  }
  return { ...current, result: 'unchanged' };
}

/** Errors: `TypeError` for what cannot be sent, such as a BigInt, before `fetch` would fail as if the network had. */
function putOf(profile: WritableProfile, etag: string): Put {
  const body = toWire(profile);
  JSON.stringify(body);
  return { body, ifMatch: toIfMatch(etag) };
}

function conflict({ facts }: Call, written: StaleEtagError, versions: Pick<ConflictError, 'members' | 'base' | 'mine' | 'theirs'>) {
  const { method, requestId, status, code, description, data } = written;
  const what =
    facts.outcome === 'unknown'
      ? 'lost its answer, and the profile is not as it was to be written: it was never stored, or somebody has changed it since'
      : 'was refused, because somebody else has changed the same place since it was read';
  const words = `${what} (${versions.members.join(', ')}). Compare mine and theirs, then decide`;
  // The ids of the write, not those of the read that followed it.
  return new ConflictError({ ...facts, method, requestId }, words, { status, code, description, data, ...versions });
}
