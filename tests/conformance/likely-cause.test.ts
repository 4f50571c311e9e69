import { describe, expect, test } from 'vitest';
import { requirements, type Result, runConformance } from '../../src/conformance/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { jsonResponse } from '../support/observed-fetch.ts';
import { targetOf } from '../support/target.ts';

const here = 'http://127.0.0.1:4010';
const afar = 'https://partner.example';
const live = 'https://api.partnercenter.microsoft.com';

/** What becomes of one requirement where every request but the preflight meets this answer. */
async function resultOf(baseUrl: string, answer: (request: Request) => Response | Promise<Response>, id: string): Promise<Result> {
  const mock = createMockService();
  let isFirst = true;
  const fetch = async (request: Request): Promise<Response> => {
    if (!isFirst) return answer(request);
    isFirst = false;
    return mock.fetch(request);
  };
  const alone = requirements.filter((one) => one.id === id).map((one) => ({ ...one, needs: [] }));
  const { results } = await runConformance(
    { ...targetOf(mock, baseUrl), fetch },
    { mode: 'read', requirements: alone, sleep: async () => {} },
  );
  return results[0]!;
}

const page = (status: number) => () =>
  new Response(status === 304 ? null : '<html>', { status, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
const nulls = () => createMockService({ faults: ['answers-nulls'] }).fetch;

describe('whose fault a failure looks like', () => {
  test.each([
    ['a gateway that did not reach the service', here, page(502), 'network', 'A gateway that cannot reach the service responds with 502.'],
    ['a gateway that waited in vain', afar, page(504), 'network', 'A gateway that cannot reach the service responds with 504.'],
    ['a proxy that wants a name', here, page(407), 'network', 'responds with 407.'],
    ['a network that wants a sign-in', afar, page(511), 'network', 'responds with 511.'],
    ['a redirect, afar', afar, () => new Response(null, { status: 302 }), 'network', 'responds with a redirect.'],
    ['a page for people, afar', afar, page(200), 'network', 'responds with HTML.'],
    ['a redirect, on this machine', here, () => new Response(null, { status: 302 }), 'service', 'not what Microsoft documents'],
    ['a page for people, on this machine', here, page(404), 'service', 'not what Microsoft documents'],
    ['the failure of the service itself', live, () => jsonResponse({ code: 1 }, { status: 500 }), 'service', 'It responded with 500'],
    ['a broken rule of the live service', live, nulls(), 'contract', 'This is the live service'],
    ['a broken rule of the live service in China', 'https://partner.partnercenterapi.microsoftonline.cn', nulls(), 'contract', 'This is the live service'],
    ['a broken rule of a host that only sounds like it', 'https://evilpartnercenter.microsoft.com.example', nulls(), 'service', 'not what Microsoft documents'],
    ['a broken rule of any other service', afar, nulls(), 'service', 'not what Microsoft documents: Microsoft Learn, "'],
  ] as const)('%s', async (name, baseUrl, answer, component, why) => {
    const { verdict, likelyCause, remedy } = await resultOf(baseUrl, answer, 'read.answers-no-nulls');
    expect(verdict).toBe('fail');
    expect(likelyCause).toEqual({ component, why: expect.stringContaining(why) });
    // What is not the service's is not mended there, and a service that fails is not mended by the rule.
    const { remedy: mend } = requirements.find(({ id }) => id === 'read.answers-no-nulls')!;
    expect(remedy === mend).toBe(component === 'service' && !/500|on this machine/.test(why + name));
  }); // prettier-ignore

  test.each([
    [500, { code: 1 }, 'Search the log of the service'],
    [204, undefined, 'Respond with 200 and the stored profile in the body.'],
    [400, { code: 3000 }, 'Find out why the service refuses a good request with 400.'],
    [400, { code: 2055 }, 'takes the current ETag for a stale one'],
    [412, {}, 'takes the current ETag for a stale one'],
  ])('a good PUT that gets %i (%j) has a remedy that fits the response, not the rule', async (status, body, words) => {
    const mock = createMockService();
    const target = targetOf(mock);
    const fetch = async (request: Request): Promise<Response> => {
      if (request.method !== 'PUT') return mock.fetch(request);
      return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
    };
    const { results } = await runConformance(
      { ...target, fetch },
      { only: 'write.takes-pascal-case', mode: 'write', sleep: async () => {} },
    );
    const result = results.find(({ id }) => id === 'write.takes-pascal-case')!;
    expect(result.verdict).toBe('fail');
    expect(result.remedy).toContain(words);
  });

  test('a rule that no page on this endpoint has is said to be one', async () => {
    const id = 'refusal.refuses-text-plain';
    const { results } = await runConformance(targetOf(createMockService({ faults: ['accepts-text-plain'] })), { only: id });
    expect(results.find((result) => result.id === id)!.likelyCause).toEqual({
      component: 'service',
      why: expect.stringContaining('No page on this endpoint repeats that'),
    });
  });

  const lost = (code: string) => (): Promise<never> =>
    Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }));

  test('no answer, on this machine and afar: the service, which was there before', async () => {
    for (const [baseUrl, why] of [
      [here, 'It is on this machine'],
      [afar, 'the network is the less likely cause'],
    ] as const) {
      expect(await resultOf(baseUrl, lost('ECONNRESET'), 'read.answers-no-nulls')).toMatchObject({
        verdict: 'fail',
        likelyCause: { component: 'service', why: expect.stringContaining(why) },
      });
    }
  });

  test('nobody there any more: the network', async () => {
    expect(await resultOf(here, lost('ECONNREFUSED'), 'read.answers-no-nulls')).toMatchObject({
      verdict: 'broken',
      likelyCause: { component: 'network', why: expect.stringContaining('No server listens') },
      remedy: expect.stringContaining('Make sure that the service is up'),
    });
  });

  test('a token that was taken at first: the service, and a new token is the cure', async () => {
    const refused = () => jsonResponse({ code: 900420, description: 'The token has expired' }, { status: 401 });
    expect(await resultOf(live, refused, 'read.answers-no-nulls')).toMatchObject({
      verdict: 'broken',
      likelyCause: { component: 'service', why: expect.stringContaining('refuses it now') },
      remedy: 'Get a new token and run again.',
    });
  });

  test('a check that throws what it should not: us', async () => {
    const [requirement] = requirements;
    const check = () => Promise.reject(new TypeError('undefined is not a function'));
    const { results } = await runConformance(targetOf(createMockService()), { requirements: [{ ...requirement!, check }] });
    expect(results[0]).toMatchObject({
      verdict: 'broken',
      reason: 'The check itself failed: undefined is not a function',
      likelyCause: { component: 'suite', why: expect.any(String) },
      remedy: expect.stringContaining('Report it to the project'),
    });
  });
});
