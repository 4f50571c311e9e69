import { countsAgainst, hasTested, isAccepted, isLeftChanged } from '../suite/exit-code.ts';
import type { AcceptedFailure, Report, Result } from '../suite/result.ts';
import { type Card, cardOf, type ReportContext } from './card.ts';

/** A report in the order in which it is read, the same in every form. */
export interface ReportModel {
  outcome: 'passed' | 'failed' | 'invalid';
  /** The news in one or two sentences. */
  headline: string;
  /** How many results there are of each kind, zeros too. */
  counts: { kind: Kind; name: string; count: number }[];
  /** What makes the run fail, or invalid; what each blocks stands in its card. */
  failures: Card[];
  /** Failures that are listed as accepted and have not expired. */
  accepted: Card[];
  /** Entries of accepted failures that have to be removed, because their requirement passes. */
  resolved: readonly AcceptedFailure[];
  /** What did not pass and does not count: a `should`, and open questions that stay open. */
  remarks: Card[];
  /** The ids that were left out, by the reason. */
  skipped: { reason: string; ids: string[] }[];
  /** The answers to open questions, in words. */
  observed: Observation[];
  passed: string[];
}

/** One answer to an open question. */
export interface Observation {
  /** The requirement that observed it. */
  id: string;
  question: string;
  answer: string;
}

/** The outcome in words. */
export const outcomeWords = { passed: 'Passed', failed: 'Failed', invalid: 'Not valid' } as const;

/** The kinds of results, in the order in which they are counted: the name of each, and what it means. */
export const kinds = {
  passed: ['passed', 'The rule holds.'],
  failed: ['failed', 'The rule is broken, and the run fails: a "must", or a "should" of a strict run.'],
  uncounted: ['failed (should)', 'The rule is broken, and the run does not fail: a "should".'],
  accepted: ['accepted', 'The rule is broken. A team accepts that until a date; it does not count until then.'],
  untestable: [
    'untestable',
    'It could not be tested, in most cases because a requirement that it needs did not pass. Repair that one first.',
  ],
  skipped: ['skipped', 'The mode or the arguments leave it out.'],
  broken: ['broken', 'The check itself failed, or the target went away. The run is not valid.'],
  observed: ['observed', 'An answer to a question that the documents leave open. It is not judged.'],
} as const;

export type Kind = keyof typeof kinds;

/** The kind of a result. */
export function kindOf(result: Result, report: Pick<Report, 'results'>, context: Pick<ReportContext, 'strict'>): Kind {
  const { verdict, level } = result;
  if (verdict === 'pass') return level === 'observe' ? 'observed' : 'passed';
  if (verdict !== 'fail') return verdict;
  // A question that stays open: the service did not keep to what the check needs.
  if (level === 'observe') return 'untestable';
  if (isAccepted(result)) return 'accepted';
  return countsAgainst(result, report, context) ? 'failed' : 'uncounted';
}

/** How many results there are of each kind, zeros too. */
export function countKinds(results: readonly Result[], context: Pick<ReportContext, 'strict'>): Record<Kind, number> {
  const counts = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, 0])) as Record<Kind, number>;
  for (const result of results) counts[kindOf(result, { results }, context)] += 1;
  return counts;
}

/** Puts the results of a run in order. */
export function reportModel(report: Report, context: ReportContext): ReportModel {
  const { results } = report;
  const cards = causesOf(results).map(([result, others]) => cardOf(result, report, context, others));
  const accepted = cards.filter(({ result }) => isAccepted(result));
  const failures = cards.filter((card) => !accepted.includes(card) && card.counts);
  const counts = countKinds(results, context);
  return {
    outcome: context.exitCode === 0 ? 'passed' : context.exitCode === 1 ? 'failed' : 'invalid',
    headline: headlineOf(report, failures, context),
    counts: (Object.keys(kinds) as Kind[]).map((kind) => ({ kind, name: kinds[kind][0], count: counts[kind] })),
    failures,
    accepted,
    resolved: report.resolved ?? [],
    remarks: cards.filter((card) => !accepted.includes(card) && !failures.includes(card)),
    skipped: skippedOf(results),
    observed: observedOf(results),
    passed: results.filter((result) => result.verdict === 'pass' && result.level !== 'observe').map(({ id }) => id),
  };
}

/** The answers to open questions. */
export function observedOf(results: readonly Result[]): Observation[] {
  return results.flatMap(({ id, observed }) =>
    (observed ?? '')
      .split('; ')
      .filter((words) => words !== '')
      .map((words) => {
        const colon = words.indexOf(': ');
        return colon === -1 ? { id, question: id, answer: words } : { id, question: words.slice(0, colon), answer: words.slice(colon + 2) };
      }),
  );
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
    if (ids('fail') !== '') news.push(`These requirements failed: ${ids('fail')}.`);
    if (ids('untestable') !== '') news.push(`These could not be tested: ${ids('untestable')}.`);
    if (resolved.length > 0)
      news.push(
        `These accepted failures are resolved; remove their entries: ${resolved.map(({ requirement }) => requirement).join(', ')}.`,
      );
  } else if (!hasTested(report, { strict })) {
    const hint = strictOption && hasTested(report, { strict: true }) ? ` With ${strictOption} a "should" counts too.` : '';
    news.push(`The run is not valid: no "must" was tested.${hint}`);
  } else {
    const unkept = results.filter((result) => kindOf(result, report, { strict }) === 'uncounted').map(({ id }) => id);
    const butKnown = results.some(isAccepted) ? ', apart from accepted failures' : '';
    if (unkept.length > 0) news.push(`Every "must" that was tested holds${butKnown}. Failed, but only a "should": ${unkept.join(', ')}.`);
    else news.push(`Every requirement that was tested holds${butKnown}.`);
  }
  if (isLeftChanged(restoration)) news.push(`The profile was not put back: ${restoration.reason}.`);
  return news.join(' ');
}

/** The results that did not pass by themselves, each with the ids that it blocks. */
export function causesOf(results: readonly Result[]): [Result, string[]][] {
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
