import type { AcceptedFailure, Report, Result } from './result.ts';
import { MisuseError } from '../contract/misuse.ts';

/**
 * Marks a failure that is listed as accepted. Its verdict stays.
 *
 * Shape: `now` is milliseconds since 1970; an entry is in force through the whole of its last day, UTC.
 */
export function markAccepted(result: Result, failures: readonly AcceptedFailure[], now: number): Result {
  const entry = failures.find(({ requirement }) => requirement === result.id);
  if (entry === undefined || result.verdict !== 'fail') return result;
  const { requirement: _, ...accepted } = entry;
  return { ...result, accepted: { ...accepted, expired: entry.expires < new Date(now).toISOString().slice(0, 10) } };
}

/** The report with its accepted failures marked and counted, and with the entries whose requirement passes as resolved. */
export function withAccepted<R extends Report>(report: R, failures: readonly AcceptedFailure[], now: number): R {
  const results = report.results.map((result) => markAccepted(result, failures, now));
  const accepted = results.filter((result) => result.accepted?.expired === false).length;
  const resolved = failures.filter(({ requirement }) => results.some(({ id, verdict }) => id === requirement && verdict === 'pass'));
  return {
    ...report,
    results,
    ...(resolved.length > 0 ? { resolved } : {}),
    summary: { ...report.summary, fail: report.summary.fail - accepted, accepted },
  };
}

/** A list of accepted failures, or what a file of them has: `deviations`. */
export type AcceptedFailures = readonly AcceptedFailure[] | { readonly deviations: readonly AcceptedFailure[] };

/**
 * The list of accepted failures, checked.
 *
 * Errors: `TypeError` for a requirement that does not exist or that has two entries, and for a day that does not exist. An entry for a
 * requirement of clients is passed over: a team may keep one list for both suites.
 */
export function acceptedFailuresOf(given: AcceptedFailures, ids: readonly string[]): readonly AcceptedFailure[] {
  const failures = 'deviations' in given ? given.deviations : given;
  for (const [index, { requirement, expires }] of failures.entries()) {
    const entry = `The accepted failure ${index + 1}, ${requirement},`;
    if (!ids.includes(requirement) && !requirement.startsWith('client.')) throw new MisuseError(`${entry} names no requirement.`);
    if (!isDay(expires)) throw new MisuseError(`${entry} expires on "${expires}". Expected its last day, such as 2027-01-31.`);
    if (failures.findIndex((other) => other.requirement === requirement) !== index) throw new MisuseError(`${entry} is listed twice.`);
  }
  return failures;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
