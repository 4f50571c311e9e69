import { afterAll, describe, test } from 'vitest';
import { requirements } from './conformance/requirements/index.ts';
import { createRun, type Run } from './conformance/run.ts';
import type { RunOptions } from './conformance/run-options.ts';
import { countsAgainst, isLeftChanged } from './suite/exit-code.ts';
import { requirementsAsOf, selectRequirements } from './suite/selection.ts';
import { type AcceptedFailures, acceptedFailuresOf, markAccepted } from './suite/accepted.ts';
import type { AcceptedFailure, Result } from './suite/result.ts';
import { resolveTarget, type Target } from './conformance/target.ts';
import { acceptedWords, cardOf } from './report/card.ts';
import { formatCard } from './report/card-text.ts';

/** As for a run; `title` names the group of tests. */
export interface DescribeConformanceOptions extends Pick<
  RunOptions,
  'mode' | 'only' | 'requirementsVersion' | 'timeoutMs' | 'sleep' | 'now'
> {
  title?: string;
  /** Let a `should` fail its test too. */
  strict?: boolean;
  /** Failures that you accept until a date: a list, or the parsed `--known` file of the command line. Default: none. */
  known?: AcceptedFailures;
}

/**
 * Registers a test for every requirement, in a vitest suite of yours.
 *
 * Shape: a test is named after its requirement; for a `should` or an open question the level follows in brackets. What failed and does not
 * count, and what could not be tested, is a skipped test that says why. A function as target is called when the first test runs, so that a
 * server can be started before. Off this machine only GETs are sent. After the last test the profile is put back.
 * Errors: the test fails with everything that a report tells of a failure; or because its accepted failure is resolved.
 */
export function describeConformance(target: Target | (() => Target | Promise<Target>), options: DescribeConformanceOptions = {}): void {
  const { title = 'conformance', strict = false, only, requirementsVersion, known = [], ...runOptions } = options;
  const inForce = requirementsAsOf(requirements, requirementsVersion);
  const accepted = acceptedFailuresOf(known, requirements.map(({ id }) => id)); // prettier-ignore
  describe(title, () => {
    let run: Run | undefined;
    let preparing: Promise<Run> | undefined;
    const prepare = async (): Promise<Run> => {
      run = createRun(resolveTarget(typeof target === 'function' ? await target() : target), { ...runOptions, requirements: inForce });
      await run.preflight();
      return run;
    };
    const resultOf = async (id: string): Promise<Result> => {
      const result = await (await (preparing ??= prepare())).resultOf(id);
      return markAccepted(result, accepted, (runOptions.now ?? Date.now)());
    };
    afterAll(async () => {
      const restoration = await run?.finish();
      if (isLeftChanged(restoration)) throw new Error(`The profile was not put back to what it was: ${restoration.reason}.`);
    });
    for (const { id, level } of selectRequirements(inForce, only)) {
      test(level === 'must' ? id : `${id} (${level})`, async ({ skip }) => {
        const result = await resultOf(id);
        const cause = result.blockedBy === undefined ? [] : [await resultOf(result.blockedBy)];
        if (result.verdict === 'pass') return expectUnlisted(id, accepted);
        if (result.verdict === 'broken' || countsAgainst(result, { results: cause }, { strict })) throw new Error(messageOf(result));
        skip(whyNotCounted(result));
      });
    }
  });
}

/** Errors: when a requirement that passes is listed as an accepted failure. */
function expectUnlisted(id: string, accepted: readonly AcceptedFailure[]): void {
  const entry = accepted.find(({ requirement }) => requirement === id);
  if (entry !== undefined) throw new Error(`${id} passes. Remove its entry from the accepted failures (owner ${entry.owner}).`);
}

function whyNotCounted(result: Result): string {
  const { verdict, level, reason = '' } = result;
  if (verdict === 'skipped' || result.blockedBy !== undefined) return reason;
  if (result.accepted !== undefined) return `failed, accepted ${acceptedWords(result)}`;
  return `${verdict === 'fail' ? 'failed' : verdict}, ${level}, not counted: ${reason}`;
}

function messageOf(result: Result): string {
  const context = { title: '', facts: [], strict: false, exitCode: 1, rerun: (id: string) => `vitest -t ${id}` };
  const words = result.verdict === 'fail' ? 'failed' : result.verdict;
  return `${result.id} (${result.level}): ${words}. ${result.reason}\n\n${formatCard(cardOf(result, { results: [] }, context))}`;
}
