import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMockService } from '../../src/mock/index.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { serviceOf } from '../support/service-of.ts';

const globalsBefore = { Request: globalThis.Request, Response: globalThis.Response };
const mock = createMockService();
const [customerId] = mock.customers.ids() as [string];
const path = `/v1/customers/${customerId}/profiles/billing`;
let served: ServedMock;
beforeAll(async () => (served = await serve(mock, { port: 0 })));
afterAll(() => served.close());

/** Sends bytes as they are and gives back what came until the answers are whole. */
async function raw(bytes: string, answers = 1): Promise<string> {
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if ((text.match(/^HTTP\/1\.1 (?!100)/gm) ?? []).length >= answers && text.endsWith('}')) break;
  }
  socket.destroy();
  return text;
}

describe('over HTTP', () => {
  test('listens on this machine only, without a trailing slash or /v1 in its url', () => {
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  // All of 127.0.0.0/8 is this machine there, so that the other address needs no network.
  test.runIf(process.platform === 'linux')('listens on no other address', async () => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.2');
    const outcome = await new Promise((resolve) => socket.once('connect', () => resolve('connected')).once('error', resolve));
    socket.destroy();
    expect(outcome).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('answers GET byte for byte as the core does', async () => {
    const headers = { Authorization: 'Bearer mock-token', 'MS-RequestId': 'a', 'MS-CorrelationId': 'b' };
    const over = await fetch(served.url + path, { headers });
    const inside = await mock.fetch(new Request(`http://x${path}`, { headers }));
    expect(new Uint8Array(await over.arrayBuffer())).toEqual(new Uint8Array(await inside.arrayBuffer()));
    for (const [name, value] of inside.headers) expect(over.headers.get(name)).toBe(value);
  });

  test('answers HEAD without a body and keeps the connection', async () => {
    const request = `${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mock-token\r\n`;
    const text = await raw(`HEAD ${request}\r\nGET ${request}\r\n`, 2);
    const [, head = '', get = ''] = text.split('HTTP/1.1 200 OK');
    expect(head.split('\r\n\r\n')[1]).toBe('');
    expect(/^content-length: (\d+)/im.exec(head)![1]).toBe(/^content-length: (\d+)/im.exec(get)![1]);
  });

  test('takes a PUT as .NET Framework sends it: Expect: 100-continue, and the body after it', async () => {
    const profile = JSON.parse(readFileSync(new URL('../../openapi/examples/update-request.json', import.meta.url), 'utf8'));
    profile.Attributes.Etag = mock.customers.get(customerId)!.attributes.etag;
    const body = JSON.stringify(profile);
    const text = await raw(
      `PUT ${path} HTTP/1.1\r\nAuthorization: Bearer mock-token\r\nAccept: application/json\r\nX-Locale: en-US\r\n` +
        `MS-PartnerCenter-Application: \r\nExpect: 100-continue\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\nHost: 127.0.0.1\r\n\r\n${body}`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(mock.customers.get(customerId)!.defaultAddress.addressLine1).toBe('One Microsoft Way');
  });

  test('refuses a body over 1 MiB and goes on', async () => {
    const response = await fetch(served.url + path, {
      method: 'PUT',
      headers: { Authorization: 'Bearer mock-token', 'Content-Type': 'application/json' },
      body: new Uint8Array(3 * 1024 * 1024),
    });
    expect(response.status).toBe(413);
    expect((await fetch(served.url + path, { headers: { Authorization: 'Bearer mock-token' } })).status).toBe(200);
  });

  test('refuses a chunked body over 1 MiB, and answers what comes after it on the connection', async () => {
    const chunk = 'x'.repeat(1024 * 1024 + 1);
    const head = `PUT ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mock-token\r\nContent-Type: application/json\r\n`;
    const put = `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.length.toString(16)}\r\n${chunk}\r\n0\r\n\r\n`;
    const connection = new RawConnection(served.url);
    connection.send(`${put}GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mock-token\r\n\r\n`);
    expect([(await connection.read())?.status, (await connection.read())?.status]).toEqual([413, 200]);
    connection.close();
  });

  test.each([
    ['an absolute target', `GET http://other.example${path} HTTP/1.1`, ['Host: x'], 200],
    ['dot segments in a target', `GET /a/..${path} HTTP/1.1`, ['Host: x'], 200],
    ['a backslash in a query', `GET ${path}?a=\\b HTTP/1.1`, ['Host: x'], 200],
    ['two slashes in front', `GET /${path} HTTP/1.1`, ['Host: x'], 404],
    ['TRACE', `TRACE ${path} HTTP/1.1`, ['Host: x'], 405],
    ['a backslash in a path', `GET ${path.replace('/v1/', '/v1\\')} HTTP/1.1`, ['Host: x'], 400],
    ['an asterisk', 'OPTIONS * HTTP/1.1', ['Host: x'], 400],
    ['an absolute target that is no URL', `GET http://:${path} HTTP/1.1`, ['Host: x'], 400],
    ['a target of another scheme', `GET ftp://x${path} HTTP/1.1`, ['Host: x'], 400],
    ['a Host with a path', `GET ${path} HTTP/1.1`, ['Host: x/y#'], 400],
    ['a Host with a user', `GET ${path} HTTP/1.1`, ['Host: user@x'], 400],
    ['a port that is none', `GET ${path} HTTP/1.1`, ['Host: x:99999'], 400],
    ['no Host in HTTP/1.0', `GET ${path} HTTP/1.0`, [], 400],
    ['two Authorizations, which make a wrong one', `GET ${path} HTTP/1.1`, ['Host: x', 'Authorization: Bearer mock-token'], 401],
  ])('%s: %s with %j gives %i', async (_, line, headers, status) => {
    const connection = new RawConnection(served.url);
    connection.send([line, ...headers, 'Authorization: Bearer mock-token', 'Connection: close', '', ''].join('\r\n'));
    expect((await connection.read(line.split(' ')[0]))?.status).toBe(status);
    connection.close();
  });

  test('repeats an id byte for byte, and joins the values of a header that comes twice', async () => {
    const connection = new RawConnection(served.url);
    const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mock-token\r\n`;
    connection.send(Buffer.from(`${head}MS-RequestId: \u00e9\r\nMS-CorrelationId: a\r\nMS-CorrelationId: b\r\n\r\n`, 'latin1'));
    const { headers } = (await connection.read())!;
    connection.close();
    expect([headers.get('ms-requestid'), headers.get('ms-correlationid')]).toEqual(['\u00e9', 'a, b']);
  });

  test('answers 500 for a service that throws, and goes on', async () => {
    let requests = 0;
    const fetchOnce = async (request: Request): Promise<Response> => {
      if ((requests += 1) === 1) throw new Error('thrown on purpose');
      return new Response(`${request.method} ${await request.text()}`, {
        status: 201,
        headers: { 'X-Seen': request.headers.get('X-Sent')! },
      });
    };
    const other = await serve(serviceOf(fetchOnce), { port: 0 });
    const send = () => fetch(other.url, { method: 'POST', body: 'text', headers: { 'X-Sent': 'yes' } });
    expect((await send()).status).toBe(500);
    const response = await send();
    expect([response.status, response.headers.get('X-Seen'), await response.text()]).toEqual([201, 'yes', 'POST text']);
    await other.close();
  });

  test('leaves the global Request and Response alone', () => {
    expect(globalThis.Request).toBe(globalsBefore.Request);
    expect(globalThis.Response).toBe(globalsBefore.Response);
  });

  test('says that a port is taken', async () => {
    await expect(serve(mock, { port: Number(new URL(served.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('closes although a request is open', async () => {
    const other = await serve(createMockService(), { port: 0 });
    const socket = connect(Number(new URL(other.url).port), '127.0.0.1');
    await new Promise<void>((resolve) => socket.write('PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n', () => resolve()));
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()).on('error', () => {}));
    socket.resume();
    await other.close();
    await ended;
    await expect(fetch(other.url)).rejects.toThrow('fetch failed');
  });
});
