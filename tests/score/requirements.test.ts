import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/conformance/exit-code.ts';
import type { Report } from '../../src/conformance/types.ts';
import { createPartnerClient } from '../../src/index.ts';
import { clientRequirements } from '../../src/score/requirements.ts';
import { reportOf } from '../../src/score/run.ts';
import { parseScenario, scenarioNames } from '../../src/score/scenarios.ts';
import { openStage } from '../../src/score/stage.ts';
import { clientWith, goodHabits, type Habits, scoreFunction, scoreHabits } from '../support/scored-client.ts';
import { readSource } from '../support/source.ts';

const withVerdict = ({ results }: Report, ...verdicts: string[]): string[] =>
  results.filter(({ verdict }) => verdicts.includes(verdict)).map(({ id }) => id.replace('client.', ''));

test('a client with good habits keeps every promise', async () => {
  const report = await scoreHabits({});
  expect(withVerdict(report, 'pass')).toEqual(clientRequirements.map(({ id }) => id.replace('client.', '')));
  expect(exitCodeOf(report, { strict: true })).toBe(0);
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

/** A few lines of bad habits for each requirement: what they make fail, and what cannot be told because of it. */
const bad: Record<string, { habits: Partial<Habits>; untestable?: string[]; skipped?: string[] }> = {
  'writes-profile': {
    habits: { body: () => ({}) },
    untestable: clientRequirements.filter(({ needs }) => needs.length > 0).map(({ id }) => id.replace('client.', '')),
  },
  'guards-write': {
    habits: { guard: () => ({}), body: (profile, company) => ({ ...profile, companyName: company, attributes: undefined }) },
    untestable: ['quotes-if-match', 'preserves-others-changes'],
  },
  'quotes-if-match': { habits: { guard: (etag) => ({ 'If-Match': etag }) } },
  'sends-full-resource': {
    habits: {
      body: (profile, company) => ({ ...profile, companyName: company, firstName: undefined }),
    },
    untestable: ['keeps-unknown-members'],
  },
  'keeps-unknown-members': { habits: { body: (profile, company) => ({ ...profile, invoiceChannel: undefined, companyName: company }) } },
  'uses-one-letter-case': { habits: { body: (profile, company) => ({ ...profile, companyName: undefined, CompanyName: company }) } },
  'sends-guids': { habits: { ids: () => ({}) }, untestable: ['renews-ids'] },
  'renews-ids': { habits: { keepsRequestId: true } },
  'waits-for-retry-after': { habits: { waitMs: () => 100 } },
  'does-not-repeat-refusals': { habits: { onUnauthorized: 'sends-again' } },
  'preserves-others-changes': { habits: { onStale: 'takes-new-etag' } },
  'claims-only-what-is-stored': { habits: { onStale: 'gives-up', exitCode: () => 0 } },
  'recognises-stored-write': { habits: { onLostAnswer: 'gives-up' } },
  'reads-byte-order-mark': {
    habits: {
      parse(bytes) {
        const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
        return text.startsWith('\uFEFF') ? undefined : JSON.parse(text);
      },
    },
  },
  'keeps-token-from-other-hosts': { habits: { onRedirect: 'follows-with-token' } },
};

describe('each requirement has a bad client, which fails it and only what depends on it', () => {
  test.each(Object.entries(bad))('%s', async (id, { habits, untestable = [], skipped = [] }) => {
    const report = await scoreHabits(habits);
    const seen = {
      fail: withVerdict(report, 'fail'),
      untestable: withVerdict(report, 'untestable'),
      skipped: withVerdict(report, 'skipped', 'broken'),
    };
    expect(seen).toEqual({ fail: [id], untestable, skipped });
    const result = report.results.find(({ verdict }) => verdict === 'fail')!;
    expect(exitCodeOf(report, { strict: true })).toBe(1);
    expect(result).toMatchObject({ advice: expect.any(String), reason: expect.stringContaining('It printed: a line of output') });
    expect(result.exchanges?.length).toBe(1);
    expect(JSON.stringify(report)).not.toMatch(/score-[0-9a-f-]{36}|wrong-[0-9a-f-]{36}/);
  });

  test.each<[string, string, Partial<Habits>, string[]]>([
    ['quotes-if-match', 'a weak tag, which guards all the same', { guard: (etag) => ({ 'If-Match': `W/"${etag}"` }) }, []],
    ['waits-for-retry-after', 'a tenth of a second too early', { waitMs: () => 900 }, []],
    ['keeps-token-from-other-hosts', 'the token in the URL', { onRedirect: 'follows-with-token-in-url' }, []],
    ['writes-profile', 'a failure after a write that was stored', { exitCode: () => 1 }, bad['writes-profile']!.untestable!],
  ])('%s: %s', async (id, _, habits, untestable) => {
    const report = await scoreHabits(habits);
    expect(withVerdict(report, 'fail')).toEqual([id]);
    expect(withVerdict(report, 'untestable')).toEqual(untestable);
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
  const stage = await openStage('plain', { listen: async () => ({ url: 'http://127.0.0.1:1', close: async () => {} }) });
  const report = reportOf([stage.run({ exitCode: undefined })], clientRequirements, { runId: 'r', startedAtMs: 0, durationMs: 0 });
  expect(withVerdict(report, 'fail')).toEqual(['writes-profile']);
  expect(report.results.find(({ id }) => id === 'client.ends-in-time')).toMatchObject({
    verdict: 'skipped',
    reason: 'nobody knows how the client ended',
  });
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
  expect(report.results.map(({ id, observed }) => [id, observed])).toEqual([['client.waits-for-retry-after', 'waited 1001 ms']]);
  await expect(scoreHabits({}, { only: 'nothing' })).rejects.toThrow('No requirement fits "nothing"');
  expect(() => parseScenario('other')).toThrow('There is no scenario "other". There are:\n  plain');
  expect(scenarioNames).toHaveLength(13);
  expect(goodHabits.onStale).toBe('reads-again');
});
