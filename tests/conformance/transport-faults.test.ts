import { expect, test } from 'vitest';
import { runConformance } from '../../src/conformance/index.ts';
import { createMockService, type TransportFault, type TransportFaultName, transportFaults } from '../../src/mock/index.ts';
import { targetOf } from '../support/target.ts';

const sleep = async (): Promise<void> => {};

test.each(Object.keys(transportFaults) as TransportFaultName[])(
  '%s of every request: the suite says what the fault lists',
  async (name) => {
    const { suite } = transportFaults[name] as TransportFault;
    const { summary, results } = await runConformance(targetOf(createMockService({ faults: [name], sleep })), { sleep, timeoutMs: 20 });
    expect(summary.broken).toBe(0);
    const failed = results.find(({ verdict }) => verdict === 'fail')?.id;
    expect(failed).toBe(suite.includes('.') ? suite : undefined);
    if (suite === 'passes') expect(summary.pass).toBe(results.length);
    if (suite === 'untestable') expect(summary.untestable).toBe(results.length);
  },
);
