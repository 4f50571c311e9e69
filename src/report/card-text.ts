import { acceptedWords, type Card, levelWords, type Line, nextSteps, requestsBefore, shortened } from './card.ts';

/** How text is set off; plain text when each function returns what it is given. `odd` needs a look, but does not make a run fail. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  odd(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

/** One part of a card: a name, and lines that belong to it. */
export interface Field {
  name: string;
  lines: readonly string[];
  /** Of the whole field. */
  tone?: keyof Paint;
  /** A request, a response or a command: line ends and spaces mean something. */
  kind?: 'exchange' | 'command';
}

// Red and green as in every tool that shows a difference: what is expected is missing, what is there is new.
const difference = ({ result }: Card): Field[] =>
  result.difference === undefined
    ? []
    : [
        { name: '- expected', lines: [shortened(result.difference.expected)], tone: 'bad' },
        { name: '+ actual', lines: [shortened(result.difference.actual)], tone: 'good' },
      ];

const likelyCause = ({ likelyCause: { component, why } }: Card): Field => ({ name: 'Likely cause', lines: [`${component}. ${why}`] });
const optional = (name: string, line: string | undefined): Field => ({ name, lines: line === undefined ? [] : [line] });
const filled = (fields: readonly Field[]): Field[] => fields.filter(({ lines }) => lines.length > 0);

// A few lines of a screen: the beginning says what was found, the end what a client printed last.
const briefPart = 100;
const brief = (text: string): string =>
  text.length > 2 * briefPart + 20 ? `${text.slice(0, briefPart)} … ${text.slice(-briefPart)}` : text;

/** The fields of a card that a screen has room for; what is left out is in {@link allFields}. */
export function mainFields(card: Card): Field[] {
  const { result, found, remedy, correlationId, explain, rerun } = card;
  return filled([
    { name: 'Rule', lines: [result.rule] },
    optional('Accepted', acceptedWords(result)),
    { name: 'Found', lines: [brief(found)] },
    ...difference(card).map((field) => ({ ...field, lines: field.lines.map(brief) })),
    likelyCause(card),
    { name: 'Next', lines: remedy },
    optional('Logs', correlationId && `MS-CorrelationId ${correlationId}`),
    { ...optional('Explain', explain), kind: 'command' },
    { ...optional('Re-run', rerun), kind: 'command' },
  ]);
}

/** Every field of a card. */
export function allFields(card: Card): Field[] {
  const { result, found, before, exchanges, blocks, curl, rerun } = card;
  const steps = nextSteps(card);
  return filled([
    { name: 'Rule', lines: [result.rule] },
    { name: 'Level', lines: [levelWords(card)] },
    { name: 'Source', lines: result.sources },
    optional('Why', result.rationale),
    optional('Accepted', acceptedWords(result)),
    { name: 'Found', lines: [found] },
    ...difference(card),
    { ...optional('', before === 0 ? undefined : `(${requestsBefore(before)})`), tone: 'dim' },
    ...exchanges.flatMap(({ sent, received }): Field[] => [
      { name: 'Sent', lines: sent.map((line) => `  ${line}`), kind: 'exchange' },
      { name: 'Received', lines: received.map(lineWithMark), kind: 'exchange' },
    ]),
    likelyCause(card),
    { name: 'Next', lines: steps.map((step, index) => (steps.length === 1 ? step : `${index + 1}. ${step}`)) },
    optional('Blocks', blocks.length === 0 ? undefined : blocks.join(', ')),
    { name: 'Curl', lines: curl.flatMap((line) => line.split('\n')), kind: 'exchange' },
    { ...optional('Re-run', rerun), kind: 'command' },
  ]);
}

/** The line that differs begins with `>`. */
const lineWithMark = ({ text, marked }: Line): string => `${marked ? '>' : ' '} ${text}`;

const nameWidth = 14;

/** A name as it stands before the lines of its field. */
export const fieldName = (name: string): string => name.padEnd(nameWidth);

/** A card as plain text, whole. */
export function formatCard(card: Card): string {
  return allFields(card)
    .flatMap(({ name, lines }) => lines.map((line, index) => fieldName(index === 0 ? name : '') + line))
    .join('\n');
}
