import { MisuseError } from './misuse.ts';

// RFC 9110, section 8.8.3, but for the space, which real services put into ETags and which does no harm between quotes.
const opaque = /^[\x20\x21\x23-\x7e\x80-\xff]+$/;
const entityTag = /^(?:W\/)?"[\x20\x21\x23-\x7e\x80-\xff]*"$/;

/**
 * Writes an ETag, as read from `attributes.etag`, the way If-Match wants it.
 *
 * Shape: a bare value is put in double quotes; `"…"` and `W/"…"` stay as they are. A bare `*` becomes `"*"`, never the wildcard.
 * Errors: `TypeError` when the value is empty or cannot stand in a header.
 * Source: SOURCES.md#if-match
 */
export function toIfMatch(etag: string): string {
  if (entityTag.test(etag)) return etag;
  if (opaque.test(etag)) return `"${etag}"`;
  throw new MisuseError(
    etag === ''
      ? 'The ETag is empty. Read the profile again.'
      : 'The ETag has a character that cannot stand in a header. Read the profile again.',
  );
}
