import { expect, test } from 'vitest';
import { exitCodeOf, requirements, runConformance } from '../../src/conformance/index.ts';
import { behaviourPresets, type BehaviourPreset, createMockService, type Fault, faults } from '../../src/mock/index.ts';
import { describeFaults } from '../suites/fault-matrix.ts';
import { targetOf } from '../support/target.ts';

test.each(Object.keys(behaviourPresets) as BehaviourPreset[])('a clean mock that behaves as %s keeps every promise', async (behaviour) => {
  const report = await runConformance(targetOf(createMockService({ behaviour })));
  expect(report.results.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  expect(report.summary.pass).toBe(requirements.length);
  expect(exitCodeOf(report, { strict: true })).toBe(0);
});

// The whole matrix, on both presets, is in tests/slow.
describeFaults('observed', { isWhole: false });

test('every promise is the cause of a fault', () => {
  const causes = new Set(Object.values<Fault>(faults).map(({ fails }) => fails[0]));
  const promises = requirements.filter(({ level }) => level !== 'observe');
  expect(promises.map(({ id }) => id).filter((id) => !causes.has(id))).toEqual([]);
});

test('a fault lists only requirements that exist', () => {
  const ids = requirements.map(({ id }) => id);
  const listed = Object.values<Fault>(faults).flatMap(({ fails }) => fails);
  expect(listed.filter((id) => !ids.includes(id))).toEqual([]);
});
