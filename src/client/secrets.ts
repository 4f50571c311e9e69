import { isJsonObject } from '../contract/json.ts';
import { printable } from '../contract/printable.ts';
import { isContractName, isImpersonal } from '../contract/privacy/member-privacy.ts';

/** Gives a text without the secrets that a service may repeat in it. */
export type Clean = (text: string) => string;

const cut = '…';
// Shorter values are cut out where they are a word of their own. In decoded bytes they would be found by chance.
const anywhereFrom = 4;
// Shorter values are found by chance, too, where spaces, punctuation and letter case do not count.
const foldedFrom = 8;
// With more values than these, nothing is shown: a service must not make a client search for minutes.
const mostSecrets = 200;

/**
 * Makes a function that takes the token, and what is known of the customer, out of texts of the service.
 *
 * Shape: a secret that stands there as it is, in any letter case, is cut out. A text that holds one in another form (base64,
 * percent-encoded, entities, escapes of JSON, one in the other, other spaces or punctuation) is left out whole: where it begins and ends
 * cannot be told. The text is in one line. `profiles` are those that the call has read or sent.
 */
export function createClean(token: string, profiles: readonly unknown[]): Clean {
  const segments = token.split('.').filter((segment) => segment.length >= 16);
  const all = [token, ...segments, ...profiles.flatMap((profile) => textsOf(profile))].filter((secret) => secret !== '');
  // The longest first: one may stand in another.
  const secrets = [...new Set(all)].toSorted((one, other) => other.length - one.length);
  if (secrets.length > mostSecrets) return () => cut;
  // Some scripts have no spaces between words.
  const isWord = (secret: string): boolean => secret.length < foldedFrom && /^[\x20-\x7e]+$/.test(secret);
  const words = patternOf(secrets, (secret) => (isWord(secret) ? `(?<![\\p{L}\\p{N}])${secret}(?![\\p{L}\\p{N}])` : secret));
  const anywhere = patternOf(secrets.filter((secret) => secret.length >= anywhereFrom).flatMap((secret) => [secret, bytesOf(secret)]));
  const folded = secrets.map(fold).filter((secret) => secret.length >= foldedFrom);
  const isFolded = (text: string): boolean => folded.some((secret) => fold(text).includes(secret));
  return (text) => {
    const rest = printable(text.replaceAll(words, cut));
    return isFolded(rest) || formsOf(rest).some((form) => form.search(anywhere) !== -1 || isFolded(form)) ? cut : rest;
  };
}

/** A JSON value with every text in it cleaned, names too. */
export function cleanValue(value: unknown, clean: Clean): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, clean));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [clean(name), cleanValue(member, clean)]));
}

/** The values in a profile that say something of a person or a company. */
function textsOf(value: unknown, member = ''): string[] {
  if (typeof value === 'string') return value.length < 2 || isImpersonal(member) || isContractName(value) ? [] : [value];
  return Object.entries(Object(value)).flatMap(([name, inner]) => textsOf(inner, Array.isArray(value) ? member : name));
}

function patternOf(secrets: readonly string[], toPattern = (secret: string): string => secret): RegExp {
  const escaped = secrets.map((secret) => secret.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  // Without alternatives it would match everywhere.
  return new RegExp(escaped.map(toPattern).join('|') || '(?!)', 'giu');
}

/** A text as it is compared when spaces, punctuation, letter case and names of entities do not count. */
const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/&[a-z]+;|[^\p{L}\p{N}]+/gu, '');

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Numbers of characters or bytes: of JSON, of URLs, of HTML. */
const numbered: readonly [RegExp, radix: number][] = [
  [/\\u([\da-f]{4})/gi, 16],
  [/%([\da-f]{2})/gi, 16],
  [/&#x([\da-f]{1,5});?/gi, 16],
  [/&#(\d{1,6});?/g, 10],
];

// Bytes become characters one by one, so that each secret is looked for in that form, too.
const decoders: readonly Clean[] = [
  ...numbered.map(([pattern, radix]): Clean => {
    return (text) => text.replaceAll(pattern, (_, digits: string) => String.fromCodePoint(parseInt(digits, radix)));
  }),
  (text) => text.replaceAll(/&(amp|lt|gt|quot|apos);?/g, (_, name: string) => named[name]!),
  (text) => text.replaceAll(/\\(.)/g, '$1'),
  // What stands before a secret shifts it, so each of the four places to begin is tried.
  ...[0, 1, 2, 3].map(
    (start): Clean =>
      (text) =>
        text.replaceAll(/[\w+/-]{6,}/g, (run) => fromBase64(run.slice(start))),
  ),
];

/** What a text comes to when it is decoded, once and once more. */
function formsOf(text: string): string[] {
  const decode = (one: string): string[] => decoders.map((decoder) => decoder(one)).filter((decoded) => decoded !== one);
  const once = decode(text);
  return [...once, ...once.flatMap(decode)];
}

function fromBase64(text: string): string {
  const whole = text.replaceAll('-', '+').replaceAll('_', '/');
  return atob(whole.slice(0, whole.length - (whole.length % 4 === 1 ? 1 : 0)));
}

const bytesOf = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));
