import { isJsonObject } from '../contract/json.ts';
import { printable } from '../contract/printable.ts';

/** Gives a text without the secrets that a service may repeat in it. */
export type Clean = (text: string) => string;

// Shorter values, such as the code of a state, stand in too many other words.
const lengthAtLeast = 4;
const cut = '…';
// Members whose values say nothing of a person or a company; the suite and the mock have the whole list.
const impersonal = /^(?:country|culture|language|links|attributes)$/i;

/**
 * Makes a function that takes the token, and what is known of the customer, out of texts of the service.
 *
 * Shape: a secret that stands there as it is, is cut out. A text that holds one in another form (base64, percent-encoded, entities,
 * escapes of JSON, one in the other) is left out whole: where it begins and ends cannot be told. The text is in one line.
 * `profiles` are those that the call has read or sent.
 */
export function createClean(token: string, profiles: readonly unknown[]): Clean {
  // The longest first: one may stand in another.
  const personal = profiles.flatMap(textsOf).toSorted((one, other) => other.length - one.length);
  const secrets = [token, ...personal].filter((secret) => secret !== '');
  const hidden = secrets.filter((secret) => secret.length >= lengthAtLeast).flatMap((secret) => [secret, bytesOf(secret)]);
  return (text) => {
    const rest = printable(secrets.reduce((before, secret) => before.replaceAll(secret, cut), text));
    return formsOf(rest).some((form) => hidden.some((secret) => form.includes(secret))) ? cut : rest;
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
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length < lengthAtLeast ? [] : [value];
  return Object.entries(Object(value)).flatMap(([name, member]) => (impersonal.test(name) ? [] : textsOf(member)));
}

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
