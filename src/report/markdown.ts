import type { Report } from '../suite/result.ts';
import { type Card, acceptedWords, levelWords, nextSteps, type ReportContext, requestsBefore } from './card.ts';
import { kinds, outcomeWords, type ReportModel, reportModel } from './model.ts';

// GitHub takes a megabyte for a job summary; what is longer is not shown at all.
const lengthLimit = 900_000;

/**
 * A report as Markdown for a CI job summary.
 *
 * Shape: everything that a server has sent stands in code, so that it can be neither a link, nor a mention, nor markup.
 */
export function formatMarkdown(report: Report, context: ReportContext): string {
  const view = reportModel(report, context);
  const head = [
    `# ${text(context.title)}`,
    `**${outcomeWords[view.outcome]}.** ${text(view.headline)}`,
    table(
      view.counts.map(({ name }) => name),
      [view.counts.map(({ count }) => String(count))],
    ),
    context.facts.map(([name, value]) => `- ${text(name)}: ${code(value)}`).join('\n'),
  ];
  const tail = [...listed(view), `<details><summary>What the verdicts mean</summary>\n\n${legend}\n\n</details>`];
  const sections = [
    ...cardSection('Failures', view.failures, true),
    ...resolvedSection(view),
    ...cardSection('Accepted failures', view.accepted, false),
    ...cardSection('Did not pass, not counted', view.remarks, false),
  ];
  const whole: string[] = [...head];
  let length = [...head, ...tail].join('\n\n').length;
  for (const [index, section] of sections.entries()) {
    length += section.length + 2;
    if (length > lengthLimit) {
      whole.push(`${sections.length - index} more parts do not fit here. They are in the other reports.`);
      break;
    }
    whole.push(section);
  }
  return `${[...whole, ...tail].join('\n\n')}\n`;
}

const legend = Object.values(kinds)
  .map(([name, meaning]) => `- **${name}**: ${text(meaning)}`)
  .join('\n');

function cardSection(title: string, cards: readonly Card[], open: boolean): string[] {
  return cards.length === 0 ? [] : [`## ${title}`, ...cards.map((card) => cardOf(card, open))];
}

function cardOf(card: Card, open: boolean): string {
  const { result, found, exchanges, before, likelyCause, blocks, curl, rerun } = card;
  const { id, verdict, rule, sources, rationale, difference } = result;
  const known = acceptedWords(result);
  const exchange = [
    ...(before === 0 ? [] : [`  (${requestsBefore(before)})`, '']),
    ...exchanges.flatMap(({ sent, received }, index) => [
      ...(index === 0 ? [] : ['']),
      ...sent.map((line) => `  ${line}`),
      '',
      ...received.map(({ text: line, marked }) => `${marked ? '>' : ' '} ${line}`),
    ]),
  ];
  const parts = [
    text(rule),
    [
      ...sources.map((source) => `- Source: ${text(source)}`),
      ...(rationale === undefined ? [] : [`- Why it matters: ${text(rationale)}`]),
      ...(known === undefined ? [] : [`- Accepted: ${text(known)}`]),
      `- Likely cause: **${text(likelyCause.component)}**. ${text(likelyCause.why)}`,
    ].join('\n'),
    'Found:',
    fenced(
      'diff',
      [`  ${found}`, ...(difference === undefined ? [] : [`- expected  ${difference.expected}`, `+ actual    ${difference.actual}`])].join(
        '\n',
      ),
    ),
    `Next:\n\n${nextSteps(card)
      .map((step, index) => `${index + 1}. ${text(step)}`)
      .join('\n')}`,
    ...(exchanges.length === 0
      ? []
      : [folded('Request and response; an arrow marks the line that differs', fenced('text', exchange.join('\n')))]),
    ...(blocks.length === 0
      ? []
      : [
          folded(
            `Blocks ${blocks.length} other requirement${blocks.length === 1 ? '' : 's'}`,
            blocks.map((one) => `- ${code(one)}`).join('\n'),
          ),
        ]),
    ...(curl.length === 0 ? [] : [folded('Send it again with curl', fenced('sh', curl.join('\n')))]),
    ...(rerun === undefined ? [] : [`Re-run:\n\n${fenced('sh', rerun)}`]),
  ];
  const title = `${code(id)} ${verdict} (${text(levelWords(card))})`;
  return open
    ? `### ${title}\n\n${parts.join('\n\n')}`
    : folded(`<code>${id}</code> ${verdict} (${text(levelWords(card))})`, parts.join('\n\n'));
}

function resolvedSection({ resolved }: ReportModel): string[] {
  if (resolved.length === 0) return [];
  return [
    '## Resolved failures: remove these entries',
    'These requirements pass, but the file of accepted failures lists them. Remove their entries; until then the run fails.',
    table(
      ['requirement', 'owner', 'reason', 'expires'],
      resolved.map(({ requirement, owner, reason, expires }) => [code(requirement), text(owner), text(reason), expires]),
    ),
  ];
}

function listed({ observed, skipped, passed }: ReportModel): string[] {
  const parts: [string, string][] = [
    [
      `Observed, not judged: ${observed.length}`,
      observed.length === 0
        ? ''
        : table(
            ['open question', 'observed', 'by'],
            observed.map(({ id, question, answer }) => [text(question), code(answer), code(id)]),
          ),
    ],
    [
      `Skipped: ${skipped.reduce((sum, { ids }) => sum + ids.length, 0)}`,
      skipped.map(({ reason, ids }) => `- ${text(reason)}: ${ids.map(code).join(', ')}`).join('\n'),
    ],
    [`Passed: ${passed.length}`, passed.map((id) => `- ${code(id)}`).join('\n')],
  ];
  return parts.filter(([, body]) => body !== '').map(([title, body]) => folded(title, body));
}

/** Rows as a table. The cells are Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Prose that came from elsewhere: no markup, no link, no mention. */
export function text(words: string): string {
  // In one line: what is markup at the beginning of a line alone need not be escaped.
  const escaped = words
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]#|~]/g, '\\$&');
  // GitHub makes a link of every address in prose, and, after it has read the entities, of every @name: hence the word joiner.
  return escaped
    .replaceAll('://', ':&#47;&#47;')
    .replaceAll(/www\./gi, 'www&#46;')
    .replaceAll(/@(?=\w)/g, '@\u2060');
}

/** Text as inline code. Source: CommonMark 0.31, section 6.1 */
export function code(words: string): string {
  const fence = '`'.repeat(longestRun(words) + 1);
  const padding = words.startsWith('`') || words.endsWith('`') || words === '' ? ' ' : '';
  return `${fence}${padding}${words.replaceAll(/\s+/g, ' ')}${padding}${fence}`;
}

function fenced(language: string, words: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(words) + 1));
  return `${fence}${language}\n${words}\n${fence}`;
}

const longestRun = (words: string): number => Math.max(0, ...(words.match(/`+/g) ?? []).map(({ length }) => length));
const folded = (title: string, body: string): string => `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
