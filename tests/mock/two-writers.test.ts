import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createMockService, type JournalEntry } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';

/** Reads and writes the profile so often, from the moment it is told to, and prints how often it was accepted and refused. */
const writer = `
const [url, times] = process.argv.slice(1);
const headers = { Authorization: 'Bearer mock-token', 'Content-Type': 'application/json' };
process.stdout.write('ready');
process.stdin.once('data', async () => {
  const seen = { accepted: 0, refused: 0 };
  for (let time = 0; time < times; time += 1) {
    const profile = JSON.parse((await (await fetch(url, { headers })).text()).replace('\\uFEFF', ''));
    const { etag } = profile.attributes;
    const body = JSON.stringify({ ...profile, lastName: process.pid + '-' + time });
    const { status } = await fetch(url, { method: 'PUT', headers: { ...headers, 'If-Match': '"' + etag + '"' }, body });
    seen[{ 200: 'accepted', 400: 'refused' }[status]] += 1;
  }
  process.stdout.write(JSON.stringify(seen));
  process.exit(0);
});`;

test('two processes write one customer, each with the ETag that it has just read: every accepted write changes the ETag, on top of the one before', async () => {
  const times = 100;
  const writes: JournalEntry[] = [];
  const mock = createMockService({ onExchange: (entry) => void (entry.request.method === 'PUT' && writes.push(entry)) });
  const [customerId] = mock.customers.ids() as [string];
  const first = mock.customers.get(customerId)!.attributes.etag;
  const { url, close } = await serve(mock, { port: 0 });
  const start = (): ChildProcess =>
    spawn(process.execPath, ['-e', writer, `${url}/v1/customers/${customerId}/profiles/billing`, String(times)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  const processes = [start(), start()];
  try {
    await Promise.all(processes.map(({ stdout }) => once(stdout!, 'data')));
    const printed = processes.map(async ({ stdin, stdout }) => {
      stdin!.write('go');
      return JSON.parse(String((await once(stdout!, 'data'))[0])) as { accepted: number; refused: number };
    });
    const [one, other] = (await Promise.all(printed)) as [{ accepted: number; refused: number }, { accepted: number; refused: number }];

    expect(one.accepted + one.refused).toBe(times);
    expect(other.accepted + other.refused).toBe(times);
    expect(one.refused + other.refused).toBeGreaterThan(0);
    const accepted = writes.filter(({ response }) => response.status === 200);
    expect(accepted).toHaveLength(one.accepted + other.accepted);
    const etags = [first, ...accepted.map(({ response }) => response.etag!)];
    expect(new Set(etags).size).toBe(accepted.length + 1);
    expect(accepted.map(({ request }) => request.ifMatch)).toEqual(etags.slice(0, -1).map((etag) => `"${etag}"`));
    expect(mock.customers.get(customerId)!.attributes.etag).toBe(etags.at(-1));
  } finally {
    for (const process of processes) process.kill();
    await close();
  }
});
