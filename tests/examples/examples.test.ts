import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMockService, type MockService } from '../../src/mock/index.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';

let mock: MockService;
let served: ServedMock;
let customerId: string;
let log: ReturnType<typeof vi.spyOn>;
/** Runs before a request of a method reaches the mock. */
let before: { method: string; act: () => Promise<unknown> } | undefined;

beforeEach(async () => {
  mock = createMockService();
  before = undefined;
  const handle: MockService['handle'] = async (request) => {
    if (request.method === before?.method) {
      const { act } = before;
      before = undefined;
      await act();
    }
    return mock.handle(request);
  };
  served = await serve({ handle }, { port: 0 });
  [customerId] = mock.customers.ids(1) as [string];
  vi.stubEnv('PARTNER_CENTER_BASE_URL', served.url);
  vi.stubEnv('PARTNER_CENTER_TOKEN', mock.token);
  vi.stubEnv('PARTNER_CENTER_CUSTOMER_ID', customerId);
  log = vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(async () => {
  log.mockRestore();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await served.close();
});

/** What another writer does, in the mock and not over HTTP. */
async function otherWriterSets(change: object): Promise<void> {
  const { createPartnerClient } = await import('../../src/index.ts');
  const partner = createPartnerClient({ token: mock.token, fetch: mock.fetch });
  await partner.customers.byId(customerId).profiles.billing.edit(change);
}

const stored = () => mock.customers.get(customerId)!;

test('the first lines of code read, change and clear', async () => {
  await import('./start.ts');
  expect(log.mock.calls).toEqual([
    ['CompanyName', 'email@sample.com'],
    ['CompanyName', 'billing@contoso.com'],
  ]);
  expect(stored().defaultAddress).not.toHaveProperty('addressLine2');
});

test('a function on a draft changes and clears', async () => {
  await otherWriterSets({ companyName: '  Contoso ', defaultAddress: { addressLine2: 'Floor 2' } });
  await import('./draft.ts');
  expect(stored().companyName).toBe('Contoso');
  expect(log.mock.calls[0]![0]).not.toHaveProperty('addressLine2');
});

test('a conflict is told, and the second attempt wins', async () => {
  before = { method: 'PUT', act: () => otherWriterSets({ email: 'other@contoso.com' }) };
  await import('./conflict.ts');
  expect(log.mock.calls).toEqual([
    ['Both changed the same place, and yours was not written.', expect.any(String)],
    ['email', 'was:', 'email@sample.com'],
    ['email', 'yours:', 'billing@contoso.com'],
    ['email', 'theirs:', 'other@contoso.com'],
  ]);
  expect(stored().email).toBe('billing@contoso.com');
});

test('an unknown outcome is found out', async () => {
  const timer = setTimeout;
  vi.stubGlobal('setTimeout', (act: () => void, ms: number) => timer(act, ms <= 1000 ? 0 : ms)); // no test waits for a backoff
  mock.addFault({ name: 'resets-before-storing', method: 'PUT' });
  await import('./unknown.ts');
  expect(log.mock.calls).toEqual([['It was not stored.', expect.any(String)]]);
});

test('a form is merged with what another writer stored meanwhile', async () => {
  before = { method: 'PUT', act: () => otherWriterSets({ language: 'fr' }) };
  await import('./form.ts');
  expect(log.mock.calls).toEqual([['billing@contoso.com', 'fr']]);
});

test('a whole profile is written, or refused when it is old', async () => {
  await import('./update.ts');
  expect(log.mock.calls).toEqual([['stored', expect.any(String)]]);
  expect(stored().language).toBe('fr');
});

test('many customers are changed, and a failure stops no other', async () => {
  const { changeAll, inDoubt } = await import('./many-customers.ts');
  const ids = [...mock.customers.ids(), 'contoso.com'];
  const failures = await changeAll(ids, { culture: 'fr-FR' });
  expect([...failures]).toEqual([['contoso.com', expect.any(TypeError)]]);
  expect(inDoubt(failures)).toEqual([]);
  expect(mock.customers.ids().map((id) => mock.customers.get(id)!.culture)).toEqual(['fr-FR', 'fr-FR', 'fr-FR']);
  expect(log.mock.calls.at(-1)).toEqual(['4 of 4, 1 failed']);
  const correlationIds = mock.journal.map(({ request }) => request.correlationId);
  expect(correlationIds).toHaveLength(6);
  expect(new Set(correlationIds)).toEqual(new Set([expect.stringMatching(/^[0-9a-f-]{36}$/)]));
});

test('a client for production logs every request, and no token', async () => {
  const { createClient } = await import('./observed.ts');
  const entries: object[] = [];
  vi.stubGlobal('fetch', (input: string | Request, options?: RequestInit) => mock.fetch(new Request(input, options)));
  const client = createClient({ getToken: async () => ({ token: mock.token }) }, (entry) => entries.push(entry));
  expect(await client.customers.byId(customerId).profiles.billing.get()).toEqual(stored());
  expect(entries).toMatchObject([{ type: 'start' }, { type: 'response', status: 200 }]);
  expect(JSON.stringify(entries)).not.toContain(mock.token);
});
