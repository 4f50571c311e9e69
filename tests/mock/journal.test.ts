import { describe, expect, test } from 'vitest';
import { createMockService, type JournalEntry, type MockServiceOptions } from '../../src/mock/index.ts';
import { formatJournalEntry } from '../../src/mock/journal.ts';
import { canaries, canaryCustomers, canaryPerson, canaryToken } from '../support/canary.ts';

const nowMs = Date.UTC(2026, 10, 23, 12, 0, 0, 250);

function canaryMock(options: MockServiceOptions = {}) {
  let made = 0;
  const mock = createMockService({
    customers: canaryCustomers,
    token: canaryToken,
    now: () => nowMs,
    newId: () => `made-${(made += 1)}`,
    sleep: (_, signal) => Promise.reject(signal.reason),
    ...options,
  });
  const [customerId] = mock.customers.ids() as [string];
  const path = `/v1/customers/${customerId}/profiles/billing`;
  const send = (init: RequestInit = {}, to = path) =>
    mock.fetch(
      new Request(`http://mock.localhost${to}`, { ...init, headers: { Authorization: `Bearer ${canaryToken}`, ...init.headers } }),
    );
  const put = (headers: Record<string, string> = {}, change: object = {}) =>
    send({
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ ...mock.customers.get(customerId), ...change }),
    });
  return { mock, customerId, path, send, put };
}

describe('the journal', () => {
  test('keeps what was asked and what became of it', async () => {
    const { mock, path, send, put } = canaryMock();
    const etag = mock.customers.get(mock.customers.ids()[0]!)!.attributes.etag;
    await send({ headers: { 'MS-RequestId': 'r', 'MS-CorrelationId': 'c' } });
    await put({ 'If-Match': '"1"', 'Content-Type': 'application/json; charset=utf-8', 'X-Mock-Fault': 'drops-etag' });
    expect(mock.journal).toEqual([
      {
        at: '2026-11-23T12:00:00.250Z',
        request: { method: 'GET', path, token: 'known', requestId: 'r', correlationId: 'c' },
        response: { outcome: 'sent', status: 200, requestId: 'r', correlationId: 'c', etag },
        faults: [],
      },
      {
        at: '2026-11-23T12:00:00.250Z',
        request: {
          method: 'PUT',
          path,
          token: 'known',
          ifMatch: '"1"',
          contentType: 'application/json',
          body: expect.objectContaining({
            firstName: `<string, ${canaryPerson.length} characters>`,
            culture: 'en-US',
            attributes: { etag, objectType: 'CustomerBillingProfile' },
            defaultAddress: expect.objectContaining({ country: 'US', postalCode: '<string, 5 characters>' }),
          }),
        },
        response: {
          outcome: 'sent',
          status: 400,
          requestId: 'made-1',
          correlationId: 'made-2',
          code: 2055,
          description: 'Etag is no longer valid',
        },
        faults: ['drops-etag'],
      },
    ]);
  });

  test.each([
    ['resets-before-storing', { outcome: 'connection-lost' }],
    ['truncates-body', { outcome: 'connection-lost', status: 200 }],
    ['never-ends-body', { outcome: 'endless-body', status: 200 }],
    ['throttles-by-seconds', { outcome: 'sent', status: 429 }],
  ] as const)('says what %s came to', async (fault, response) => {
    const { mock, send } = canaryMock({ faults: [fault] });
    await send().catch(() => {});
    expect(mock.journal[0]).toMatchObject({ response, faults: [fault] });
  });

  test('says that a request was given up, and what came for another path', async () => {
    const { mock, send } = canaryMock({ faults: ['delays-answer'] });
    await expect(send({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    await send({ method: 'DELETE', headers: { Authorization: '' } }, '/elsewhere?secret=1');
    expect(mock.journal.map(({ request, response }) => [request.path, request.token, response.outcome, response.status])).toEqual([
      [expect.stringContaining('/profiles/billing'), 'known', 'aborted', undefined],
      ['/elsewhere', 'none', 'sent', 404],
    ]);
  });

  test('holds no token, no value of the customer’s and no control character, wherever they stood', async () => {
    const entries: JournalEntry[] = [];
    const { mock, send, put } = canaryMock({ onExchange: (entry) => entries.push(entry) });
    await send();
    await put({ 'If-Match': canaryToken, 'MS-RequestId': `x${canaryToken}y`, 'MS-CorrelationId': '\u009b31m' });
    await put({}, { [canaryPerson]: canaryPerson, links: { self: { uri: canaryToken } }, firstName: 4255550199 });
    await send({ headers: { Authorization: 'Bearer another-token', 'MS-RequestId': `${'x'.repeat(250)}${canaryToken}` } });
    await send({ method: 'PUT', body: `${canaryPerson} is not JSON` });
    await send({}, `/v1/customers/${canaryToken}/profiles/billing`);
    await send({}, '/v1/customers/%1b%5b31m/profiles/billing');
    expect(entries).toHaveLength(7);
    expect(mock.journal).toEqual(entries);
    for (const text of [JSON.stringify(mock.journal), ...entries.map(formatJournalEntry)]) {
      for (const canary of [...canaries, canaryToken.slice(0, 6), 'another-token']) expect(text).not.toContain(canary);
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/); // oxlint-disable-line no-control-regex
    }
  });

  test('keeps so many, whatever their size', async () => {
    const { mock, send } = canaryMock({ journalSize: 3 });
    for (const size of [1, 2, 3, 4])
      await send({ method: 'PUT', body: `"${'x'.repeat(size * 100_000)}"`, headers: { 'MS-RequestId': 'x'.repeat(9000) } });
    expect(mock.journal.map(({ request }) => request.body)).toEqual([2, 3, 4].map((size) => `<${size * 100_000 + 2} characters>`));
    expect(JSON.stringify(mock.journal).length).toBeLessThan(3000);
    mock.reset();
    expect(mock.journal).toEqual([]);
  });

  test('is one line for a person', async () => {
    const { mock, path, send, put } = canaryMock();
    await put({ 'If-Match': '"1"', 'MS-RequestId': 'r', 'MS-CorrelationId': 'c' });
    await send({ headers: { Authorization: 'Bearer x', 'X-Mock-Fault': 'resets-before-storing' } }).catch(() => {});
    expect(mock.journal.map(formatJournalEntry)).toEqual([
      `12:00:00.250 PUT ${path}  If-Match "1"  -> 400 2055 Etag is no longer valid  request id r  correlation id c`,
      `12:00:00.250 GET ${path}  wrong token  -> connection-lost  faults resets-before-storing  request id none  correlation id none`,
    ]);
  });
});
