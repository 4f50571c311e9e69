import type { Report } from '../suite/result.ts';
import type { Card, ReportContext } from './card.ts';
import { reportModel } from './model.ts';

/**
 * What did not pass as annotations of GitHub Actions, a line each; no line when everything passed.
 *
 * Shape: an error for what makes the run fail, a warning for a rule that is broken and does not count.
 * Source: docs.github.com, "Workflow commands for GitHub Actions", setting an error message
 */
export function formatAnnotations(report: Report, context: ReportContext): string {
  const { failures, remarks, resolved, headline } = reportModel(report, context);
  const errors = [
    ...failures.map((card) => command('error', card.result.id, cardWords(card))),
    ...resolved.map(({ requirement }) => command('error', requirement, 'It passes. Remove its entry from the accepted failures.')),
  ];
  // The run as a whole can fail without any requirement: nothing was tested, or the profile was not put back.
  if (context.exitCode !== 0 && errors.length === 0) errors.push(command('error', context.title, headline));
  const warnings = remarks
    .filter(({ result }) => result.verdict === 'fail')
    .map((card) => command('warning', `${card.result.id} (${card.result.level})`, cardWords(card)));
  return [...errors, ...warnings].map((line) => `${line}\n`).join('');
}

const cardWords = ({ found, remedy, rerun, blocks }: Card): string =>
  [
    found,
    ...remedy.map((step) => `Next: ${step}`),
    ...(blocks.length === 0 ? [] : [`Blocks ${blocks.length} other requirement${blocks.length === 1 ? '' : 's'}.`]),
    ...(rerun === undefined ? [] : [`Re-run: ${rerun}`]),
  ].join('\n');

const command = (kind: 'error' | 'warning', title: string, message: string): string =>
  `::${kind} title=${escaped(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${escaped(message)}`;

// Source: @actions/core, command.ts
const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
