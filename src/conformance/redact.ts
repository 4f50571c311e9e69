import { validateErrorResponse, validateThrottlingResponse } from '../contract/validate.ts';

/** Headers whose values may be shown; those of others are left out. */
const shownHeaders = [
  'accept',
  'allow',
  'content-length',
  'content-type',
  'etag',
  'if-match',
  'ms-correlationid',
  'ms-cv',
  'ms-requestid',
  'ms-serverid',
  'retry-after',
  'www-authenticate',
];

/** Members whose values say nothing about a person. */
const shownMembers = ['attributes', 'country', 'culture', 'etag', 'headers', 'language', 'links', 'method', 'objecttype', 'self', 'uri'];

/** Redaction at the time of recording, so that no report can leak what it never had. */
export interface Redaction {
  /** Values that must not be shown anywhere, such as the token. */
  secrets: readonly string[];
  /** Values that the suite made up itself. */
  invented: ReadonlySet<string>;
}

const withoutSecrets = (text: string, { secrets }: Redaction): string =>
  secrets.reduce((scrubbed, secret) => (secret === '' ? scrubbed : scrubbed.replaceAll(secret, '<redacted>')), text);

export function redactHeaders(headers: Headers, redaction: Redaction): Record<string, string> {
  const shown = [...headers]
    .filter(([name]) => shownHeaders.includes(name))
    .map(([name, value]) => [name, withoutSecrets(value, redaction)]);
  const authorization = headers.get('Authorization');
  if (authorization !== null) shown.push(['authorization', 'Bearer <redacted>']);
  return Object.fromEntries(shown);
}

/** A body as a report may show it: an error response in full, of anything else the names and the kinds of its values. */
export function redactBody(text: string, json: unknown, redaction: Redaction): unknown {
  if (text === '') return undefined;
  if (json === undefined) return `<${text.length} characters that are not JSON>`;
  const isError = validateErrorResponse(json).ok || validateThrottlingResponse(json).ok;
  return isError ? JSON.parse(withoutSecrets(JSON.stringify(json), redaction)) : redactValue(json, '', redaction);
}

function redactValue(value: unknown, member: string, redaction: Redaction): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, member, redaction));
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [withoutSecrets(name, redaction), redactValue(inner, name, redaction)]),
    );
  }
  if (typeof value === 'string' && (redaction.invented.has(value) || shownMembers.includes(member.toLowerCase()))) {
    return withoutSecrets(value, redaction);
  }
  return typeof value === 'string' ? `<string, ${value.length} characters>` : `<${typeof value}>`;
}
