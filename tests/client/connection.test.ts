import { describe, expect, test } from 'vitest';
import { createPartnerClient, NetworkError } from '../../src/index.ts';
import { fakeProfile } from '../support/fake.ts';
import { socketServer } from '../support/socket-server.ts';

const customerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';
const token = 'secret-token-of-the-test';
const profile = fakeProfile(7);
const ids = { requestId: '11111111-1111-4111-8111-111111111111' };

test('a redirect to another host is not followed, with fetch as it is and with a wrapped one', async () => {
  const other = await socketServer((socket, head) => void (reached.push(head), socket.end()));
  const reached: string[] = [];
  const server = await socketServer((socket) =>
    socket.end(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${other.url}/\r\nContent-Length: 0\r\n\r\n`),
  );
  try {
    for (const options of [{}, { fetch: (request: Request) => globalThis.fetch(request) }]) {
      const { billing } = createPartnerClient({ token, baseUrl: server.url, retries: 0, ...options }).customers.byId(customerId).profiles;
      await expect(billing.get()).rejects.toMatchObject({ status: 307 });
      await expect(billing.update(profile)).rejects.toMatchObject({ status: 307, outcome: 'unknown' });
    }
    expect(reached).toEqual([]);
  } finally {
    await Promise.all([server.close(), other.close()]);
  }
});

describe('a connection that dies', () => {
  test('before the answer is a NetworkError with the cause and the ids that were sent', async () => {
    const server = await socketServer((socket) => socket.destroy());
    try {
      const { billing } = createPartnerClient({ token, baseUrl: server.url, retries: 0, newId: () => ids.requestId }).customers.byId(
        customerId,
      ).profiles;
      const error = (await billing.update(profile).catch((thrown: unknown) => thrown)) as NetworkError;
      expect(error).toBeInstanceOf(NetworkError);
      expect(error.cause).toMatchObject({ name: 'TypeError', message: 'fetch failed', cause: { code: 'UND_ERR_SOCKET' } });
      expect(error.requestId).toBe(ids.requestId);
      expect(error.message).toContain('unknown whether the profile was stored');
    } finally {
      await server.close();
    }
  });

  test.each([200, 500])('in the middle of a body (%i) is a NetworkError', async (status) => {
    const server = await socketServer((socket) => {
      socket.write(`HTTP/1.1 ${status} X\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"id":`, () => socket.destroy());
    });
    try {
      const { billing } = createPartnerClient({ token, baseUrl: server.url, retries: 0 }).customers.byId(customerId).profiles;
      await expect(billing.get()).rejects.toBeInstanceOf(NetworkError);
    } finally {
      await server.close();
    }
  });

  test('that nobody takes is a NetworkError that says so', async () => {
    const server = await socketServer(() => {});
    await server.close();
    const { billing } = createPartnerClient({ token, baseUrl: server.url, retries: 0 }).customers.byId(customerId).profiles;
    const error = (await billing.get().catch((thrown: unknown) => thrown)) as NetworkError;
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).not.toContain('stored');
  });
});
