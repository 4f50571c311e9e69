import type { CustomerBillingProfile } from '../contract/profile.ts';
import { type Edits, isSame, missingFrom, valueAt } from './change.ts';

/** What a response to a write is compared with. */
export interface Asked {
  /** The customer whose profile it has to be. */
  customerId: string;
  /** The id that was read. */
  id: unknown;
  /** The ETag that was sent. */
  etag: string;
  /** The members that were to get another value. */
  edits: Edits;
  /** The profile before the write; undefined where only what was to be written is known. */
  before: object | undefined;
}

/** Whether the link of a profile names another customer. One without a link names none. */
export function isOfAnother(profile: object, customerId: string): boolean {
  const { links } = profile as { links?: { self?: { uri?: unknown } | null } | null };
  const [, named = customerId] = /\/customers\/([^/?#]+)/i.exec(String(links?.self?.uri)) ?? [];
  return named.toLowerCase() !== customerId.toLowerCase();
}

/**
 * Compares the profile of a success with what was asked.
 *
 * Shape: a text says how the response contradicts the write: another id or customer, or a member with its old value. Otherwise the members
 * that came back other than asked, such as trimmed or in other letter case: the service may do that.
 */
export function misfits(profile: CustomerBillingProfile, asked: Asked): string | string[] {
  const { customerId, id, etag, edits, before } = asked;
  if (isOfAnother(profile, customerId)) return 'it is that of another customer';
  if (id != null && normal(id) !== normal(profile.id)) return 'its id is another one';
  const normalised = missingFrom(profile, edits);
  const unchanged = normalised.filter((path) => {
    const value = valueAt(profile, path);
    if (normal(value) === normal(edits.get(path))) return false;
    // Where the old values are not known, the same ETag says that nothing was stored.
    return before ? isSame(value, valueAt(before, path), path) : profile.attributes.etag === etag;
  });
  return unchanged.length > 0 ? `${unchanged.join(', ')} did not get the value` : normalised;
}

/** A value as it is compared when letter case and spacing do not count. */
const normal = (value: unknown): string => (JSON.stringify(value) ?? '').toLowerCase().replaceAll(/\s+/g, '');
