import { acceptedWords, type Card, type Line, requestsBefore, shortened } from './card.ts';

/** How text is set off; plain text when each function returns what it is given. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
}

export const plain: Paint = { good: (text) => text, bad: (text) => text, dim: (text) => text };

/** A card as plain text, whole. */
export function formatCard(card: Card): string {
  return cardLines(card, ({ length }) => [0, length], plain).join('\n');
}

/** Which of the lines of a request or a response are shown. */
export type Excerpt = (lines: readonly Line[]) => [from: number, to: number];

/** A card as lines of text; of long requests and responses, the part that is chosen. */
export function cardLines(
  { result, found, exchanges, before, likelyCause, next, blocks, curl, rerun }: Card,
  part: Excerpt,
  paint: Paint,
): string[] {
  const { rule, level, sources, rationale, difference } = result;
  const known = acceptedWords(result);
  const fields: [string, string[]][] = [
    ['Rule', [`${rule} (${level})`]],
    ['Source', [...sources]],
    ['Matters', rationale === undefined ? [] : [rationale]],
    ['Known', known === undefined ? [] : [known]],
    ['Found', [found]],
    [
      'Differs',
      difference === undefined
        ? []
        : [paint.good(`- expected  ${shortened(difference.expected)}`), paint.bad(`+ came      ${shortened(difference.actual)}`)],
    ],
    ['', before === 0 ? [] : [paint.dim(`(${requestsBefore(before)})`)]],
    ...exchanges.flatMap(({ sent, received }): [string, string[]][] => [
      [
        'Sent',
        exchangeLines(
          sent.map((text) => ({ text, marked: false })),
          part,
          paint,
        ),
      ],
      ['Came', exchangeLines(received, part, paint)],
    ]),
    ['Whose', [`It looks like ${likelyCause.component}. ${likelyCause.why}`]],
    ['Next', next.map((step, index) => (next.length === 1 ? step : `${index + 1}. ${step}`))],
    ['Falls', blocks.length === 0 ? [] : [`untestable because of it: ${blocks.join(', ')}`]],
    ['Curl', curl.flatMap((line) => line.split('\n'))],
    ['Again', rerun === undefined ? [] : [rerun]],
  ];
  return fields.flatMap(([name, lines]) => lines.map((line, index) => `${(index === 0 ? name : '').padEnd(8)}${line}`));
}

function exchangeLines(lines: readonly Line[], part: Excerpt, paint: Paint): string[] {
  const [from, to] = part(lines);
  return [
    ...(from > 0 ? [`  … ${from} lines before`] : []),
    ...lines.slice(from, to).map(({ text, marked }) => (marked ? paint.bad(`> ${text}`) : `  ${text}`)),
    ...(to < lines.length ? [`  … ${lines.length - to} more lines`] : []),
  ];
}
