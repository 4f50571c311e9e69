import type { ReportContext } from '../../report/card.ts';
import { observedOf, outcomeWords, type ReportModel, reportModel } from '../../report/model.ts';
import type { Report, Result } from '../../suite/result.ts';
import type { Layout } from './terminal.ts';
import { hanging, pairs, wrapped } from './wrap.ts';

/** What stands below the topics: what was observed, what is left to do, and the counts. */
export function endLines(report: Report, context: ReportContext, layout: Layout, { verbose }: { verbose: boolean }): string[] {
  const { columns, paint } = layout;
  const model = reportModel(report, context);
  const { outcome, headline, failures, accepted, remarks, resolved } = model;
  const observed = observedOf(report.results).map(({ question, answer }) => `${question}: ${answer}`);
  const open = remarks.filter(({ result }) => result.level === 'observe' && result.blockedBy === undefined);
  const blocking = [...failures, ...accepted, ...remarks].filter(({ blocks }) => blocks.length > 0);
  const prose = (words: string): string[] => wrapped(words, columns);
  const hasNews = outcome !== 'passed' || accepted.length + remarks.length + resolved.length > 0;
  const notes = [
    ...blocking.flatMap(({ result, blocks }) =>
      prose(
        result.verdict === 'broken'
          ? `After ${result.id} nothing more was checked: ${count(blocks.length, 'requirement is', 'requirements are')} left.`
          : `${result.blockedBy ?? result.id} blocks ${count(blocks.length, 'other requirement', 'other requirements')}.`,
      ),
    ),
    ...resolved.flatMap(({ requirement, owner }) =>
      prose(`Resolved: ${requirement} passes. Remove its entry from the accepted failures (owner ${owner}).`),
    ),
    ...(hasNews ? prose(headline) : []),
    ...(failures.length > 0 && !verbose ? prose('Run it with --verbose to see requests, responses and curl scripts.').map(paint.dim) : []),
  ];
  return [
    ...(observed.length + open.length > 0
      ? ['', paint.bold('Observed, not judged'), ...pairs(observed, columns), ...open.flatMap(({ result }) => openLines(result, columns))]
      : []),
    '',
    ...notes,
    ...closingLines(report, model, layout),
  ];
}

const count = (number: number, one: string, several: string): string => `${number} ${number === 1 ? one : several}`;

const openLines = ({ id, reason = '' }: Result, columns: number): string[] => hanging('  ', wrapped(`${id}: ${reason}`, columns - 4));

/** How the run ended, in a line; without the number of requests, and without the time, when there is no room for them. */
function closingLines(report: Report, model: ReportModel, { columns, paint }: Layout): string[] {
  const { outcome, counts } = model;
  const numbers = counts.filter(({ kind, count: number }) => kind === 'passed' || number > 0);
  const words = numbers.map(({ name, count: number }) => `${number} ${name}`).join(', ');
  const short = `${outcome === 'passed' ? '✓' : '✗'} ${outcomeWords[outcome]}: ${words}`;
  const timed = `${short} in ${(report.durationMs / 1000).toFixed(1)} s`;
  const line = [`${timed}, ${report.requests} requests.`, `${timed}.`].find(({ length }) => length <= columns) ?? `${short}.`;
  return wrapped(line, columns).map(outcome === 'passed' ? paint.good : paint.bad);
}
