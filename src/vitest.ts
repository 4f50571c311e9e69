import { afterAll, describe, test } from 'vitest';
import { requirements } from './conformance/requirements/index.ts';
import { createRun, type Run } from './conformance/run.ts';
import type { RunOptions } from './conformance/run-options.ts';
import { countsAgainst, isLeftChanged } from './suite/exit-code.ts';
import { requirementsAsOf, selectRequirements } from './suite/selection.ts';
import type { Result } from './suite/result.ts';
import { resolveTarget, type Target } from './conformance/target.ts';
import { cardOf } from './report/card.ts';
import { formatCard } from './report/card-text.ts';

/** As for a run; `title` names the group of tests. */
export interface DescribeConformanceOptions extends Pick<RunOptions, 'mode' | 'only' | 'requirementsVersion' | 'timeoutMs' | 'sleep'> {
  title?: string;
  /** Let a `should` fail its test too. */
  strict?: boolean;
}

/**
 * Registers a test for every requirement, in a vitest suite of yours.
 *
 * Shape: a function as target is called when the first test runs, so that a server can be started before. Off this machine only
 * GETs are sent. A skipped requirement is a skipped test. After the last one the profile is put back.
 * Errors: the test fails with everything that a report tells of a failure.
 */
export function describeConformance(target: Target | (() => Target | Promise<Target>), options: DescribeConformanceOptions = {}): void {
  const { title = 'conformance', strict = false, only, requirementsVersion, ...runOptions } = options;
  const inForce = requirementsAsOf(requirements, requirementsVersion);
  describe(title, () => {
    let run: Run | undefined;
    let preparing: Promise<Run> | undefined;
    const prepare = async (): Promise<Run> => {
      run = createRun(resolveTarget(typeof target === 'function' ? await target() : target), { ...runOptions, requirements: inForce });
      await run.preflight();
      return run;
    };
    afterAll(async () => {
      const restoration = await run?.finish();
      if (isLeftChanged(restoration)) throw new Error(`The profile was not put back to what it was: ${restoration.reason}.`);
    });
    const selected = selectRequirements(inForce, only);
    for (const { id } of selected) {
      test(id, async ({ skip }) => {
        const result = await (await (preparing ??= prepare())).resultOf(id);
        if (result.verdict === 'skipped') skip(result.reason);
        if (result.verdict === 'broken' || countsAgainst(result, { results: [] }, { strict })) throw new Error(messageOf(result));
      });
    }
  });
}

function messageOf(result: Result): string {
  const context = { title: '', facts: [], strict: false, exitCode: 1, rerun: (id: string) => `vitest -t ${id}` };
  return `${result.id}: ${result.verdict}. ${result.reason}\n\n${formatCard(cardOf(result, { results: [] }, context))}`;
}
