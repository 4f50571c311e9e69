import type { ServerReport } from '../../src/conformance/index.ts';
import type { ReportContext } from '../../src/report/card.ts';
import { formatDifference } from '../../src/cli/print/difference.ts';
import { differenceBetween, formatDifferenceMarkdown } from '../../src/report/diff.ts';
import { formatHtml } from '../../src/report/html.ts';
import { formatJunit } from '../../src/report/junit.ts';
import { formatMarkdown } from '../../src/report/markdown.ts';
import { formatResult, formatSummary } from '../../src/cli/print/result.ts';
import { formatTarget } from '../../src/cli/print/target.ts';

/** A report in every form that there is, by the name of the form. */
export function everyForm(
  report: ServerReport,
  context: ReportContext,
): Record<'terminal' | 'json' | 'junit' | 'markdown' | 'html' | 'diff', string> {
  const [before, now] = [
    { name: 'before', ...report, results: report.results.map((result) => ({ ...result, verdict: 'pass' as const })) },
    { name: 'now', ...report },
  ];
  const difference = differenceBetween(before, now);
  return {
    terminal: [
      formatTarget(report.subject),
      ...report.results.map((result) => formatResult(result, context)),
      formatSummary(report, context),
    ].join('\n'),
    json: JSON.stringify(report),
    junit: formatJunit(report, context),
    markdown: formatMarkdown(report, context),
    html: formatHtml(report, context),
    diff: formatDifference(difference, before, now) + formatDifferenceMarkdown(difference, before, now),
  };
}
