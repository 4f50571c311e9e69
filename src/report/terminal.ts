import { isAccepted } from '../suite/exit-code.ts';
import type { Report, RecordedExchange, Restoration, Result, ServerSubject, Verdict } from '../suite/result.ts';
import { type Card, cardOf, knownWords, type Line, type ReportContext, requestsBefore } from './card.ts';
import { shellWord } from './curl.ts';
import { reportModel } from './model.ts';

/** How text is set off; plain text when each function returns what it is given. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
}

export const plain: Paint = { good: (text) => text, bad: (text) => text, dim: (text) => text };

/** What each mode does to the profile. */
export const modeWords = { read: 'reads only', write: 'reads and writes', race: 'reads, writes and writes at the same time' } as const;

const verdictWords: Record<Verdict, string> = {
  pass: 'pass      ',
  fail: 'FAIL      ',
  untestable: 'untestable',
  skipped: 'skipped   ',
  broken: 'BROKEN    ',
};

/** What is about to be done to whom. Lines without a final line end. */
export function formatTarget({ baseUrl, customerId, mode }: Omit<ServerSubject, 'kind'>, note?: string): string {
  const lines = [
    `Target    ${baseUrl}${note === undefined ? '' : ` (${note})`}`,
    `Customer  ${customerId}`,
    `Mode      ${mode}: ${modeWords[mode]}`,
  ];
  if (mode !== 'read') lines.push('          The profile is put back at the end.');
  return lines.join('\n');
}

/** One line for a requirement, and the card of it when it did not pass by its own fault. */
export function formatResult(result: Result, context: ReportContext, paint: Paint = plain): string {
  const { id, verdict, level, reason, observed } = result;
  const word = verdictWords[verdict];
  if (verdict === 'pass') return `${paint.good(word)}  ${id}${observed === undefined ? '' : paint.dim(`: ${observed}`)}`;
  if (verdict === 'skipped') return paint.dim(`${word}  ${id}: ${reason}`);
  // An open question that stays open is no failure; and what comes after a target that went away was never sent.
  const isAfterwards = verdict === 'broken' && result.exchanges === undefined;
  if (level === 'observe' || result.blockedBy !== undefined || isAfterwards) return `${paint.bad(word)}  ${id}: ${paint.dim(reason ?? '')}`;
  const lines = cardLines(cardOf(result, { results: [] }, context), excerpt, paint);
  return [`${paint.bad(word)}  ${id}${isAccepted(result) ? ' (known)' : ''}`, ...lines.map((line) => `            ${line}`)].join('\n');
}

/** A card as plain text, whole. */
export function formatCard(card: Card): string {
  return cardLines(card, ({ length }) => [0, length], plain).join('\n');
}

/** One line that is written over while the run goes on. */
export function formatProgress(id: string, index: number, count: number): string {
  return `[${index + 1}/${count}] ${id}`;
}

/** One request that would be sent, with its body. */
export function formatRequest({ request: { method, url, headers, body } }: RecordedExchange): string {
  return [
    `${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `    ${name}: ${value}`),
    ...(body === undefined ? [] : [`    ${typeof body === 'string' ? body : JSON.stringify(body)}`]),
  ].join('\n');
}

/** What to say when the profile was not put back: what happened, where it stands, what to do. */
export function formatRestoration(
  { state, reason, keptIn, versions = [] }: Restoration,
  { baseUrl, customerId }: Pick<ServerSubject, 'baseUrl' | 'customerId'>,
): string {
  const title =
    state === 'changed-by-others'
      ? `The profile of ${customerId} was not put back, because ${reason}. Nothing of theirs was overwritten.`
      : `It could not be verified that the profile of ${customerId} is as it was: ${reason}.`;
  const folder = keptIn?.replace(/[/\\][^/\\]*$/, '');
  const stateDir = folder === undefined ? '' : ` --state-dir ${shellWord(folder)}`;
  const command = `pc-billing conformance restore --base-url ${baseUrl} --customer ${customerId}${stateDir}`;
  return [
    title,
    ...versions.flatMap(({ member, snapshot, ours, now }) => [
      `  ${member}`,
      `    before the run   ${snapshot}`,
      `    as the run wrote ${ours}`,
      `    now              ${now}`,
    ]),
    ...(keptIn === undefined ? [] : [`The snapshot is kept in ${keptIn}.`]),
    `To put it back: ${command}${state === 'changed-by-others' ? ' --force, which overwrites what is there now; or --discard, which leaves it' : ''}`,
  ].join('\n');
}

/** The closing count, what it means, and what could not be tested because of what. */
export function formatSummary(report: Report, context: ReportContext, paint: Paint = plain): string {
  const { durationMs, requests } = report;
  const { counts, headline, failures, known, stale, remarks, outcome } = reportModel(report, context);
  const fallen = [...failures, ...known, ...remarks].filter(({ untestable }) => untestable.length > 0);
  const count = counts
    .map(([name, number]) => (name === 'known' && number === 0 ? '' : `${number} ${name}`))
    .filter((words) => words !== '');
  return [
    ...fallen.map(({ result, untestable }) =>
      result.verdict === 'broken'
        ? `After ${result.id} nothing more could be checked: ${untestable.length} are left.`
        : `Because of ${result.blockedBy ?? result.id} ${untestable.length} more could not be tested.`,
    ),
    ...known.map(({ result }) => `Known: ${result.id}, ${knownWords(result)}`),
    ...stale.map(({ requirement, owner }) => `Stale: ${requirement} passes. Take its entry out of the known deviations (${owner}).`),
    ...(fallen.length + known.length + stale.length > 0 ? [''] : []),
    (outcome === 'passed' ? paint.good : paint.bad)(count.join(', ')) + ` in ${(durationMs / 1000).toFixed(1)} s (${requests} requests)`,
    headline,
  ].join('\n');
}

type Excerpt = (lines: readonly Line[]) => [from: number, to: number];

const bodyLimit = 14;

/** On a screen the lines around the marked one, or the first ones, will do. */
function excerpt(lines: readonly Line[]): [number, number] {
  if (lines.length <= bodyLimit) return [0, lines.length];
  const at = Math.max(
    0,
    lines.findIndex(({ marked }) => marked),
  );
  const from = Math.max(0, Math.min(at - bodyLimit / 2, lines.length - bodyLimit));
  return [from, from + bodyLimit];
}

function cardLines(
  { result, found, exchanges, before, whose, next, untestable, curl, rerun }: Card,
  part: Excerpt,
  paint: Paint,
): string[] {
  const { rule, level, sources, rationale, difference } = result;
  const known = knownWords(result);
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
    ...exchanges.flatMap(({ sent, came }): [string, string[]][] => [
      [
        'Sent',
        exchangeLines(
          sent.map((text) => ({ text, marked: false })),
          part,
          paint,
        ),
      ],
      ['Came', exchangeLines(came, part, paint)],
    ]),
    ['Whose', [`It looks like ${whose.component}. ${whose.why}`]],
    ['Next', next.map((step, index) => (next.length === 1 ? step : `${index + 1}. ${step}`))],
    ['Falls', untestable.length === 0 ? [] : [`untestable because of it: ${untestable.join(', ')}`]],
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

const lineLimit = 400;
const shortened = (text: string): string => (text.length > lineLimit ? `${text.slice(0, lineLimit)}…` : text);
