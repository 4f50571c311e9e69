import { describe, test } from 'vitest';
import { requirements } from './conformance/requirements/index.ts';
import { createRun, type Run, type RunOptions, selectRequirements } from './conformance/run.ts';
import type { Result, Target } from './conformance/types.ts';

/** As for a run; `title` names the group of tests. */
export interface DescribeConformanceOptions extends Pick<RunOptions, 'mode' | 'only' | 'timeoutMs'> {
  title?: string;
  /** Let a `should` fail its test too. */
  strict?: boolean;
}

/**
 * Registers a test for every requirement, in a vitest suite of yours.
 *
 * Shape: a function as target is called when the first test runs, so that a server can be started before. Off this machine only
 * GETs are sent. A skipped requirement is a skipped test.
 * Errors: the test fails with the rule, what was found, and the last exchange.
 */
export function describeConformance(target: Target | (() => Target | Promise<Target>), options: DescribeConformanceOptions = {}): void {
  const { title = 'conformance', strict = false, only, ...runOptions } = options;
  describe(title, () => {
    let preparing: Promise<Run> | undefined;
    const prepare = async (): Promise<Run> => {
      const run = createRun(typeof target === 'function' ? await target() : target, runOptions);
      await run.preflight();
      return run;
    };
    const selected = selectRequirements(requirements, only);
    for (const { id } of selected) {
      test(id, async ({ skip }) => {
        const result = await (await (preparing ??= prepare())).resultOf(id);
        if (result.verdict === 'skipped') skip(result.reason);
        const counts = result.level === 'must' || (strict && result.level === 'should') || result.verdict === 'broken';
        if (counts && result.verdict !== 'pass') throw new Error(messageOf(result));
      });
    }
  });
}

function messageOf({ id, verdict, rule, reason, exchanges = [] }: Result): string {
  const last = exchanges.at(-1);
  return [`${id}: ${verdict}. ${reason}`, rule, ...(last === undefined ? [] : [JSON.stringify(last, null, 2)])].join('\n');
}
