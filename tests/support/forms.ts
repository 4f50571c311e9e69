import type { ServerReport } from '../../src/conformance/index.ts';
import type { ReportContext } from '../../src/report/card.ts';
import { formatDifference } from '../../src/cli/print/difference.ts';
import { differenceBetween, formatDifferenceMarkdown } from '../../src/report/diff.ts';
import { formatHtml } from '../../src/report/html.ts';
import { formatJunit } from '../../src/report/junit.ts';
import { formatMarkdown } from '../../src/report/markdown.ts';
import { createRunView } from '../../src/cli/print/run.ts';
import { formatTarget } from '../../src/cli/print/target.ts';
import { type Layout, plain } from '../../src/cli/print/terminal.ts';
import { formatAnnotations } from '../../src/report/annotations.ts';
import type { Report } from '../../src/suite/result.ts';

/** A run as the terminal shows it, without its header. */
export function printedRun(
  report: Report,
  context: ReportContext,
  { verbose = false, ...layout }: Partial<Layout> & { verbose?: boolean } = {},
): string {
  const view = createRunView(context, { columns: 80, paint: plain, ...layout }, { verbose });
  const shown = report.results.filter(({ reason }) => reason !== 'not selected');
  return shown.map((result) => view.add(result)).join('') + view.end(report, context);
}

/** A report in every form that there is, by the name of the form. */
export function everyForm(
  report: ServerReport,
  context: ReportContext,
): Record<'terminal' | 'screen' | 'annotations' | 'json' | 'junit' | 'markdown' | 'html' | 'diff', string> {
  const [before, now] = [
    { name: 'before', ...report, results: report.results.map((result) => ({ ...result, verdict: 'pass' as const })) },
    { name: 'now', ...report },
  ];
  const difference = differenceBetween(before, now);
  return {
    // Wide enough that no sentence is broken.
    terminal: `${formatTarget(report.subject)}\n\n${printedRun(report, context, { verbose: true, columns: 10_000 })}`,
    screen: printedRun(report, context),
    annotations: formatAnnotations(report, context),
    json: JSON.stringify(report),
    junit: formatJunit(report, context),
    markdown: formatMarkdown(report, context),
    html: formatHtml(report, context),
    diff: formatDifference(difference, before, now, { columns: 80, paint: plain }) + formatDifferenceMarkdown(difference, before, now),
  };
}
