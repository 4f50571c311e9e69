import { hasTested, isAccepted, isLeftChanged } from '../suite/exit-code.ts';
import type { AcceptedFailure, Report, Result } from '../suite/result.ts';
import { type Card, cardOf, type ReportContext } from './card.ts';

/** A report in the order in which it is read, the same in every form. */
export interface ReportModel {
  outcome: 'passed' | 'failed' | 'invalid';
  /** The news in one sentence. */
  headline: string;
  /** Name and number, all of them, zeros too. */
  counts: (readonly [name: string, count: number])[];
  /** What makes the run fail, or invalid; what fell with each stands in its card. */
  failures: Card[];
  /** Failures that are listed as accepted and have not expired. */
  accepted: Card[];
  /** Entries of known deviations that have to go, because their requirement passes. */
  resolved: readonly AcceptedFailure[];
  /** What did not pass and does not count: a `should`, and open questions that stay open. */
  remarks: Card[];
  /** The ids that were left out, by the reason. */
  skipped: { reason: string; ids: string[] }[];
  /** What was seen of the open questions, in words. */
  observed: { id: string; words: string }[];
  passed: string[];
}

/** The outcome in words. */
export const outcomeWords = { passed: 'Passed', failed: 'Failed', invalid: 'Not valid' } as const;

/** What the counts of a report mean, in the order in which they are shown. */
export const verdictMeanings = [
  ['passed', 'The rule held.'],
  ['failed', 'The rule was broken. A "must" counts; a "should" counts if that was asked for.'],
  ['known', 'It failed, somebody bears it until a day, and it does not count until then.'],
  ['untestable', 'Something that it stands on is missing. Mend that first.'],
  ['skipped', 'The mode or the arguments leave it out.'],
  ['broken', 'Our own check failed, or the target went away. The run is not valid.'],
] as const;

/** Puts the results of a run in order. */
export function reportModel(report: Report, context: ReportContext): ReportModel {
  const { results, summary } = report;
  const groups = causesOf(results);
  const cards = groups.map(([result, others]) => cardOf(result, report, context, others));
  const accepted = cards.filter(({ result }) => isAccepted(result));
  const failures = cards.filter((card) => !accepted.includes(card) && card.counts);
  return {
    outcome: context.exitCode === 0 ? 'passed' : context.exitCode === 1 ? 'failed' : 'invalid',
    headline: headlineOf(report, failures, context),
    counts: [
      ['passed', summary.pass],
      ['failed', summary.fail],
      ['known', summary.accepted],
      ['untestable', summary.untestable],
      ['skipped', summary.skipped],
      ['broken', summary.broken],
    ],
    failures,
    accepted,
    resolved: report.resolved ?? [],
    remarks: cards.filter((card) => !accepted.includes(card) && !failures.includes(card)),
    skipped: skippedOf(results),
    observed: results.flatMap(({ id, observed }) => (observed === undefined ? [] : [{ id, words: observed }])),
    passed: results.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id),
  };
}

/** The news of a run, in a sentence or two. */
function headlineOf(report: Report, failures: readonly Card[], { exitCode, strict, strictOption }: ReportContext): string {
  const { results, resolved = [], restoration } = report;
  const broken = results.find(({ verdict }) => verdict === 'broken');
  const news: string[] = [];
  if (broken !== undefined) news.push(`The run is not valid. ${broken.reason}`);
  else if (exitCode === 1) {
    const ids = (verdict: Result['verdict']): string =>
      [...new Set(failures.filter(({ result }) => result.verdict === verdict).map(({ result: { id, blockedBy = id } }) => blockedBy))].join(
        ', ',
      );
    if (ids('fail') !== '') news.push(`Promises are broken: ${ids('fail')}.`);
    if (ids('untestable') !== '') news.push(`Could not be tested: ${ids('untestable')}.`);
    if (resolved.length > 0) news.push(`Known deviations are none any more: ${resolved.map(({ requirement }) => requirement).join(', ')}.`);
  } else if (!hasTested(report, { strict })) {
    const hint = strictOption && hasTested(report, { strict: true }) ? ` With ${strictOption} a "should" counts too.` : '';
    news.push(`The run is not valid: no "must" was tested.${hint}`);
  } else {
    const unkept = results.filter((result) => result.verdict === 'fail' && !isAccepted(result)).map(({ id }) => id);
    const butKnown = results.some(isAccepted) ? ', but for known deviations' : '';
    if (unkept.length > 0) news.push(`Every "must" that was tested is kept${butKnown}; a "should" is not: ${unkept.join(', ')}.`);
    else news.push(`Every promise that was tested is kept${butKnown}.`);
  }
  if (isLeftChanged(restoration)) news.push(`The profile was not put back: ${restoration.reason}.`);
  return news.join(' ');
}

/** What did not pass by its own fault, each with the ids that fell with it. */
function causesOf(results: readonly Result[]): [Result, string[]][] {
  const causes = new Map<string, [Result, string[]]>();
  for (const result of results) {
    if (result.verdict === 'pass' || result.verdict === 'skipped') continue;
    if (result.blockedBy === undefined) {
      // When the target goes away, everything after it is broken for the same reason.
      const key = result.verdict === 'broken' ? `broken: ${result.reason}` : result.id;
      const cause = causes.get(key);
      if (cause === undefined) causes.set(key, [result, []]);
      else cause[1].push(result.id);
    }
  }
  for (const result of results) {
    if (result.blockedBy === undefined) continue;
    const cause = causes.get(result.blockedBy);
    // The cause was not selected, so that it has no result of its own.
    if (cause === undefined) causes.set(result.blockedBy, [result, []]);
    else cause[1].push(result.id);
  }
  return [...causes.values()];
}

function skippedOf(results: readonly Result[]): ReportModel['skipped'] {
  const groups = new Map<string, string[]>();
  for (const { id, verdict, reason = '' } of results) {
    if (verdict === 'skipped') groups.set(reason, [...(groups.get(reason) ?? []), id]);
  }
  return [...groups].map(([reason, ids]) => ({ reason, ids }));
}
