import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/suite/exit-code.ts';
import type { Report } from '../../src/suite/result.ts';
import { toWire } from '../../src/contract/casing.ts';
import { createPartnerClient } from '../../src/index.ts';
import { clientRequirements } from '../../src/score/requirements/index.ts';
import { scoreReport } from '../../src/score/run.ts';
import { parseScenario, scenarioNames } from '../../src/score/scenarios.ts';
import { startScenarioServer } from '../../src/score/scenario-server.ts';
import { clientWith, goodHabits, type Habits, scoreFunction, scoreHabits } from '../support/scored-client.ts';
import { readSource } from '../support/source.ts';

const withVerdict = ({ results }: Report, ...verdicts: string[]): string[] =>
  results.filter(({ verdict }) => verdicts.includes(verdict)).map(({ id }) => id.replace('client.', ''));

test('a client with good habits keeps every promise', async () => {
  const report = await scoreHabits({});
  expect(withVerdict(report, 'pass')).toEqual(clientRequirements.map(({ id }) => id.replace('client.', '')));
  expect(exitCodeOf(report, { strict: true })).toBe(0);
});

test('the slow answer comes a second after its write is stored', async () => {
  const waitsMs: number[] = [];
  await scoreHabits({}, { scenarios: ['slow-answer'], sleep: async (ms) => void waitsMs.push(ms) });
  expect(waitsMs).toEqual([1000]);
});

test('what is sent to the other host is counted too', async () => {
  const requestsOf = async (onRedirect: Habits['onRedirect']) => (await scoreHabits({ onRedirect }, { scenarios: ['redirect'] })).requests;
  expect([await requestsOf('stops'), await requestsOf('follows-with-token')]).toEqual([1, 2]);
});

test('so does our own', async () => {
  const report = await scoreFunction(async ({ env, fetch, sleep }) => {
    const partner = createPartnerClient({
      baseUrl: env.PARTNER_CENTER_BASE_URL,
      token: env.PARTNER_CENTER_TOKEN,
      fetch: (request) => fetch(request.url, request),
      sleep: async (ms) => sleep(ms),
    });
    const { billing } = partner.customers.byId(env.PARTNER_CENTER_CUSTOMER_ID).profiles;
    return billing.edit({ companyName: env.PC_BILLING_COMPANY }).then(() => 0, () => 1); // prettier-ignore
  });
  expect(withVerdict(report, 'fail', 'untestable', 'skipped', 'broken')).toEqual([]);
});

/** A few lines of bad habits for each requirement: what they make fail, as what it is seen, and what cannot be told because of it. */
const bad: Record<string, { habits: Partial<Habits>; seen: string; untestable?: string[] }> = {
  'writes-profile': {
    seen: 'The company name was not stored; it ended with 1: stored, and exit code 0 | not stored, and it ended with 1',
    habits: { body: () => ({}) },
    untestable: clientRequirements.filter(({ needs }) => needs.length > 0).map(({ id }) => id.replace('client.', '')),
  },
  'guards-write': {
    seen: 'In plain: a PUT carries no ETag: if-match: "-1976482798186460340" | none',
    habits: { guard: () => ({}), body: (profile, company) => ({ ...profile, companyName: company, attributes: undefined }) },
    untestable: ['quotes-if-match', 'preserves-others-changes'],
  },
  'quotes-if-match': {
    seen: 'In plain: If-Match is no strong entity tag in quotes: if-match: "-1976482798186460340" | if-match: -1976482798186460340',
    habits: { guard: (etag) => ({ 'If-Match': etag }) },
  },
  'sends-full-resource': {
    seen: 'In plain: a PUT does not carry firstName as it was read: firstName: "FirstName" | firstName: absent',
    habits: {
      body: (profile, company) => ({ ...profile, companyName: company, firstName: undefined }),
    },
    untestable: ['keeps-unknown-members'],
  },
  'keeps-unknown-members': {
    seen: 'In unknown-members: a PUT does not carry invoiceChannel as it was read: invoiceChannel: "post" | invoiceChannel: absent',
    habits: { body: (profile, company) => ({ ...profile, invoiceChannel: undefined, companyName: company }) },
  },
  'uses-one-letter-case': {
    seen: 'In plain: a PUT mixes both letter cases: one letter case | /id beside /CompanyName',
    habits: { body: (profile, company) => ({ ...profile, companyName: undefined, CompanyName: company }) },
  },
  'sends-guids': {
    seen: 'In plain: a GET has no GUID as ms-requestid: ms-requestid: a GUID | none',
    habits: { ids: () => ({}) },
    untestable: ['renews-ids'],
  },
  'renews-ids': {
    seen: 'In throttled: a PUT has the MS-RequestId of a PUT that got 429: ms-requestid: a new GUID | ms-requestid: <id>',
    habits: { keepsRequestId: true },
  },
  'waits-for-retry-after': {
    seen: 'After a 429 with Retry-After: 1 the next request came 101 ms later: 1000 ms | 101 ms',
    habits: { waitMs: () => 100 },
  },
  'does-not-repeat-refusals': {
    seen: 'In wrong-token: a GET that was refused with 401 was sent again as it was: no such request | GET, as before',
    habits: { onUnauthorized: 'sends-again' },
  },
  'preserves-others-changes': {
    seen: 'In other-member-changed: the e-mail address that another writer had changed was written back: email: somebody.else@sample.com | email: email@sample.com',
    habits: { onStale: 'takes-new-etag' },
  },
  'claims-only-what-is-stored': {
    seen: 'In same-member-changed: it ended with 0, but the company name is not stored: exit code other than 0 | ended with 0',
    habits: { onStale: 'gives-up', exitCode: () => 0 },
  },
  'recognises-stored-write': {
    seen: 'In answer-lost: the company name is stored, but it ended with 1: exit code 0 | ended with 1',
    habits: { onLostAnswer: 'gives-up' },
  },
  'reads-byte-order-mark': {
    seen: 'Where the response begins with a byte order mark, it ended with 1, and nothing is stored: stored, and exit code 0 | ended with 1',
    habits: {
      parse(bytes) {
        const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
        return text.startsWith('\uFEFF') ? undefined : JSON.parse(text);
      },
    },
  },
  'keeps-token-from-other-hosts': {
    seen: 'The token was sent to the host that it was redirected to: authorization: none | authorization: the token',
    habits: { onRedirect: 'follows-with-token' },
  },
};

describe('each requirement has a bad client, which fails it and only what depends on it', () => {
  test.each(Object.entries(bad))('%s', async (id, { habits, seen, untestable = [] }) => {
    const report = await scoreHabits(habits);
    expect(withVerdict(report, 'fail')).toEqual([id]);
    expect(withVerdict(report, 'untestable')).toEqual(untestable);
    expect(withVerdict(report, 'skipped', 'broken')).toEqual([]);
    // The first cause, also of what depends on what depends on it.
    for (const { verdict, blockedBy } of report.results) if (verdict === 'untestable') expect(blockedBy).toBe(`client.${id}`);
    const pass = clientRequirements.length - 1 - untestable.length;
    expect(report.summary).toEqual({ pass, fail: 1, untestable: untestable.length, skipped: 0, broken: 0, accepted: 0 });
    const result = report.results.find(({ verdict }) => verdict === 'fail')!;
    expect(exitCodeOf(report, { strict: true })).toBe(1);
    expect(result).toMatchObject({ remedy: expect.any(String), reason: expect.stringMatching(/\. It printed: a line of output$/) });
    const { reason, difference } = result;
    expect(
      `${reason!.replace('. It printed: a line of output', '')}: ${difference!.expected} | ${difference!.actual}`.replace(
        /[0-9a-f-]{36}$/,
        '<id>',
      ),
    ).toBe(seen);
    expect(result.exchanges?.length).toBe(1);
    expect(JSON.stringify(report)).not.toMatch(/score-[0-9a-f-]{36}|wrong-[0-9a-f-]{36}/);
  });

  test.each<[string, string, Partial<Habits>, string[]]>([
    [
      'guards-write',
      'any tag at all',
      { guard: () => ({ 'If-Match': '*' }), body: (profile, company) => ({ ...profile, companyName: company, attributes: undefined }) },
      ['quotes-if-match', 'preserves-others-changes'],
    ],
    ['sends-guids', 'no MS-CorrelationId', { ids: () => ({ 'MS-RequestId': crypto.randomUUID() }) }, ['renews-ids']],
    ['quotes-if-match', 'a weak tag, which guards all the same', { guard: (etag) => ({ 'If-Match': `W/"${etag}"` }) }, []],
    [
      'uses-one-letter-case',
      'one member alone in camelCase',
      { body: (profile, company) => ({ ...toWire(profile), CompanyName: undefined, companyName: company }) },
      [],
    ],
    ['does-not-repeat-refusals', 'the stale PUT as it was', { onStale: 'sends-again' }, []],
    ['waits-for-retry-after', 'a tenth of a second too early', { waitMs: () => 900 }, []],
    ['keeps-token-from-other-hosts', 'the token in the URL', { onRedirect: 'follows-with-token-in-url' }, []],
    ['keeps-token-from-other-hosts', 'the token in the body', { onRedirect: 'follows-with-token-in-body' }, []],
    ['writes-profile', 'a failure after a write that was stored', { exitCode: () => 1 }, bad['writes-profile']!.untestable!],
  ])('%s: %s', async (id, _, habits, untestable) => {
    const report = await scoreHabits(habits);
    expect(withVerdict(report, 'fail')).toEqual([id]);
    expect(withVerdict(report, 'untestable')).toEqual(untestable);
  });

  test('what was sent and what came is shown with the failure', async () => {
    const report = await scoreHabits({ guard: (etag) => ({ 'If-Match': etag }) }, { only: 'client.quotes-*' });
    const [exchange] = report.results[0]!.exchanges!;
    expect(exchange!.request).toMatchObject({ method: 'PUT', headers: { 'if-match': '-1976482798186460340' } });
    expect(exchange!.request.body).toHaveProperty('CompanyName');
    expect(exchange!.response!.body).toHaveProperty('companyName');
  });

  test('renews-ids: one correlation id for all runs', async () => {
    const ids = () => ({ 'MS-RequestId': crypto.randomUUID(), 'MS-CorrelationId': 'ae62a3a3-d1d6-4f5e-a9a4-7b5a4d1f7f30' });
    const report = await scoreHabits({ ids }, { only: 'client.renews-ids' });
    const words = 'In same-member-changed: MS-CorrelationId is the one of plain. It printed: a line of output';
    expect(report.results).toMatchObject([{ verdict: 'fail', reason: words }]);
  });

  test('claims-only-what-is-stored: a PUT that was refused is none that was stored', async () => {
    const report = await scoreHabits({ onStale: 'gives-up', exitCode: () => 0 }, { scenarios: ['plain', 'stale-as-412'] });
    expect(withVerdict(report, 'fail')).toEqual(['claims-only-what-is-stored']);
    expect(report.results.find(({ verdict }) => verdict === 'fail')!.reason).toContain('In stale-as-412: it ended with 0');
  });

  test('of a client that was killed in the middle only that is said', async () => {
    const report = await scoreFunction(clientWith(goodHabits), {
      scenarios: ['plain', 'slow-answer'],
      only: 'client.*-stored*',
      end: (believed, { PC_BILLING_SCENARIO }) =>
        PC_BILLING_SCENARIO === 'plain' ? { exitCode: believed } : { exitCode: null, isTimedOut: true },
    });
    expect(withVerdict(report, 'fail')).toEqual([]);
    expect(withVerdict(report, 'untestable')).toEqual(['claims-only-what-is-stored', 'recognises-stored-write']);
  });

  test('ends-in-time: one that is killed in a scenario, and one that leaves a process', async () => {
    for (const end of [
      { exitCode: null, isTimedOut: true },
      { exitCode: 0, leftBehind: 1 },
    ]) {
      const report = await scoreHabits({}, { scenarios: ['redirect'], only: 'client.ends-in-time', runClient: async () => end });
      expect(withVerdict(report, 'fail')).toEqual(['ends-in-time']);
    }
  });

  test('every requirement has one', () => {
    expect(['ends-in-time', ...Object.keys(bad)]).toEqual(clientRequirements.map(({ id }) => id.replace('client.', '')));
  });
});

describe('where legal clients differ, none is punished', () => {
  const legal: Record<string, Partial<Habits>> = {
    'gives up on a conflict': { onStale: 'gives-up' },
    'reads again and writes': { onStale: 'reads-again' },
    'takes another token after a 401': { onUnauthorized: 'takes-another-token' },
    'sends camelCase': { body: (profile, company) => ({ ...profile, companyName: company }) },
    'writes nulls where there is nothing': { body: (profile, company) => ({ ...profile, companyName: company, middleName: null }) },
    'keeps one correlation id for a session': { ids: undefined as never },
  };
  test.each(Object.entries(legal))('%s', async (_, habits) => {
    if (!('ids' in habits)) return expect(withVerdict(await scoreHabits(habits), 'fail', 'untestable')).toEqual([]);
    const sessions = new Map<number, string>();
    let run = 0;
    const ids = (): Record<string, string> => {
      if (!sessions.has(run)) sessions.set(run, crypto.randomUUID());
      return { 'MS-RequestId': crypto.randomUUID(), 'MS-CorrelationId': sessions.get(run)! };
    };
    const report = await scoreHabits({ ids }, { onScenario: () => (run += 1) });
    expect(withVerdict(report, 'fail', 'untestable')).toEqual([]);
  });

  test('an ETag in the body alone guards as well', async () => {
    const report = await scoreHabits({ guard: () => ({}) });
    expect(withVerdict(report, 'fail', 'untestable')).toEqual([]);
    expect(withVerdict(report, 'skipped')).toEqual(['quotes-if-match']);
  });
});

test('a token of its own that a client sends is in no report', async () => {
  const report = await scoreFunction(
    async ({ env, fetch }) => {
      const url = `${env.PARTNER_CENTER_BASE_URL}/v1/customers/${env.PARTNER_CENTER_CUSTOMER_ID}/profiles/billing`;
      await fetch(url, { method: 'PUT', headers: { Authorization: 'Bearer real-token', 'X-Token': 'real-token' }, body: '{}' });
      return 1;
    },
    { scenarios: ['plain'] },
  );
  expect(report.results.some(({ exchanges }) => exchanges?.[0]?.request.headers.authorization === 'Bearer <redacted>')).toBe(true);
  expect(JSON.stringify(report)).not.toContain('real-token');
});

test('of a client that sends without end a thousand requests are kept', async () => {
  const report = await scoreFunction(
    async ({ env, fetch }) => {
      for (let count = 0; count < 1100; count += 1) await fetch(`${env.PARTNER_CENTER_BASE_URL}/`, { method: 'GET' });
      return 1;
    },
    { scenarios: ['plain'] },
  );
  expect(report.requests).toBe(1000);
});

test('what could not be observed is no pass: a client that sends nothing', async () => {
  const report = await scoreFunction(async () => 0);
  expect(withVerdict(report, 'fail')).toEqual(['writes-profile']);
  expect(withVerdict(report, 'pass')).toEqual(['ends-in-time']);
  expect(report.results.find(({ verdict }) => verdict === 'fail')!.reason).toMatch(/^It sent nothing, and ended with 0\./);
});

test('a client whose end nobody knows: what needs it is skipped, the rest is judged', async () => {
  const scenario = await startScenarioServer('plain', { listen: async () => ({ url: 'http://127.0.0.1:1', close: async () => {} }) });
  const report = await scoreReport([scenario.run({ exitCode: undefined })], clientRequirements, {
    runId: 'r',
    startedAtMs: 0,
    durationMs: 0,
  });
  expect(withVerdict(report, 'fail')).toEqual(['writes-profile']);
  expect(report.results.find(({ id }) => id === 'client.ends-in-time')).toMatchObject({
    verdict: 'skipped',
    reason: 'how the client ended is not known',
  });
});

test('when the service cannot listen, the other host of a redirect is closed', async () => {
  const open = new Set<string>();
  const start = startScenarioServer('redirect', {
    listen: async (_, host) => {
      if (host === 'service') throw new Error('address in use');
      open.add(host);
      return { url: 'http://127.0.0.1:2', close: async () => void open.delete(host) };
    },
  });
  await expect(start).rejects.toThrow('address in use');
  expect([...open]).toEqual([]);
});

test('a report is one as its schema wants it', async () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(readSource('schemas/report.schema.json')));
  const report = await scoreHabits({ guard: () => ({}), ids: () => ({}), waitMs: () => 0 });
  expect(validate(report) ? [] : validate.errors).toEqual([]);
});

test('a selection runs the scenarios that it needs, and no others', async () => {
  const played: string[] = [];
  const report = await scoreHabits({}, { only: 'client.waits-*', onScenario: (name) => played.push(name) });
  expect(played).toEqual(['plain', 'throttled']);
  expect(report.results.map(({ id, observed }) => [id, observed])).toEqual([
    ['client.waits-for-retry-after', 'after a 429: waited 1001 ms'],
  ]);
  await expect(scoreHabits({}, { only: 'nothing' })).rejects.toThrow('No requirement fits "nothing"');
  expect(() => parseScenario('other')).toThrow('There is no scenario "other". There are:\n  plain');
  expect(scenarioNames).toHaveLength(13);
  expect(goodHabits.onStale).toBe('reads-again');
});
