import type { CustomerBillingProfile } from '../contract/profile.ts';
import { type Edits, missingFrom, valueAt } from './change.ts';

/** What a response to a write is compared with. */
export interface Asked {
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

/** Whether a profile is not that of the customer, by its link, or has not the id that was read. */
export function isOther(profile: CustomerBillingProfile, customerId: string, id: unknown): boolean {
  return isOfAnother(profile, customerId) || (id != null && normal(id) !== normal(profile.id));
}

/**
 * Compares the profile of a success with what was asked.
 *
 * Shape: a text says how the response contradicts the write: members with their old values, or none with its new one. Where the old values
 * are not known, the same ETag says that nothing was stored. Otherwise the members that came back in another form, by path: the service may
 * change letter case, spacing and more.
 */
export function misfits(profile: CustomerBillingProfile, { etag, edits, before }: Asked): string | string[] {
  const normalised = missingFrom(profile, edits);
  const others = normalised.filter((path) => !isForm(valueAt(profile, path), edits.get(path)));
  const isWhole = others.length === edits.size;
  const refused = before
    ? others.filter((path) => isWhole || normal(valueAt(profile, path)) === normal(valueAt(before, path)))
    : others.filter(() => profile.attributes.etag === etag);
  return refused.length > 0 ? `${refused.join(', ')} did not get the value` : normalised;
}

/** Whether a value is what was asked in another form: letter case, spacing and punctuation, or more at an end. */
function isForm(value: unknown, asked: unknown): boolean {
  const [is, wanted] = [normal(value), normal(asked)];
  return is === wanted || (is !== '' && wanted !== '' && (is.startsWith(wanted) || wanted.startsWith(is)));
}

/** A value as it is compared when letter case, spacing and punctuation do not count. */
const normal = (value: unknown): string =>
  (JSON.stringify(value ?? '') ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
