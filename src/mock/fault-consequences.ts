/**
 * What the conformance suite cannot test once a promise is broken, in groups that several faults share. Each group holds the ones
 * before it, because the promises stand on one another. They are names, not imports: the mock must not read the requirements.
 */

/** Without a stale write that is refused. */
export const afterStaleWrite = [
  'etag.refuses-altered-etag',
  'etag.refuses-older-write',
  'etag.refuses-made-up-etag',
  'etag.stays-after-refusal',
  'refusal.changes-nothing',
  'race.lets-one-writer-win',
  'race.lets-one-of-many-win',
  'behaviour.shows-precondition',
  'behaviour.shows-disagreement',
  'behaviour.shows-wildcard',
  'behaviour.shows-weak-tag',
  'behaviour.shows-bare-tag',
  'behaviour.shows-tag-list',
  'behaviour.shows-empty-if-match',
  'behaviour.shows-omitted-member',
  'behaviour.shows-null-member',
  'behaviour.shows-missing-members',
  'behaviour.shows-unknown-member',
  'behaviour.shows-identity-change',
  'behaviour.shows-country-change',
  'behaviour.shows-culture-change',
  'behaviour.shows-request-id-replay',
  'behaviour.shows-address-checks',
] as const;

/** Without an ETag that changes on a write. */
export const afterEtagChange = ['etag.answers-stored-etag', 'etag.refuses-stale-write', ...afterStaleWrite] as const;

/** Without a write that stores what it answers. */
export const afterStoring = [
  'etag.changes-on-write',
  'write.shows-in-next-read',
  'write.keeps-unchanged-members',
  'write.keeps-identity',
  'write.keeps-unicode',
  'write.keeps-long-values',
  'write.stores-first-name',
  'write.stores-last-name',
  'write.stores-email',
  'write.stores-company-name',
  'write.stores-region',
  'write.stores-city',
  'write.stores-state',
  'write.stores-first-address-line',
  'write.stores-second-address-line',
  'write.stores-postal-code',
  'write.stores-address-first-name',
  'write.stores-address-middle-name',
  'write.stores-address-last-name',
  'write.stores-phone-number',
  ...afterEtagChange,
] as const;

/** Without a PUT that is answered 200. */
export const afterWrite = [
  'casing.answers-camel-case-after-write',
  'etag.refuses-missing-etag',
  'write.takes-camel-case',
  'write.stores-what-it-answered',
  'write.refuses-missing-email',
  'write.leaves-other-customer-alone',
  'refusal.refuses-malformed-json',
  'refusal.refuses-wrong-type',
  'refusal.refuses-text-plain',
  'refusal.refuses-unsupported-method',
  'auth.refuses-anonymous-write',
  'auth.refuses-write-with-wrong-token',
  'customer.refuses-write-to-unknown-customer',
  'trace.echoes-ids-on-write',
  ...afterStoring,
] as const;

/** Without a profile of which a good PUT can be made. */
export const afterWritableProfile = ['write.takes-pascal-case', ...afterWrite] as const;

/** Without a profile that fits the contract. */
export const afterFittingProfile = [
  'read.names-object-type',
  'read.keeps-id',
  'read.links-to-this-customer',
  ...afterWritableProfile,
] as const;

/** Without an ETag. */
export const afterEtag = ['read.fits-contract', 'etag.fits-if-match', 'etag.stays-between-reads', ...afterFittingProfile] as const;

/** Without a profile. */
export const afterProfile = [
  'read.answers-json-media-type',
  'read.answers-no-nulls',
  'casing.answers-camel-case',
  'etag.carries-etag',
  'trace.echoes-ids-on-success',
  'trace.makes-missing-ids',
  'trace.keeps-ids-apart',
  ...afterEtag,
] as const;
