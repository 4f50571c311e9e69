import type { ServiceBehaviour } from '../contract/behaviour.ts';

/** Whether a PUT may go ahead: `met`, the ETag is not the current one, or there is none. */
export type PreconditionVerdict = 'met' | 'stale' | 'missing';

/**
 * Judges the ETags of a PUT against the current one.
 *
 * Shape: `ifMatch` is the header as it came, `bodyEtag` is `attributes.etag` of the body; blank counts as absent.
 * Source: RFC 9110, section 13.1.1; SOURCES.md#open-questions for what it leaves open.
 */
export function judgePrecondition(
  behaviour: ServiceBehaviour,
  ifMatch: string | undefined,
  bodyEtag: string | undefined,
  current: string,
): PreconditionVerdict {
  const header = ifMatch === undefined || ifMatch.trim() === '' ? undefined : readIfMatch(behaviour, ifMatch);
  const metIf = (met: boolean): PreconditionVerdict => (met ? 'met' : 'stale');

  if (header !== undefined && bodyEtag) {
    if (behaviour.disagreement === 'body-wins') return metIf(bodyEtag === current);
    if (behaviour.disagreement === 'refused' && !header(bodyEtag)) return 'stale';
  }
  if (header !== undefined) return metIf(header(current));
  if (bodyEtag && behaviour.precondition !== 'header') return metIf(bodyEtag === current);
  return behaviour.precondition === 'optional' ? 'met' : 'missing';
}

const element = /\s*(?:(?<weak>W\/)?"(?<quoted>[^"]*)"|(?<bare>[^",\s]+))\s*(?:,|$)/y;

/** A predicate that says of an ETag whether the header lists it. What the service does not accept, or cannot read, lists nothing. */
function readIfMatch(behaviour: ServiceBehaviour, ifMatch: string): (etag: string) => boolean {
  const text = ifMatch.trim();
  if (text === '*') return () => behaviour.wildcard === 'accepted';

  const listed: string[] = [];
  let count = 0;
  element.lastIndex = 0;
  while (element.lastIndex < text.length) {
    const { weak, quoted, bare } = element.exec(text)?.groups ?? {};
    const value = quoted ?? bare;
    if (value === undefined) return () => false;
    count += 1;
    const readable = (weak === undefined || behaviour.weakTag === 'accepted') && (bare === undefined || behaviour.bareTag === 'accepted');
    if (readable) listed.push(value);
  }
  if (count > 1 && behaviour.tagList === 'refused') return () => false;
  return (etag) => listed.includes(etag);
}
