import { setupServer } from 'msw/node';
import { expect, test } from 'vitest';
import { requirements, runConformance } from '../../src/conformance/index.ts';
import { behaviourPresets, createMockService } from '../../src/mock/index.ts';
import { createHandlers } from '../../src/mock/msw.ts';
import { serve } from '../../src/mock/node.ts';
import { targetOf } from '../support/target.ts';

const baseUrl = 'http://mock.localhost';

// In process it is in conformance.test.ts.
test.each(['MSW', 'HTTP'] as const)('through %s the whole suite is green, and sees the same behaviour', async (shell) => {
  const mock = createMockService({ behaviour: 'observed' });
  const intercepting = setupServer(...createHandlers(mock, { baseUrl }));
  const { url, close } = await serve(mock, { port: 0 });
  const { fetch: _, ...overTheGlobalFetch } = targetOf(mock, shell === 'HTTP' ? url : baseUrl);
  if (shell === 'MSW') intercepting.listen({ onUnhandledRequest: 'error' });
  try {
    const { results, summary, behaviour } = await runConformance(overTheGlobalFetch);
    expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(summary.pass).toBe(requirements.length);
    expect(behaviour).toEqual(behaviourPresets.observed);
  } finally {
    intercepting.close();
    await close();
  }
});
