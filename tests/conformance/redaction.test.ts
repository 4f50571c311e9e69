import { expect, test } from 'vitest';
import { runConformance, type RunOptions } from '../../src/conformance/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { printedRun } from '../support/forms.ts';
import { canaries, canaryCustomers, canaryPerson, canaryToken } from '../support/canary.ts';
import { jsonResponse } from '../support/observed-fetch.ts';
import { targetOf } from '../support/target.ts';

// That no fault of the mock brings a canary into a report is a part of faults.test.ts.

const sleep = (): Promise<void> => Promise.resolve();
const accepting = () => targetOf(createMockService({ token: canaryToken, customers: canaryCustomers, faults: ['accepts-stale-etag'] }));
const textOf = async (options: RunOptions): Promise<string> => JSON.stringify(await runConformance(accepting(), { sleep, ...options }));

test('neither the token nor a value of the customer is in a report, not even when a refusal repeats them', async () => {
  const mock = createMockService({ token: canaryToken, customers: canaryCustomers });
  const seen: unknown[] = [];
  const target = {
    ...targetOf(mock),
    fetch: async (request: Request) => {
      const response = await mock.fetch(request);
      if (response.status < 400) return response;
      const description = `${canaryPerson} of ${canaryPerson}@example.com sent ${request.headers.get('Authorization')}`;
      return jsonResponse(
        { code: 1, description, data: [canaryPerson], [canaryPerson]: 1, profile: canaryCustomers[0]!.profile },
        { status: response.status, headers: { 'WWW-Authenticate': `${canaryToken} ${canaryPerson}` } },
      );
    },
  };
  const report = await runConformance(target, {
    sleep,
    onResult: (result) => seen.push(result),
    onExchange: (exchange) => seen.push(exchange),
  });
  expect(report.results.find(({ id }) => id === 'error.keeps-token-secret')!.verdict).toBe('fail');
  const text = JSON.stringify([report, seen]);
  expect(text).toContain("<customer's>");
  for (const canary of canaries) expect(text).not.toContain(canary);
});

test('what the suite made up is shown, so that a failure can be read', async () => {
  const text = await textOf({});
  expect(text).toMatch(/"LastName":"Probe [0-9a-f-]{36}"/);
  expect(text).toContain('"Email":"<string, 30 characters>"');
});

test('showBodies shows what was read from the customer; the token stays hidden', async () => {
  const text = await textOf({ showBodies: true });
  expect(text).toContain(canaryPerson);
  expect(text).not.toContain(canaryToken);
});

test('a refusal of our own token is told in the words of the service, without the token', async () => {
  const fetch = async () => jsonResponse({ code: 5, description: `Bad ${canaryToken}` }, { status: 401 });
  await expect(runConformance({ ...accepting(), fetch })).rejects.toThrow('401, code 5, "Bad <redacted>"');
});

test('what a server sends cannot write over the terminal', async () => {
  const evil = '\u001b[2J\u001b[31mpass\r\n\u009b1A';
  const mock = createMockService();
  const fetch = async (request: Request) => {
    const response = await mock.fetch(request);
    if (response.status !== 200) return jsonResponse({ code: evil, description: evil, data: [evil] }, { status: 418 });
    const profile = (await response.json()) as object;
    return jsonResponse({ ...profile, [evil]: null, CompanyName: 'x', links: { self: { uri: evil } } });
  };
  const report = await runConformance({ ...targetOf(mock), fetch }, { sleep });
  const text = printedRun(report, { title: '', facts: [], strict: false, exitCode: 1 });
  expect(text).toContain('✗');
  expect(text).toContain('\ufffd[2J');
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/); // oxlint-disable-line no-control-regex
});

test('an id is whole, though a postal code of the customer stands in it; beside it the code is hidden', async () => {
  const postalCode = '98052';
  const customers = canaryCustomers.map((customer) => ({ ...customer, profile: { ...customer.profile } }));
  const mock = createMockService({ customers, faults: ['accepts-stale-etag'] });
  let count = 0;
  // The first 24 digits of every correlation id, and those of request ids, hold the code.
  const newId = (): string => `3f${postalCode}0-${postalCode.slice(0, 4)}-4aaa-8bbb-${String((count += 1)).padStart(12, '0')}`;
  const fetch = async (request: Request) => {
    const response = await mock.fetch(request);
    if (response.status < 400) return response;
    const description = `No ${postalCode}, see ${request.headers.get('MS-CorrelationId')}`;
    return jsonResponse({ code: 1, description, data: [], source: 'x' }, { status: response.status });
  };
  const report = await runConformance({ ...targetOf(mock), fetch }, { sleep, newId });
  const failed = report.results.filter(({ exchanges }) => exchanges !== undefined);
  expect(failed.length).toBeGreaterThan(0);
  for (const { exchanges, correlationId } of failed) {
    const last = exchanges!.at(-1)!;
    for (const id of [last.request.headers['ms-correlationid'], correlationId])
      expect(id).toMatch(/^3f980520-9805-4aaa-8bbb-[0-9a-f]{12}$/);
    expect(last.request.headers['user-agent']).toContain(`run ${report.runId}`);
  }
  const text = JSON.stringify(report);
  expect(text).not.toMatch(/<customer's>[0-9a-f-]|[0-9a-f-]<customer's>/);
  expect(text).not.toMatch(new RegExp(`(?<![0-9a-f-])${postalCode}(?![0-9a-f-])`));
});

test('a name that the suite made up is whole, though the customer is called as its first word', async () => {
  const customers = canaryCustomers.map((customer) => ({ ...customer, profile: { ...customer.profile, companyName: 'Probe' } }));
  const mock = createMockService({ customers, faults: ['accepts-stale-etag'] });
  const text = JSON.stringify(await runConformance(targetOf(mock), { sleep }));
  expect(text).toMatch(/"LastName":"Probe [0-9a-f-]{36}"/);
  expect(text).not.toContain("<customer's> ");
});

test('a refusal of our own token says nothing of it in any member, in any spelling, and stays in one line', async () => {
  const code = `\u001b[31m${Buffer.from(`Bearer ${canaryToken}`).toString('base64')}\r\npc-billing: ${encodeURIComponent(canaryToken)}`;
  const fetch = async () => jsonResponse({ code, description: canaryToken, data: [] }, { status: 401 });
  const error: Error = await runConformance({ ...accepting(), fetch }).then(() => expect.unreachable(), (reason: Error) => reason); // prettier-ignore
  expect(error.message).toMatch(/^http:\/\/mock\.localhost refuses the token for customer [^\n\u001b]*$/); // oxlint-disable-line no-control-regex
  expect(error.message).not.toContain(canaryToken);
  expect(error.message).not.toContain(Buffer.from(canaryToken).toString('base64').slice(4, -4));
});
