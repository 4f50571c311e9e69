import { setupServer } from 'msw/node';
import { afterAll, beforeAll } from 'vitest';
import { createMockService } from '../../src/mock/index.ts';
import { createHandlers } from '../../src/mock/msw.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';
import { describeConformance } from '../../src/vitest.ts';
import { targetOf } from '../support/target.ts';

describeConformance(targetOf(createMockService()), { title: 'in process', strict: true });
describeConformance(targetOf(createMockService({ behaviour: 'documented' })), { title: 'in process, documented', strict: true });

const intercepted = createMockService();
const interceptedUrl = 'http://msw.localhost';
const msw = setupServer(...createHandlers(intercepted, { baseUrl: interceptedUrl }));

const listening = createMockService();
let served: ServedMock;

beforeAll(async () => {
  served = await serve(listening, { port: 0 });
  msw.listen({ onUnhandledRequest: 'bypass' });
});
afterAll(async () => {
  msw.close();
  await served.close();
});

/** Without a `fetch` of its own, so that the global one is used, as on a live server. */
const overFetch = (mock: typeof listening, baseUrl: string) => {
  const { fetch: _, ...target } = targetOf(mock, baseUrl);
  return target;
};

describeConformance(() => overFetch(intercepted, interceptedUrl), { title: 'through MSW', strict: true });
describeConformance(() => overFetch(listening, served.url), { title: 'over a socket', strict: true });

// A live service, when the environment names one. Off this machine only GETs are sent.
const { PARTNER_CENTER_BASE_URL: baseUrl, PARTNER_CENTER_TOKEN: token, PARTNER_CENTER_CUSTOMER_ID: customerId } = process.env;
if (baseUrl && token && customerId) describeConformance({ baseUrl, token, customerId }, { title: `live: ${new URL(baseUrl).host}` });
