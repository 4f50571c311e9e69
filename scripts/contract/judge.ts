import { placeInWords } from './place-in-words.ts';
import type { RedoclyChange } from './redocly.ts';

/** What a change asks of the version: `major` breaks a client, a server or a generated type, `minor` adds, `patch` changes words. */
export type Impact = 'major' | 'minor' | 'patch';

export interface Change {
  impact: Impact;
  /** One sentence on what changed. */
  what: string;
  /** Whom it breaks; absent when nothing is broken. */
  why?: string;
}

/** Judges the changes of a contract; those of `info.version` itself are left out. The gravest come first. */
export function judge(changes: readonly RedoclyChange[]): Change[] {
  const order: readonly Impact[] = ['major', 'minor', 'patch'];
  return changes
    .filter(({ typeName, property }) => !(typeName === 'Info' && property === 'version'))
    .map((change) => ({ ...verdictOf(change), what: capitalized(sentenceOf(change)) }))
    .toSorted((one, other) => order.indexOf(one.impact) - order.indexOf(other.impact));
}

// Names of the contract stand in the log of a job, where a line of its own could be a command.
const capitalized = (sentence: string): string =>
  (sentence.charAt(0).toUpperCase() + sentence.slice(1)).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');

/** The version that has to follow: at least the next one of that kind. Undefined when nothing changed. */
export function nextVersion(base: string, changes: readonly Change[]): string | undefined {
  const [major, minor, patch] = numbersOf(base);
  switch (changes[0]?.impact) {
    case 'major':
      return `${major + 1}.0.0`;
    case 'minor':
      return `${major}.${minor + 1}.0`;
    case 'patch':
      return `${major}.${minor}.${patch + 1}`;
    default:
      return undefined;
  }
}

/** Whether a version is the other one or a later one. */
export function isAtLeast(version: string, other: string): boolean {
  const [one, two] = [numbersOf(version), numbersOf(other)];
  const at = one.findIndex((number, index) => number !== two[index]);
  return at === -1 || one[at]! > two[at]!;
}

function numbersOf(version: string): [number, number, number] {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  if (match === null) throw new Error(`info.version is ${JSON.stringify(version)}. Write three numbers, such as 1.0.0.`);
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

// Only words: a reader of the contract sees them, no program does.
const wordsOnly = /^(?:title|summary|description|example|examples|externalDocs|\$comment|license|contact|termsOfService|x-.*)$/;
const typesOfWords = /^(?:Example|ExamplesMap|Tag|TagList|ExternalDocs|Contact|License)$/;
// Redocly has a rule for these, so that its silence means harmless. Silence on any other keyword means that it was not judged.
const ruledKeywords =
  /^(?:type|enum|const|format|pattern|required|(?:min|max)\w+|exclusive\w+|multipleOf|uniqueItems|additionalProperties|unevaluatedProperties|default|deprecated)$/;

/** Redocly's verdict, but for two things that it does not see: what a generated type loses, and what it has no rule for. */
function verdictOf(change: RedoclyChange): { impact: Impact; why?: string } {
  const { impact, verdicts, kind, typeName, property, path } = change;
  if (impact === 'major') return { impact, why: verdicts.map(({ ruleId, message }) => whyByRule[ruleId] ?? message).join(' ') };
  if (impact === 'minor') return { impact };
  if ((property !== undefined && wordsOnly.test(property)) || typesOfWords.test(typeName) || /\/examples?(?:\/|$)|\/x-/.test(path)) {
    return { impact: 'patch' };
  }
  if (kind === 'removed' && (/\/properties\/[^/]+$/.test(path) || /^#\/components\/[^/]+\/[^/]+$/.test(path))) {
    return { impact: 'major', why: 'The generated types lose the name, so that code which uses it does not compile.' };
  }
  if (kind === 'modified' && typeName === 'Schema' && property !== undefined && !ruledKeywords.test(property)) {
    return { impact: 'major', why: `No rule judges \`${property}\`; it is taken as breaking, because it may be.` };
  }
  return { impact: 'minor' };
}

const whyByRule: Readonly<Record<string, string>> = {
  'property-removed': 'Clients that read the member find nothing.',
  'required-properties-added': 'Clients that do not send the member are refused.',
  'required-properties-removed': 'Clients that rely on the member may find nothing.',
  'schema-type-changed': 'The values that one side sends are not those that the other side takes.',
  'schema-constraint-changed': 'Values that were sent or taken so far may not be any more.',
  'schema-combinator-changed': 'Values that were sent or taken so far may not be any more.',
  'enum-values-added': 'Clients meet a value that they do not know.',
  'enum-values-removed': 'Clients that send the value are refused.',
  'response-header-removed': 'Clients that read the header find nothing.',
  'response-removed': 'Clients that tell this response apart do not meet it.',
  'media-type-removed': 'Clients that read or send this media type cannot.',
  'parameter-became-required': 'Clients that do not send the parameter are refused.',
  'parameter-removed': 'Clients that send the parameter have no effect with it.',
  'request-body-became-required': 'Clients that send no body are refused.',
  'operation-removed': 'Clients that call the operation fail.',
  'operation-id-changed': 'Generated clients name their method after it.',
  'path-removed': 'Clients that call the path fail.',
  'server-removed': 'Clients that use this address have no server.',
};

function sentenceOf({ path, kind, property, base, revision, typeName }: RedoclyChange): string {
  const { pointer, value } = (revision ?? base)!;
  const place = placeInWords(
    path,
    property !== undefined && pointer.endsWith(`/${property}`) ? pointer.slice(0, -property.length - 1) : pointer,
    value,
  );
  if (kind === 'added') return `${place} is new${typeName === 'Parameter' && isRequired(revision?.value) ? ', and required' : ''}.`;
  if (kind === 'removed') return `${place} was removed.`;
  const [was, is] = [base?.value, revision?.value];
  if (property === undefined) return `${place} changed.`;
  if (property === 'required' && (Array.isArray(was) || Array.isArray(is))) return requiredSentence(place, names(was), names(is));
  if (wordsOnly.test(property)) return `The ${property} of ${place} changed.`;
  return `\`${property}\` of ${place} changed from ${shown(was)} to ${shown(is)}.`;
}

const isRequired = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'required' in value && value.required === true;
const names = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function requiredSentence(place: string, was: string[], is: string[]): string {
  const [added, dropped] = [is.filter((name) => !was.includes(name)), was.filter((name) => !is.includes(name))];
  const parts = [
    ...(added.length > 0 ? [`requires ${added.join(', ')} now`] : []),
    ...(dropped.length > 0 ? [`requires ${dropped.join(', ')} no more`] : []),
  ];
  return `${place} ${parts.join(', and ') || 'lists its required members in another order'}.`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
