import { cardOf, type ReportContext } from '../../report/card.ts';
import { causesOf, countKinds, kindOf, type Kind, kinds } from '../../report/model.ts';
import { countsAgainst } from '../../suite/exit-code.ts';
import type { RecordedExchange, Report, Result } from '../../suite/result.ts';
import { topicOf } from '../../suite/selection.ts';
import { cardLines, signOf } from './card.ts';
import { endLines } from './run-end.ts';
import type { Layout } from './terminal.ts';
import { hanging, wrapped } from './wrap.ts';

/** A run as it is printed while it goes on: a line for each topic, and below it what did not pass. */
export interface RunView {
  /** Takes an exchange, which is shown with `verbose`, below its requirement. */
  exchange(exchange: RecordedExchange, topic: string): void;
  /** Takes a result. The text to print: empty until the topic before it is over. */
  add(result: Result): string;
  /** The rest of the text, when all results are there: what was observed, and how the run ended. */
  end(report: Report, context: ReportContext): string;
}

type ViewContext = Omit<ReportContext, 'facts' | 'exitCode'>;

/** Makes the view of one run. `verbose`: every requirement, and of a failure everything, the exchanges and the curl too. */
export function createRunView(context: ViewContext, layout: Layout, { verbose = false } = {}): RunView {
  const results: Result[] = [];
  const exchanges = new Map<string, string[]>();
  let open: Result[] = [];
  const close = (): string => {
    const closed = open;
    open = [];
    return text(topicLines(closed, { results, exchanges, context: { ...context, facts: [], exitCode: 0 }, layout, verbose }));
  };
  return {
    exchange(exchange, topic) {
      if (verbose) exchanges.set(topic, [...(exchanges.get(topic) ?? []), exchangeLine(exchange)]);
    },
    add(result) {
      const isNext = open[0] !== undefined && topicOf(open[0].id) !== topicOf(result.id);
      const before = isNext ? close() : '';
      open.push(result);
      results.push(result);
      return before;
    },
    end(report, whole) {
      const last = close();
      const lines = [...unselectedLines(report.results, whole, layout, verbose), ...endLines(report, whole, layout, { verbose })];
      // One empty line above, whether the last topic ends with one or not.
      return last + text(last.endsWith('\n\n') ? lines.slice(1) : lines);
    },
  };
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const exchangeLine = ({ request, response }: RecordedExchange): string =>
  `${request.method} ${shortPath(request.url)} → ${response?.status ?? 'no response'}`;

/** The path, with the beginning of each id: the whole does not fit, and the header has it. */
const shortPath = (url: string): string => new URL(url).pathname.replaceAll(/([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f-]{22}/gi, '$1…');

interface Shown {
  /** Every result so far. */
  results: readonly Result[];
  exchanges: ReadonlyMap<string, readonly string[]>;
  context: ReportContext;
  layout: Layout;
  verbose: boolean;
}

/** What is blocked by a requirement that was not selected, and so has no result of its own. */
function unselectedLines(results: readonly Result[], context: ReportContext, layout: Layout, verbose: boolean): string[] {
  return causesOf(results)
    .filter(([{ blockedBy, level }]) => blockedBy !== undefined && level !== 'observe')
    .flatMap(([result]) => ['', ...cardLines(cardOf(result, { results }, context), layout, verbose)]);
}

/** A topic that is over: its line, and what did not pass. */
function topicLines(topic: readonly Result[], shown: Shown): string[] {
  const { results, context, layout, verbose } = shown;
  const report = { results };
  const ids = new Set(topic.map(({ id }) => id));
  // An open question that stays open is told with the others at the end, and so is a cause whose result may still come.
  const cards = causesOf(results)
    .filter(
      ([{ id, level, verdict, blockedBy }]) => ids.has(id) && blockedBy === undefined && (level !== 'observe' || verdict === 'broken'),
    )
    .map(([result]) => cardOf(result, report, context));
  const inFull = (result: Result): string[] => {
    const card = cards.find((one) => one.result === result);
    return card === undefined ? requirementLines(result, shown) : [...exchangesOf(result, shown), ...cardLines(card, layout, true)];
  };
  const below = verbose ? topic.flatMap(inFull) : cards.flatMap((card) => ['', ...cardLines(card, layout)]);
  return [...topicLine(topic, shown), ...below, ...(below.length > 0 ? [''] : [])];
}

const topicWidth = 11;
const countWidth = 3;

function topicLine(topic: readonly Result[], { results, context, layout }: Shown): string[] {
  // An open question is told at the end, unless it was not asked.
  const isJudged = ({ level, verdict, blockedBy }: Result): boolean =>
    level !== 'observe' || verdict === 'skipped' || verdict === 'broken' || blockedBy !== undefined;
  const judged = topic.filter(isJudged);
  if (judged.length === 0) return [];
  const counts = countKinds(judged, context);
  const parts = (Object.keys(kinds) as Kind[])
    .filter((kind) => counts[kind] > 0)
    .map(
      (kind) => `${counts[kind]} ${kinds[kind][0]}${reasonsOf(judged.filter((result) => kindOf(result, { results }, context) === kind))}`,
    );
  const [worst] = judged.toSorted((one, other) => badness(other, results, context) - badness(one, results, context));
  const sign = signOf(worst!, countsAgainst(worst!, { results }, context) || worst!.verdict === 'broken', layout);
  const words = counts.passed === judged.length ? String(counts.passed) : parts.join(', ');
  const label = `${sign} ${topicOf(topic[0]!.id).padEnd(topicWidth)}`;
  const lead = ' '.repeat(countWidth - /^\d*/.exec(words)![0].length);
  return hanging(label, wrapped(lead + words, layout.columns - topicWidth - 2 - countWidth - 1).map((line, index) => (index === 0 ? line : `${' '.repeat(countWidth)} ${line}`))); // prettier-ignore
}

/** Why results of one kind did not pass, when a few words name one reason for all of them. */
function reasonsOf(results: readonly Result[]): string {
  const skipped = new Set(results.flatMap(({ verdict, reason }) => (verdict === 'skipped' && reason !== undefined ? [reason] : [])));
  const causes = new Set(results.flatMap(({ blockedBy }) => blockedBy ?? []));
  // Several reasons would say more of what was not asked for than of what was found; --verbose has them.
  const parts = [...(skipped.size === 1 ? skipped : []), ...(causes.size === 0 ? [] : [`blocked by ${[...causes].join(', ')}`])];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

const order: readonly Kind[] = ['skipped', 'observed', 'passed', 'untestable', 'accepted', 'uncounted', 'failed', 'broken'];
const badness = (result: Result, results: readonly Result[], context: ReportContext): number =>
  order.indexOf(kindOf(result, { results }, context));

/** One requirement without a card, with the exchanges of its check. */
function requirementLines(result: Result, shown: Shown): string[] {
  const { layout } = shown;
  const { id, verdict, level, reason, observed } = result;
  const sign = signOf(result, false, layout);
  const words = verdict === 'pass' ? observed : reason;
  const line = `${id} (${level})${words === undefined ? '' : `: ${words}`}`;
  return [...exchangesOf(result, shown), ...hanging(`  ${sign} `, wrapped(line, layout.columns - 4))];
}

function exchangesOf({ id }: Result, { exchanges, layout }: Shown): string[] {
  const lines = exchanges.get(id) ?? [];
  return lines.flatMap((line) => hanging('      ', wrapped(line, layout.columns - 6))).map(layout.paint.dim);
}
