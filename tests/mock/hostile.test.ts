import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMockService, type MockService } from '../../src/mock/index.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';
import { attackInProcess, attackOverHttp } from '../suites/hostile-requests.ts';
import { RawConnection } from '../support/raw-connection.ts';

// Twenty thousand, with a seed of the day, are in tests/slow.
const seed = 20261123;

describe.each(['observed', 'documented'] as const)('%s', (behaviour) => {
  test(`500 hostile requests, 100 of them over HTTP, seed ${seed}: no 5xx, nothing stored on a refusal, no token said`, async () => {
    const [inside, over] = [await attackInProcess(behaviour, 400, seed), await attackOverHttp(behaviour, 100, seed)];
    // Or else they would say nothing: some are good, and some get as far as each kind of refusal.
    const stale = behaviour === 'observed' ? 400 : 412;
    expect([...inside.statuses.keys()]).toEqual(expect.arrayContaining([200, stale, 401, 404, 405, 415]));
    expect([...over.statuses.keys()]).toEqual(expect.arrayContaining([200, stale, 404, 405]));
    expect(inside.mock.journal).toHaveLength(100);
  });
});

describe('over HTTP', () => {
  let mock: MockService;
  let served: ServedMock;
  let path: string;
  beforeAll(async () => {
    mock = createMockService();
    served = await serve(mock, { port: 0 });
    path = `/v1/customers/${mock.customers.ids()[0]}/profiles/billing`;
  });
  afterAll(() => served.close());

  const profile = () => mock.customers.get(mock.customers.ids()[0]!)!;
  const head = (method: string, more = ''): string =>
    `${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mock-token\r\n${more}\r\n`;
  const put = (companyName: string): string => {
    const body = JSON.stringify({ ...profile(), companyName });
    return `${head('PUT', `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`)}${body}`;
  };

  test('requests that were sent at once are answered in their order, and of two writes of one ETag one is stored', async () => {
    const connection = new RawConnection(served.url);
    connection.send(head('GET') + put('First') + put('Second') + head('HEAD') + head('DELETE') + head('GET'));
    const statuses: (number | undefined)[] = [];
    for (const method of ['GET', 'PUT', 'PUT', 'HEAD', 'DELETE', 'GET']) statuses.push((await connection.read(method))?.status);
    connection.close();
    expect(statuses).toEqual([200, 200, 400, 200, 405, 200]);
    expect(profile().companyName).toBe('First');
  });

  test('fifty connections that stop in the middle of a request disturb nobody, and store nothing', async () => {
    const before = profile();
    const whole = put('Half');
    const connections = Array.from({ length: 50 }, (_, index) => {
      const connection = new RawConnection(served.url);
      connection.send(whole.slice(0, Math.floor((whole.length * (index + 1)) / 51)));
      return connection;
    });
    const answer = await fetch(served.url + path, { headers: { Authorization: 'Bearer mock-token' } });
    expect(answer.status).toBe(200);
    for (const [index, connection] of connections.entries()) {
      if (index % 2 === 0) connection.close();
      else connection.socket.end();
    }
    for (const connection of connections) expect((await connection.read())?.status ?? 400).toBe(400);
    expect(profile()).toEqual(before);
  });

  test('a gzip bomb is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024, ' '));
    const before = process.memoryUsage().arrayBuffers;
    const answer = await fetch(served.url + path, {
      method: 'PUT',
      headers: { Authorization: 'Bearer mock-token', 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      body: bomb,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 800002 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  });

  test('of repeated members the last one counts, as in any JSON reader of the service’s kind', async () => {
    const body = JSON.stringify({ ...profile(), companyName: 'One' }).replace(
      '"companyName":"One"',
      '"companyName":"One","CompanyName":"Two"',
    );
    const headers = { Authorization: 'Bearer mock-token', 'Content-Type': 'application/json' };
    expect((await fetch(served.url + path, { method: 'PUT', headers, body })).status).toBe(200);
    expect(profile().companyName).toBe('Two');
  });

  test('lone surrogates are stored, and answered as JSON that every reader takes', async () => {
    const body = JSON.stringify({ ...profile(), companyName: '\ud800' });
    const headers = { Authorization: 'Bearer mock-token', 'Content-Type': 'application/json' };
    const answer = await fetch(served.url + path, { method: 'PUT', headers, body });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('"companyName":"\\ud800"');
  });
});
