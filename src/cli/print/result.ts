import { styleText } from 'node:util';
import { isAccepted } from '../../suite/exit-code.ts';
import type { Report, Result } from '../../suite/result.ts';
import { cardOf, acceptedWords, type Line, type ReportContext } from '../../report/card.ts';
import { cardLines, type Paint, plain } from '../../report/card-text.ts';
import { reportModel } from '../../report/model.ts';
import type { Io } from '../io.ts';

// Whether there are colours was decided before; styleText would look at the stream once more.
const color = (name: 'green' | 'red' | 'dim') => (text: string) => styleText(name, text, { validateStream: false });
const colors: Paint = { good: color('green'), bad: color('red'), dim: color('dim') };

/** How the output is set off. */
export const paintOf = ({ color: isColored }: Io): Paint => (isColored ? colors : plain);

/** One line for a requirement, and the card of it when it did not pass by its own fault. */
export function formatResult(result: Result, context: ReportContext, paint: Paint = plain): string {
  const { id, verdict, level, reason, observed } = result;
  // As wide as the longest; what calls for attention is in capitals.
  const word = (verdict === 'fail' || verdict === 'broken' ? verdict.toUpperCase() : verdict).padEnd('untestable'.length);
  if (verdict === 'pass') return `${paint.good(word)}  ${id}${observed === undefined ? '' : paint.dim(`: ${observed}`)}`;
  if (verdict === 'skipped') return paint.dim(`${word}  ${id}: ${reason}`);
  // An open question that stays open is no failure; and what comes after a target that went away was never sent.
  const isAfterwards = verdict === 'broken' && result.exchanges === undefined;
  if (level === 'observe' || result.blockedBy !== undefined || isAfterwards) return `${paint.bad(word)}  ${id}: ${paint.dim(reason ?? '')}`;
  const lines = cardLines(cardOf(result, { results: [] }, context), excerpt, paint);
  return [`${paint.bad(word)}  ${id}${isAccepted(result) ? ' (known)' : ''}`, ...lines.map((line) => `            ${line}`)].join('\n');
}

/** The closing count, what it means, and what could not be tested because of what. */
export function formatSummary(report: Report, context: ReportContext, paint: Paint = plain): string {
  const { durationMs, requests } = report;
  const { counts, headline, failures, accepted, resolved, remarks, outcome } = reportModel(report, context);
  const fallen = [...failures, ...accepted, ...remarks].filter(({ blocks }) => blocks.length > 0);
  const count = counts.filter(([name, number]) => name !== 'known' || number > 0).map(([name, number]) => `${number} ${name}`);
  return [
    ...fallen.map(({ result, blocks }) =>
      result.verdict === 'broken'
        ? `After ${result.id} nothing more could be checked: ${blocks.length} are left.`
        : `Because of ${result.blockedBy ?? result.id} ${blocks.length} more could not be tested.`,
    ),
    ...accepted.map(({ result }) => `Known: ${result.id}, ${acceptedWords(result)}`),
    ...resolved.map(({ requirement, owner }) => `Stale: ${requirement} passes. Take its entry out of the known deviations (${owner}).`),
    ...(fallen.length + accepted.length + resolved.length > 0 ? [''] : []),
    (outcome === 'passed' ? paint.good : paint.bad)(count.join(', ')) + ` in ${(durationMs / 1000).toFixed(1)} s (${requests} requests)`,
    headline,
  ].join('\n');
}

const bodyLimit = 14;

/** On a screen the lines around the marked one, or the first ones, will do. */
function excerpt(lines: readonly Line[]): [number, number] {
  const markedAt = lines.findIndex(({ marked }) => marked);
  const from = Math.max(0, Math.min(markedAt - bodyLimit / 2, lines.length - bodyLimit));
  return [from, from + bodyLimit];
}
