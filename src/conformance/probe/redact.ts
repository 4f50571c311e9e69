import { isJsonObject } from '../../contract/json.ts';
import { isContractName, isImpersonal } from '../../contract/privacy/member-privacy.ts';
import { printable } from '../../contract/printable.ts';
import { createHider } from '../../contract/privacy/secrets.ts';
import { validateErrorResponse, validateThrottlingResponse } from '../../contract/validate.ts';
import type { ProbeRequest, WireExchange } from './exchange.ts';
import type { RecordedExchange } from '../../suite/result.ts';

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
  'user-agent',
  'www-authenticate',
];

/** The members of the two error bodies. */
const errorMembers = ['code', 'data', 'description', 'message', 'source', 'statuscode'];

// Shorter ones, such as the code of a state, stand in too many other words.
const personalLengthAtLeast = 4;

/** What to hide. A result is made of what was redacted, so that no report can leak what it never had. */
export interface Redaction {
  /** Takes what must not be shown anywhere, such as the token, out of a text. */
  readonly hideSecrets: (text: string) => string;
  /** Values that the suite made up itself, ids too. They are never redacted. */
  readonly invented: Set<string>;
  /** Values that were read from a customer. */
  readonly personal: Set<string>;
  /** Show what was read from the customer. Secrets stay hidden. */
  readonly showBodies: boolean;
}

/** What one run hides, for a start: its token. What it makes up and reads is added as it goes. */
export function createRedaction(token: string, showBodies: boolean): Redaction {
  return { hideSecrets: createHider([token]), invented: new Set(), personal: new Set(), showBodies };
}

/** The texts in a response that belong to the customer. */
export function personalTextsOf(value: unknown, invented: ReadonlySet<string>, member = ''): string[] {
  if (typeof value === 'string') {
    const isOurs = invented.has(value) || isImpersonal(member) || isContractName(value);
    return isOurs || value.length < personalLengthAtLeast ? [] : [value];
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => personalTextsOf(inner, invented, Array.isArray(value) ? member : name));
}

/** Words without secrets, without what was read from the customer, and in one line. What the suite made up stays as it is. */
export function scrub(text: string, { hideSecrets, personal, invented, showBodies }: Redaction): string {
  const scrubbed = hideSecrets(printable(text));
  if (showBodies || personal.size === 0) return scrubbed;
  return scrubbed.replace(patternOf(personal, invented), (found) => (personal.has(found) ? "<customer's>" : found));
}

const guidSource = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const guid = new RegExp(`${guidSource}$`);
// As `Probe.invent` makes them: those of a run that died are known by their form.
const inventedName = new RegExp(`^Probe ${guidSource}$`);

const guidLength = 36;

interface KnownPattern {
  personalCount: number;
  inventedCount: number;
  pattern: RegExp;
}

const patterns = new WeakMap<ReadonlySet<string>, KnownPattern>();

/**
 * Finds what belongs to the customer, the longest text first; made anew only when there are more of them. It finds what the suite made up
 * and every GUID too, as a whole, so that a postal code that happens to be a part of an id is not cut out of it.
 */
function patternOf(personal: ReadonlySet<string>, invented: ReadonlySet<string>): RegExp {
  let known = patterns.get(personal);
  if (known?.personalCount !== personal.size || known.inventedCount !== invented.size) {
    // Most of what is made up is, or ends in, a GUID; a pattern of each would be made anew with every request.
    const own = [...invented].filter((text) => text !== '' && !guid.test(text));
    const texts = [...new Set([...personal, ...own])].toSorted((one, other) => other.length - one.length);
    const escaped = (chosen: readonly string[]): string[] => chosen.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    // A customer's text may itself begin with a GUID.
    const isLong = ({ length }: string): boolean => length > guidLength;
    const ids = `(?:Probe )?${guidSource}`;
    const parts = [...escaped(texts.filter(isLong)), ids, ...escaped(texts.filter((text) => !isLong(text)))];
    const pattern = new RegExp(parts.join('|'), 'gi');
    patterns.set(personal, (known = { personalCount: personal.size, inventedCount: invented.size, pattern }));
  }
  return known.pattern;
}

/** An exchange as a report may show it. */
export function redactExchange({ asked, request, response }: WireExchange, redaction: Redaction): RecordedExchange {
  const sent = asked.text ?? (asked.body === undefined ? '' : '{');
  const lacks = lackOf(asked);
  const body = redactBody(sent, asked.text === undefined || lacks !== undefined ? asked.body : undefined, redaction);
  const headers = redactHeaders(request.headers, redaction);
  // The suite's own wrong token is no secret, and a failure cannot be repeated without it.
  if (typeof asked.token === 'string') headers.authorization = `Bearer ${scrub(asked.token, redaction)}`;
  const recorded: RecordedExchange = {
    request: {
      method: request.method,
      url: request.url,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(lacks === undefined ? {} : { bodyLacks: lacks }),
    },
  };
  if (response === undefined) return recorded;
  recorded.response = { status: response.status, headers: redactHeaders(response.headers, redaction) };
  const received = redactBody(response.text, response.json, redaction);
  if (received !== undefined) recorded.response.body = received;
  return recorded;
}

/** The end of the JSON that was not sent, when that is all that is wrong with the text. */
function lackOf({ body, text }: ProbeRequest): string | undefined {
  if (text === undefined || body === undefined) return undefined;
  const whole = JSON.stringify(body);
  return whole.startsWith(text) ? whole.slice(text.length) : undefined;
}

function redactHeaders(headers: Headers, redaction: Redaction): Record<string, string> {
  const shown = [...headers].filter(([name]) => shownHeaders.includes(name)).map(([name, value]) => [name, scrub(value, redaction)]);
  const authorization = headers.get('Authorization');
  if (authorization !== null) shown.push(['authorization', 'Bearer <redacted>']);
  return Object.fromEntries(shown);
}

/** A body as a report may show it: the words of a refusal, of anything else the names and the kinds of its values. */
function redactBody(text: string, json: unknown, redaction: Redaction): unknown {
  if (text === '') return undefined;
  if (json === undefined) return redaction.showBodies ? scrub(text, redaction) : `<${text.length} characters that are not JSON>`;
  const isError = validateErrorResponse(json).ok || validateThrottlingResponse(json).ok;
  return redactValue(json, '', redaction, isError ? errorMembers : []);
}

/** A value as a report may show it; `member` is the name it stands under. */
export function redactValue(value: unknown, member: string, redaction: Redaction, wordMembers: readonly string[] = []): unknown {
  if (value === null) return null;
  const name = member.toLowerCase();
  const isShown = redaction.showBodies || wordMembers.includes(name);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, member, redaction, wordMembers));
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([inner, item]) => [
        isContractName(inner) ? inner : scrub(inner, redaction),
        redactValue(item, inner, redaction, wordMembers),
      ]),
    );
  }
  if (typeof value === 'string') {
    if (redaction.invented.has(value) || inventedName.test(value)) return value;
    return isShown || isImpersonal(member) ? scrub(value, redaction) : `<string, ${value.length} characters>`;
  }
  return isShown ? value : `<${typeof value}>`;
}
