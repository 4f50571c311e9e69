/** What stands in the place of a secret. */
const hidden = '<redacted>';

// Of a shorter text the base64 has so few letters that they stand in other words too.
const base64LengthAtLeast = 8;
// More encodings one within another than these are not made by chance, and each costs a walk over the text.
const depthLimit = 4;

interface Needle {
  needle: string;
  /** Base64 is another text in another letter case; everything else is compared without it. */
  edges?: RegExp;
}

/**
 * Makes a function that takes secrets out of a text, however they are spelled in it: literally, in base64 at any place of a longer text,
 * percent-encoded, as entities of HTML, in hexadecimal, in other letter case, or escaped as in JSON, in part or one within another.
 *
 * Shape: secrets are ASCII, as tokens are.
 */
export function createHider(secrets: Iterable<string>): (text: string) => string {
  const needles: Needle[] = [...secrets]
    .filter((secret) => secret !== '')
    .flatMap((secret) => [{ needle: secret.toLowerCase() }, { needle: inHex(secret) }, ...inBase64(secret)]);
  if (needles.length === 0) return (text) => text;
  return (text) => {
    const found: [from: number, to: number][] = [];
    let level: Decoded | undefined = { text };
    for (let depth = 0; level !== undefined && depth <= depthLimit; depth += 1) {
      const { text: words, starts }: Decoded = level;
      const at = (index: number): number => (starts === undefined ? index : starts[index]!);
      const lower = words.toLowerCase();
      for (const { needle, edges } of needles) {
        // A letter that has two in lower case would move what follows.
        const where = edges === undefined && lower.length === words.length ? lower : words;
        for (let from = where.indexOf(needle); from !== -1; from = where.indexOf(needle, from + 1)) {
          const to = from + needle.length;
          found.push([at(from - (edges?.test(words.charAt(from - 1)) ? 1 : 0)), at(to + (edges?.test(words.charAt(to)) ? 1 : 0))]);
        }
      }
      level = decoded(level);
    }
    return without(text, found);
  };
}

const inHex = (secret: string): string => [...secret].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');

/**
 * What is the same of every base64 text that a secret stands in: for each of the three places where it can begin, the letters that no
 * neighbour has a part in. A letter on either side (`edges`) is hidden too, because it has some bits of the secret.
 */
function inBase64(secret: string): Needle[] {
  return [0, 1, 2].flatMap((offset) => {
    const letters = btoa('\0'.repeat(offset) + secret).slice(Math.ceil((8 * offset) / 6), Math.floor((8 * (offset + secret.length)) / 6));
    if (letters.length < base64LengthAtLeast) return [];
    const forUrls = letters.replaceAll('+', '-').replaceAll('/', '_');
    return [...new Set([letters, forUrls])].map((needle) => ({ needle, edges: /[\w+/-]/ }));
  });
}

/** A text, and where each of its characters begins in the text that it was made of; without `starts` it is that text. */
interface Decoded {
  text: string;
  starts?: Int32Array;
}

const encoded = /%([0-9a-f]{2})|&#(\d{1,7});?|&#x([0-9a-f]{1,6});?|&(amp|lt|gt|quot|apos);|\\u([0-9a-f]{4})|\\(["\\/])/gi;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text with one level of encodings taken away; undefined when there is none. */
function decoded({ text, starts }: Decoded): Decoded | undefined {
  const parts: string[] = [];
  const startsHere = new Int32Array(text.length + 1);
  let length = 0;
  let from = 0;
  const copy = (part: string, at: number, isWhole: boolean): void => {
    for (let index = 0; index < part.length; index += 1) {
      const place = isWhole ? at + index : at;
      startsHere[length++] = starts === undefined ? place : starts[place]!;
    }
    parts.push(part);
  };
  for (const match of text.matchAll(encoded)) {
    const [whole, percent, decimal, hex, entity, json, escaped] = match;
    copy(text.slice(from, match.index), from, true);
    const code = decimal === undefined ? parseInt(percent ?? hex ?? json ?? '', 16) : Number(decimal);
    const isCharacter = code <= 0xffff;
    copy(
      entity === undefined ? (escaped ?? (isCharacter ? String.fromCharCode(code) : whole)) : entities[entity.toLowerCase()]!,
      match.index,
      false,
    );
    from = match.index + whole.length;
  }
  if (from === 0) return undefined;
  copy(text.slice(from), from, true);
  startsHere[length] = starts === undefined ? text.length : starts[text.length]!;
  const result = parts.join('');
  return result === text ? undefined : { text: result, starts: startsHere.subarray(0, length + 1) };
}

/** The text with `hidden` in the place of each range, or of several that overlap. */
function without(text: string, ranges: [from: number, to: number][]): string {
  let result = '';
  let end = 0;
  for (const [from, to] of ranges.toSorted(([one], [other]) => one - other)) {
    if (from >= end) result += text.slice(end, from) + hidden;
    end = Math.max(end, to);
  }
  return result + text.slice(end);
}
