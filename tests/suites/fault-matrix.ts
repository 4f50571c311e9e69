import { describe, expect, test } from 'vitest';
import { consequencesOf } from '../../scripts/consequences.ts';
import { exitCodeOf, requirements, runConformance } from '../../src/conformance/index.ts';
import { type BehaviourPreset, createMockService, type FaultName, faults } from '../../src/mock/index.ts';
import { withNeeds } from '../../src/suite/selection.ts';
import { canaries, canaryCustomers, canaryToken } from '../support/canary.ts';
import { targetOf } from '../support/target.ts';

/** A read that lags is waited for; here there is nothing to wait for. */
const sleep = (): Promise<void> => Promise.resolve();

/**
 * Registers a test for every fault: it makes fail what it lists, and untestable what stands on that.
 *
 * Shape: the whole matrix checks every requirement on every fault; otherwise only those that the fault lists, and what they need.
 */
export function describeFaults(behaviour: BehaviourPreset, { isWhole }: { isWhole: boolean }): void {
  describe(`on a mock that behaves as ${behaviour}`, () => {
    test.each(Object.keys(faults) as FaultName[])(
      '%s makes fail exactly what it lists, untestable exactly what stands on that, and nothing leaks',
      async (name) => {
        const mock = createMockService({ behaviour, faults: [name], token: canaryToken, customers: canaryCustomers });
        const { fails } = faults[name];
        const listed = requirements.filter(({ id }) => (fails as readonly string[]).includes(id));
        const checked = isWhole ? requirements : withNeeds(listed, requirements);
        const report = await runConformance(targetOf(mock), { requirements: checked, sleep });

        const ids = (verdict: string): string[] => report.results.filter((result) => result.verdict === verdict).map(({ id }) => id);
        expect(ids('fail').toSorted()).toEqual([...fails].toSorted());
        expect(ids('untestable').toSorted()).toEqual(consequencesOf(fails, checked).toSorted());
        expect([...ids('broken'), ...ids('skipped')]).toEqual([]);
        for (const result of report.results.filter(({ verdict }) => verdict === 'untestable')) {
          expect(fails, `${result.id} blames ${result.blockedBy}`).toContain(result.blockedBy);
        }
        for (const result of report.results.filter(({ verdict }) => verdict === 'fail')) {
          expect(result).toMatchObject({ reason: expect.any(String), remedy: expect.any(String), correlationId: expect.any(String) });
          expect(result.exchanges!.length).toBeGreaterThan(0);
        }
        expect(exitCodeOf(report, { strict: true })).toBe(1);

        const text = JSON.stringify(report);
        for (const canary of canaries) expect(text).not.toContain(canary);
      },
    );
  });
}
