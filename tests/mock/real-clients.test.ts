import { describe, expect, test } from 'vitest';
import { validateErrorResponse, validateProfile } from '../../src/contract/validate.ts';
import { play, type RealClient, realClients } from '../support/real-clients.ts';

const named = realClients.map((client) => [client.name, client] as const);
const json = (body: Buffer): Record<string, any> => JSON.parse(body.toString().replace(/^\uFEFF/, '')); // oxlint-disable-line no-explicit-any
const hasMark = (body: Buffer): boolean => body.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]));
const sentId = (head: string, name: string): string | undefined => new RegExp(`^${name}: (.+)$`, 'm').exec(head)?.[1];
const isStored = ({ profileAfter, profileBefore }: Awaited<ReturnType<typeof play>>): boolean =>
  profileAfter.firstName !== profileBefore.firstName;

test('the bodies are as long as they were recorded', () => {
  for (const { put } of realClients) {
    if (put.encoding !== undefined) continue;
    expect(Buffer.byteLength(put.body)).toBe(Number(sentId(put.head, 'Content-Length')));
  }
});

describe.each(named)('%s', (_, client: RealClient) => {
  test('observed: reads and, if it carries the ETag, writes', async () => {
    const seen = await play(client, 'observed');
    const carries = client.ifMatch !== 'none' || client.etagInBody;
    expect(seen.get.status).toBe(200);
    expect(hasMark(seen.get.body)).toBe(true);
    expect(seen.put.status).toBe(carries ? 200 : 400);
    expect(hasMark(seen.put.body)).toBe(carries);
    expect(isStored(seen)).toBe(carries);
    if (!carries) expect(json(seen.put.body)).toMatchObject({ code: 2055, description: 'The ETag is missing' });
  });

  test('observed, but with an optional precondition: writes', async () => {
    const seen = await play(client, 'optional');
    expect(seen.put.status).toBe(200);
    expect(isStored(seen)).toBe(true);
  });

  test('documented: writes with a quoted If-Match only', async () => {
    const seen = await play(client, 'documented');
    expect([seen.get.status, hasMark(seen.get.body)]).toEqual([200, false]);
    expect(seen.put.status).toBe({ quoted: 200, bare: 412, none: 428 }[client.ifMatch]);
    expect(isStored(seen)).toBe(client.ifMatch === 'quoted');
    if (client.ifMatch !== 'quoted') expect(validateErrorResponse(json(seen.put.body))).toMatchObject({ ok: true });
  });

  test('sees what the service sends', async () => {
    const { get, put, continued, profileBefore, profileAfter } = await play(client, 'optional');
    for (const { headers, body } of [get, put]) {
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(headers.get('content-length')).toBe(String(body.length));
      expect(headers.get('ms-cv')).toMatch(/^[A-Za-z0-9+/]{16}\.0$/);
      expect(headers.get('ms-serverid')).toBe('00000055');
      expect(headers.get('request-context')).toMatch(/^appId=cid-v1:[0-9a-f-]{36}$/);
      expect(headers.has('etag')).toBe(false);
      expect(headers.get('connection')).not.toBe('close');
      expect(validateProfile(json(body))).toMatchObject({ ok: true });
      const { etag } = json(body).attributes;
      expect(BigInt.asIntN(64, BigInt(etag)).toString()).toBe(etag);
    }
    for (const name of ['MS-RequestId', 'MS-CorrelationId']) {
      const [asked, answered] = [sentId(client.put.head, name), put.headers.get(name.toLowerCase())];
      if (asked === undefined) expect(answered).toMatch(/^[0-9a-f-]{36}$/);
      else expect(answered).toBe(asked);
    }
    expect(continued).toBe(client.put.head.includes('100-continue'));
    const answered = json(put.body);
    expect(answered).toEqual(profileAfter);
    // The recorded profile's id is foreign; culture is normalised, language is not; nulls and unknown members do not come back.
    expect(answered.id).toBe(profileBefore.id);
    expect([answered.culture, answered.language]).toEqual(['en-US', 'En']);
    expect(answered).not.toHaveProperty('__Links');
    expect(Object.keys(answered.defaultAddress)).not.toContain('addressLine2');
    expect(answered.defaultAddress.firstName).toBe(client.put.encoding === 'latin1' ? 'Zo\uFFFD' : 'FirstName');
    expect(answered.links.self.uri).toBe('/customers/4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04/profiles/billing');
  });
});
