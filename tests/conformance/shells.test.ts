import { setupServer } from 'msw/node';
import { expect, test } from 'vitest';
import { requirements, runConformance, type Target } from '../../src/conformance/index.ts';
import { behaviourPresets, createMockService } from '../../src/mock/index.ts';
import { createHandlers } from '../../src/mock/msw.ts';
import { serve } from '../../src/mock/node.ts';
import { targetOf } from '../support/target.ts';

const baseUrl = 'http://mock.localhost';

test.each(['in process', 'MSW', 'HTTP'] as const)('%s: the whole suite is green, and sees the same behaviour', async (shell) => {
  const mock = createMockService({ behaviour: 'observed' });
  const intercepting = setupServer(...createHandlers(mock, { baseUrl }));
  const { url, close } = await serve(mock, { port: 0 });
  const { fetch: _, ...overTheGlobalFetch } = targetOf(mock, shell === 'HTTP' ? url : baseUrl);
  const targets: Record<typeof shell, Target> = { 'in process': targetOf(mock), MSW: overTheGlobalFetch, HTTP: overTheGlobalFetch };
  if (shell === 'MSW') intercepting.listen({ onUnhandledRequest: 'error' });
  try {
    const { results, summary, behaviour } = await runConformance(targets[shell]);
    expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(summary.pass).toBe(requirements.length);
    expect(behaviour).toEqual(behaviourPresets.observed);
  } finally {
    intercepting.close();
    await close();
  }
});
