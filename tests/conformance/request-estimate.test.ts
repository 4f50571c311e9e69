import { describe, expect, test } from 'vitest';
import { runConformance, type RunOptions } from '../../src/conformance/index.ts';
import { estimateRun } from '../../src/conformance/request-estimate.ts';
import { createMockService } from '../../src/mock/index.ts';
import { targetOf } from '../support/target.ts';

const sleep = (): Promise<void> => Promise.resolve();

describe('the estimate of a run', () => {
  test.each([
    ['read', {}],
    ['write', {}],
    ['race', {}],
    ['write', { only: 'write' }],
    ['read', { requirementsVersion: '0.1' }],
  ] as [NonNullable<RunOptions['mode']>, RunOptions][])('in mode %s %j is near the truth', async (mode, options) => {
    const { checks, requests } = estimateRun({ isThisMachine: true }, { mode, ...options });
    const report = await runConformance(targetOf(createMockService()), { mode, sleep, ...options });
    expect(checks).toBe(report.results.filter(({ verdict }) => verdict === 'pass').length);
    expect(Math.abs(requests - report.requests)).toBeLessThan((Object.keys(options).length === 0 ? 0.05 : 0.5) * report.requests + 3);
  });

  test('leaves out what a run off this machine does not send', () => {
    const [here, afar, all] = [
      estimateRun({ isThisMachine: true }, { mode: 'write' }),
      estimateRun({ isThisMachine: false }, { mode: 'write' }),
      estimateRun({ isThisMachine: false }, { mode: 'write', allMembers: true }),
    ];
    expect(afar.requests).toBeLessThan(here.requests);
    expect(all).toEqual(here);
    expect(estimateRun({ isThisMachine: false }, {})).toEqual(estimateRun({ isThisMachine: true }, { mode: 'read' }));
  });
});
