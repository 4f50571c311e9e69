import type { ServiceBehaviour } from '../contract/behaviour.ts';
import { printable } from '../contract/printable.ts';
import { isAccepted } from '../suite/exit-code.ts';
import type { Report, Result } from '../suite/result.ts';
import { code, table, text } from './markdown.ts';

/** What two runs can be compared by: a report has all of it, a fingerprint the behaviour alone. */
export interface Comparable {
  /** What it is, such as the name of its file. */
  name: string;
  subject?: Report['subject'];
  startedAt?: string;
  results?: readonly Result[];
  behaviour: Partial<ServiceBehaviour>;
}

/** One requirement whose verdict changed. */
export interface VerdictChange {
  id: string;
  before: string;
  now: string;
  reason: string;
  /** How many are untestable because of it, and were not before. */
  fallen: number;
}

/** What is different between two runs. */
export interface Difference {
  /** A "must" or a "should" that passed and does not. */
  regressions: VerdictChange[];
  /** Questions with another answer. A client that relies on the old one breaks, so that this counts as a regression too. */
  behaviour: { question: string; before: string; now: string }[];
  improvements: VerdictChange[];
  /** Whatever else is not as it was: skipped now, untestable instead of failed, seen for the first time. */
  others: VerdictChange[];
  /** What makes the comparison doubtful. */
  remarks: string[];
  unchanged: number;
}

/** Compares a run with an earlier one. */
export function differenceBetween(before: Comparable, now: Comparable): Difference {
  const old = new Map((before.results ?? []).map((result) => [result.id, result]));
  const current = new Map((now.results ?? []).map((result) => [result.id, result]));
  const ids = before.results === undefined || now.results === undefined ? [] : [...new Set([...current.keys(), ...old.keys()])];
  const difference: Difference = {
    regressions: [],
    behaviour: [],
    improvements: [],
    others: [],
    remarks: remarksOn(before, now),
    unchanged: 0,
  };
  const fallen = new Map<string, number>();
  for (const id of ids) {
    const [was, is] = [old.get(id), current.get(id)];
    if (wordOf(was) === wordOf(is)) {
      difference.unchanged += 1;
    } else if (was?.verdict === 'pass' && is?.blockedBy !== undefined && isRegression(old.get(is.blockedBy), current.get(is.blockedBy))) {
      fallen.set(is.blockedBy, (fallen.get(is.blockedBy) ?? 0) + 1);
    } else {
      const kind = isRegression(was, is) ? 'regressions' : isImprovement(was, is) ? 'improvements' : 'others';
      difference[kind].push({ id, before: wordOf(was), now: wordOf(is), reason: printable(is?.reason ?? ''), fallen: 0 });
    }
  }
  for (const change of difference.regressions) change.fallen = fallen.get(change.id) ?? 0;
  for (const question of Object.keys({ ...before.behaviour, ...now.behaviour }) as (keyof ServiceBehaviour)[]) {
    const [was, is] = [before.behaviour[question], now.behaviour[question]].map((answer) => JSON.stringify(answer));
    if (was === is) difference.unchanged += 1;
    else if (was !== undefined && is !== undefined) difference.behaviour.push({ question, before: was, now: is });
    else difference.others.push({ id: question, before: was ?? 'not seen', now: is ?? 'not seen', reason: '', fallen: 0 });
  }
  return difference;
}

/** 1 when a requirement that passed does not, or a question has another answer; else 0. */
export function exitCodeOfDifference({ regressions, behaviour }: Difference): 0 | 1 {
  return regressions.length + behaviour.length > 0 ? 1 : 0;
}

/** The difference as Markdown, for the summary of a CI job. */
export function formatDifferenceMarkdown(difference: Difference, before: Comparable, now: Comparable): string {
  const rows = (lines: readonly DifferenceLine[]): string[][] =>
    lines.map(({ id, from, to, reason }) => [code(id), code(from), code(to), reason === '' ? '' : code(reason)]);
  return `${[
    '# What has changed',
    `${code(printable(before.name))} → ${code(printable(now.name))}`,
    ...difference.remarks.map((remark) => `> ${text(remark)}`),
    ...partsOf(difference).map(([title, lines]) => `## ${title}\n\n${table(['what', 'before', 'now', 'found'], rows(lines))}`),
    text(closing(difference)),
  ].join('\n\n')}\n`;
}

/** One line of a difference. */
export interface DifferenceLine {
  id: string;
  from: string;
  to: string;
  reason: string;
}

/** The parts of a difference that are not empty, each under its title. */
export function partsOf({ regressions, behaviour, improvements, others }: Difference): [title: string, lines: DifferenceLine[]][] {
  const changed = (changes: readonly VerdictChange[]): DifferenceLine[] =>
    changes.map(({ id, before, now, reason, fallen }) => ({
      id,
      from: before,
      to: now,
      reason: [reason, ...(fallen === 0 ? [] : [`It blocks ${fallen} other requirement${fallen === 1 ? '' : 's'}.`])]
        .filter((words) => words !== '')
        .join(' '),
    }));
  const parts: [string, DifferenceLine[]][] = [
    ['Regressions', changed(regressions)],
    ['Behaviour that changed', behaviour.map(({ question, before, now }) => ({ id: question, from: before, to: now, reason: '' }))],
    ['Improvements', changed(improvements)],
    ['Other changes', changed(others)],
  ];
  return parts.filter(([, lines]) => lines.length > 0);
}

/** What a difference means, in a sentence. */
export function closing(difference: Difference): string {
  const { regressions, behaviour, improvements, others, unchanged } = difference;
  const changes = regressions.length + behaviour.length + improvements.length + others.length;
  if (changes === 0) return `Nothing has changed: ${unchanged} verdicts and answers are the same.`;
  return exitCodeOfDifference(difference) === 1
    ? `Something that a client may rely on got worse. ${unchanged} verdicts and answers are the same.`
    : `Nothing that a client may rely on got worse. ${unchanged} verdicts and answers are the same.`;
}

function remarksOn(before: Comparable, now: Comparable): string[] {
  if (before.results === undefined || now.results === undefined)
    return ['One of them is a fingerprint, so that only the behaviour is compared.'];
  const [old, current] = [before.subject!, now.subject!];
  if (old.kind !== current.kind) return ['One of them is of a server, the other of a client.'];
  if (old.kind === 'client' || current.kind === 'client') return [];
  return [
    ...(old.baseUrl === current.baseUrl
      ? []
      : [`They are of different servers: ${printable(old.baseUrl)} and ${printable(current.baseUrl)}.`]),
    ...(old.mode === current.mode
      ? []
      : [`They were made in different modes, ${old.mode} and ${current.mode}, so that one has tested more.`]),
  ];
}

/** Its verdict; an accepted failure has a word of its own. */
function wordOf(result: Result | undefined): string {
  if (result === undefined) return 'absent';
  return isAccepted(result) ? 'accepted' : result.verdict;
}

function isRegression(was: Result | undefined, is: Result | undefined): boolean {
  if (was?.verdict !== 'pass' || is === undefined || is.level === 'observe') return false;
  return ['fail', 'untestable', 'broken'].includes(wordOf(is));
}

function isImprovement(was: Result | undefined, is: Result | undefined): boolean {
  return is?.verdict === 'pass' && was !== undefined && was.verdict !== 'skipped';
}
