import { connect } from 'node:net';
import { setupServer } from 'msw/node';
import { afterEach, describe, expect, test } from 'vitest';
import { validateErrorResponse, validateThrottlingResponse } from '../../src/contract/validate.ts';
import { createMockService, type MockService, type MockServiceOptions, type PlannedFault, transportFaults } from '../../src/mock/index.ts';
import type { TransportFaultName } from '../../src/mock/index.ts';
import { createHandlers } from '../../src/mock/msw.ts';
import { serve } from '../../src/mock/node.ts';

const nowMs = Date.UTC(2026, 10, 23, 12, 0, 0, 250);
type Fetch = (request: Request) => Promise<Response>;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** How each shell is asked, and where. */
const shells = {
  'in process': async (mock: MockService) => ({ fetch: mock.fetch as Fetch, baseUrl: 'http://mock.localhost' }),
  MSW: async (mock: MockService) => {
    const baseUrl = 'https://api.partnercenter.example';
    const server = setupServer(...createHandlers(mock, { baseUrl }));
    server.listen({ onUnhandledRequest: 'bypass' });
    ends.push(() => server.close());
    return { fetch: ((request) => globalThis.fetch(request)) as Fetch, baseUrl };
  },
  HTTP: async (mock: MockService) => {
    const { url, close } = await serve(mock, { port: 0 });
    ends.push(close);
    return { fetch: ((request) => globalThis.fetch(request)) as Fetch, baseUrl: url };
  },
};

/** A mock in a shell whose time passes at once, and how long it would have taken. */
async function mockIn(shell: keyof typeof shells, options: MockServiceOptions = {}) {
  const waitsMs: number[] = [];
  const sleep = async (ms: number): Promise<void> => void waitsMs.push(ms);
  const mock = createMockService({ now: () => nowMs, sleep, ...options });
  const [customerId] = mock.customers.ids() as [string];
  const { fetch, baseUrl } = await shells[shell](mock);
  const path = `/v1/customers/${customerId}/profiles/billing`;
  const headers = { Authorization: `Bearer ${mock.token}`, 'MS-RequestId': 'r', 'MS-CorrelationId': 'c' };
  const get = (more: RequestInit = {}) => fetch(new Request(baseUrl + path, { ...more, headers: { ...headers, ...more.headers } }));
  const put = (companyName: string, more: RequestInit = {}) =>
    get({
      method: 'PUT',
      body: JSON.stringify({ ...mock.customers.get(customerId), companyName }),
      ...more,
      headers: { 'Content-Type': 'application/json', ...more.headers },
    });
  const name = () => mock.customers.get(customerId)!.companyName;
  return { mock, get, put, name, waitsMs, baseUrl, path };
}

describe.each(Object.keys(shells) as (keyof typeof shells)[])('%s', (shell) => {
  const withFault = (name: TransportFaultName, options: MockServiceOptions = {}) => mockIn(shell, { faults: [name], ...options });

  test('delays-answer lets a request wait, and answers', async () => {
    const { get, waitsMs } = await withFault('delays-answer', { latencyMs: 250 });
    expect((await get()).status).toBe(200);
    expect(waitsMs).toEqual([250]);
  });

  test.each([
    ['throttles-by-seconds', '57', validateThrottlingResponse, false],
    ['throttles-by-date', 'Mon, 23 Nov 2026 12:00:58 GMT', validateThrottlingResponse, false],
    ['throttles-without-time', null, validateThrottlingResponse, false],
    ['throttles-by-seconds-as-api', '57', validateErrorResponse, true],
    ['throttles-by-date-as-api', 'Mon, 23 Nov 2026 12:00:58 GMT', validateErrorResponse, true],
    ['throttles-without-time-as-api', null, validateErrorResponse, true],
  ] as const)('%s answers 429 with Retry-After %j, and stores nothing', async (fault, retryAfter, validate, hasIds) => {
    const { put, name } = await withFault(fault, { retryAfterSeconds: 57 });
    const answer = await put('Changed');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('Retry-After')).toBe(retryAfter);
    expect(answer.headers.get('MS-RequestId')).toBe(hasIds ? 'r' : null);
    expect(validate(await answer.json())).toMatchObject({ ok: true });
    expect(name()).toBe('CompanyName');
  });

  test.each([
    ['answers-500', 500, validateErrorResponse],
    ['answers-502', 502, validateThrottlingResponse],
    ['answers-503', 503, validateThrottlingResponse],
    ['answers-504', 504, validateThrottlingResponse],
  ] as const)('%s stores nothing', async (fault, status, validate) => {
    const { put, name } = await withFault(fault);
    const answer = await put('Changed');
    expect(answer.status).toBe(status);
    expect(validate(await answer.json())).toMatchObject({ ok: true });
    expect(name()).toBe('CompanyName');
  });

  test('answers-504-after-storing stores a PUT, and leaves a GET alone', async () => {
    const { put, get, name } = await withFault('answers-504-after-storing');
    expect((await get()).status).toBe(200);
    expect((await put('Changed')).status).toBe(504);
    expect(name()).toBe('Changed');
  });

  test.each([
    ['resets-before-storing', 'CompanyName'],
    ['resets-after-storing', 'Changed'],
  ] as const)('%s is a rejected TypeError, and %s is stored', async (fault, stored) => {
    const { put, name } = await withFault(fault);
    await expect(put('Changed')).rejects.toBeInstanceOf(TypeError);
    expect(name()).toBe(stored);
  });

  test('resets-before-storing meets a GET too, resets-after-storing does not', async () => {
    await expect((await withFault('resets-before-storing')).get()).rejects.toBeInstanceOf(TypeError);
    for (const end of ends.splice(0)) await end();
    expect((await (await withFault('resets-after-storing')).get()).status).toBe(200);
  });

  test('truncates-body gives a head that promises more than comes', async () => {
    const { put, name } = await withFault('truncates-body');
    const answer = await put('Changed');
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toBeInstanceOf(TypeError);
    expect(name()).toBe('Changed');
  });

  test('never-ends-body sends half, and an abort ends it', async () => {
    const { get } = await withFault('never-ends-body');
    const abort = new AbortController();
    const answer = await get({ signal: abort.signal });
    const reader = answer.body!.getReader();
    const { value } = await reader.read();
    expect(value!.length).toBe(Math.floor(Number(answer.headers.get('Content-Length')) / 2));
    const rest = reader.read();
    abort.abort(new Error('enough'));
    await expect(rest).rejects.toThrow('enough');
  });

  test('sends-headers-slowly answers in the end', async () => {
    const { get, waitsMs } = await withFault('sends-headers-slowly', { latencyMs: 10 });
    const answer = await get();
    expect(JSON.parse(await answer.text())).toMatchObject({ companyName: 'CompanyName' });
    expect(waitsMs.length).toBeGreaterThan(5);
    expect(new Set(waitsMs)).toEqual(new Set([10]));
  });

  test('redirects-to-another-host names one that leads nowhere, and stores nothing', async () => {
    const { put, name, path } = await withFault('redirects-to-another-host');
    const answer = await put('Changed', { redirect: 'manual' });
    expect(answer.status).toBe(307);
    expect(answer.headers.get('Location')).toBe(`https://another-host.invalid${path}`);
    expect(name()).toBe('CompanyName');
  });

  test('an abort ends a delay, and nothing is stored', async () => {
    let asleep = (): void => {};
    const sleeping = new Promise<void>((resolve) => (asleep = resolve));
    const abort = new AbortController();
    const ended: unknown[] = [];
    const sleep = (_: number, signal: AbortSignal): Promise<void> => {
      asleep();
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => (ended.push(signal.reason), reject(signal.reason))));
    };
    const { put, name } = await withFault('delays-answer', { sleep });
    const answer = put('Changed', { signal: abort.signal });
    await sleeping;
    abort.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
    await expect.poll(() => ended.length).toBe(1);
    expect(name()).toBe('CompanyName');
  });

  test('the header X-Mock-Fault asks for faults of either kind, for one request', async () => {
    const { get, put, name } = await mockIn(shell);
    const asking = (faults: string) => ({ headers: { 'X-Mock-Fault': faults } });
    await expect(put('Changed', asking('resets-after-storing'))).rejects.toBeInstanceOf(TypeError);
    expect(name()).toBe('Changed');
    expect(await (await get(asking('drops-company-name, delays-answer'))).json()).not.toHaveProperty('companyName');
    expect(await (await get()).json()).toHaveProperty('companyName');
  });
});

describe('the default sleep', () => {
  test('is a real one that an abort ends, with its reason', async () => {
    const mock = createMockService({ faults: ['delays-answer'], latencyMs: 5 });
    const url = `http://mock.localhost/v1/customers/${mock.customers.ids()[0]}/profiles/billing`;
    const headers = { Authorization: `Bearer ${mock.token}` };
    expect((await mock.fetch(new Request(url, { headers }))).status).toBe(200);
    await expect(mock.fetch(new Request(url, { headers, signal: AbortSignal.timeout(0) }))).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(mock.fetch(new Request(url, { headers, signal: AbortSignal.abort(new Error('before')) }))).rejects.toThrow('before');
  });
});

describe('over HTTP, on the wire', () => {
  /** Sends a GET by hand; gives what came, by piece, and how the connection ended. */
  async function rawGet(mock: MockService, during?: (close: () => Promise<void>) => void) {
    const { url, close } = await serve(mock, { port: 0 });
    ends.push(() => close().catch(() => {}));
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const pieces: string[] = [];
    socket.write(
      `GET /v1/customers/${mock.customers.ids()[0]}/profiles/billing HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mock-token\r\n\r\n`,
    );
    const ended = await new Promise<string>((resolve) => {
      socket.on('data', (bytes) => {
        pieces.push(String(bytes));
        during?.(close);
      });
      socket.on('end', () => resolve('end'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
      socket.on('connect', () => during?.(close));
    });
    socket.destroy();
    return { pieces, text: pieces.join(''), ended };
  }

  test('a reset is a reset, and nothing was sent', async () => {
    expect(await rawGet(createMockService({ faults: ['resets-before-storing'] }))).toEqual({ pieces: [], text: '', ended: 'ECONNRESET' });
  });

  test('a truncated body has half of the bytes that its Content-Length promises', async () => {
    const { text, ended } = await rawGet(createMockService({ faults: ['truncates-body'] }));
    const [head, body] = text.split('\r\n\r\n') as [string, string];
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(Buffer.byteLength(body)).toBe(Math.floor(Number(/^content-length: (\d+)/im.exec(head)![1]) / 2));
    expect(ended).toBe('end');
  });

  test('slow headers come line by line, and the body after them', async () => {
    const lineSeen: (() => void)[] = [];
    const mock = createMockService({
      faults: ['sends-headers-slowly'],
      sleep: () => new Promise((resolve) => lineSeen.push(resolve)),
    });
    const { pieces, text } = await rawGet(mock, () => setImmediate(() => lineSeen.shift()?.()));
    expect(pieces[0]).toBe('HTTP/1.1 200 \r\n');
    expect(pieces.length).toBeGreaterThan(8);
    expect(text.replace('\uFEFF', '')).toMatch(/\r\n\r\n\{"id":.*\}$/s);
  });

  test.each(['never-ends-body', 'delays-answer', 'sends-headers-slowly'] as const)('%s ends when the server closes', async (fault) => {
    const aborted: unknown[] = [];
    let asleep = (): void => {};
    const mock = createMockService({
      faults: [fault],
      sleep: (_, signal) => {
        asleep();
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => (aborted.push(1), reject(signal.reason as Error))));
      },
    });
    const { ended } = await rawGet(mock, (close) => {
      if (fault === 'never-ends-body') setImmediate(() => void close());
      else asleep = () => setImmediate(() => void close());
    });
    expect(ended).toMatch(/end|ECONNRESET/);
    if (fault !== 'never-ends-body') await expect.poll(() => aborted.length).toBe(1);
  });

  test('requests that were sent at once are answered in their order, the lost one too', async () => {
    const mock = createMockService({ faults: [{ name: 'truncates-body', times: 1 }] });
    mock.addFault({ name: 'resets-before-storing', method: 'HEAD' });
    const { url, close } = await serve(mock, { port: 0 });
    ends.push(close);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const line = `${`/v1/customers/${mock.customers.ids()[0]}/profiles/billing`} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mock-token\r\n\r\n`;
    mock.reset();
    mock.addFault({ name: 'resets-before-storing', method: 'HEAD' });
    socket.write(`GET ${line}GET ${line}HEAD ${line}GET ${line}`);
    let text = '';
    for await (const bytes of socket) text += String(bytes);
    expect(text.match(/^HTTP\/1\.1 200/gm)!.length).toBeLessThanOrEqual(2);
  });
});

describe('a plan of faults', () => {
  const statuses = async (faults: PlannedFault[], methods: ('get' | 'put')[]) => {
    const asked = await mockIn('in process', { faults });
    const seen: number[] = [];
    for (const method of methods) seen.push((await asked[method]('x' as never)).status);
    return { seen, left: asked.mock.faults, mock: asked.mock };
  };

  test('meets so many requests, of one method if it says so', async () => {
    const { seen, left } = await statuses([{ name: 'answers-503', method: 'put', times: 2 }], ['get', 'put', 'get', 'put', 'put']);
    expect(seen).toEqual([200, 503, 200, 503, 200]);
    expect(left).toEqual([]);
  });

  test('goes on to the next fault of the transport when the turns of one are used up', async () => {
    const faults: PlannedFault[] = [{ name: 'answers-502', times: 1 }, { name: 'answers-503', times: 2 }, { name: 'delays-answer' }];
    const { seen, left } = await statuses(faults, ['get', 'get', 'get', 'get']);
    expect(seen).toEqual([502, 503, 503, 200]);
    expect(left).toEqual([{ name: 'delays-answer' }]);
    expect((await statuses([{ name: 'delays-answer' }, { name: 'answers-503' }], ['get'])).seen).toEqual([503]);
  });

  test('may hold promises too, broken for so many requests', async () => {
    const { get, mock } = await mockIn('in process', { faults: [{ name: 'drops-company-name', times: 1 }] });
    expect(await (await get()).json()).not.toHaveProperty('companyName');
    expect(await (await get()).json()).toHaveProperty('companyName');
    mock.addFault({ name: 'drops-company-name' });
    expect(await (await get()).json()).not.toHaveProperty('companyName');
    mock.reset();
    expect(mock.faults).toEqual([{ name: 'drops-company-name', times: 1 }]);
  });

  test('keeps what a broken promise remembers, from request to request', async () => {
    const { get, put } = await mockIn('in process', { faults: ['shows-writes-late'] });
    const before = await (await get()).json();
    await put('Changed');
    expect((await (await get()).json()).companyName).toBe(before.companyName);
    expect((await (await get()).json()).companyName).toBe('Changed');
  });

  test.each([
    [{ name: 'nonsense' }, 'no fault "nonsense"'],
    [{ name: 'constructor' }, 'no fault "constructor"'],
    [{ name: 'answers-503', times: 0 }, 'whole number'],
    [{ name: 'answers-503', times: 1.5 }, 'whole number'],
  ])('refuses %j', (fault, words) => {
    expect(() => createMockService({ faults: [fault as PlannedFault] })).toThrow(words);
    expect(() => createMockService().addFault(fault as PlannedFault)).toThrow(TypeError);
  });
});

describe('the header X-Mock-Fault', () => {
  test.each(['nonsense', '', 'drops-etag, nonsense', 'answers-503:2', '__proto__', 'x'.repeat(5000)])(
    'with %j is refused, and nothing is stored',
    async (faults) => {
      const { put, name } = await mockIn('in process');
      const answer = await put('Changed', { headers: { 'X-Mock-Fault': faults } });
      expect(answer.status).toBe(400);
      const body = await answer.json();
      expect(validateErrorResponse(body)).toMatchObject({ ok: true });
      expect(body).toMatchObject({ source: 'Mock', data: expect.arrayContaining(['drops-etag', 'resets-after-storing']) });
      expect(body.description).toMatch(/^X-Mock-Fault names a fault that there is not: ".{0,64}"$/);
      expect(name()).toBe('CompanyName');
    },
  );

  test('does nothing without control', async () => {
    const { put, name } = await mockIn('in process', { control: false });
    expect((await put('Changed', { headers: { 'X-Mock-Fault': 'resets-before-storing' } })).status).toBe(200);
    expect((await put('Again', { headers: { 'X-Mock-Fault': 'nonsense' } })).status).toBe(200);
    expect(name()).toBe('Again');
  });
});

test('every fault of the transport is shown above in every shell', async () => {
  const { readFile } = await import('node:fs/promises');
  const source = await readFile(new URL(import.meta.url), 'utf8');
  const [shown] = source.split("describe('the default sleep'");
  expect(Object.keys(transportFaults).filter((name) => !shown!.includes(`'${name}'`))).toEqual([]);
});
