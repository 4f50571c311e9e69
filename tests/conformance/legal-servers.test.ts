import { expect, test } from 'vitest';
import { exitCodeOf, runConformance, type Target } from '../../src/conformance/index.ts';
import { type LegalChoices, legalServer } from '../support/legal-server.ts';

const sleep = (): Promise<void> => Promise.resolve();
const gateway = (statusCode: number): { status: number; body: unknown } => ({ status: statusCode, body: { statusCode, message: 'No' } });

const servers: [string, LegalChoices, Record<string, unknown>?][] = [
  ['with nothing special', {}, { precondition: 'header-or-body', stale: { status: 412 }, missingPrecondition: { status: 428 } }],
  ['that says 400 with 2055 to a stale ETag', { stale: { status: 400, body: { code: 2055, description: 'Etag is no longer valid' } } }, { stale: { status: 400, code: 2055 } }],
  ['that says 400 to a missing ETag', { missing: { status: 400, body: { code: 2055, description: 'x' } } }, { missingPrecondition: { status: 400, code: 2055 } }],
  ['that says 412 to a missing ETag', { missing: { status: 412, body: { code: 412, description: 'x' } } }, { missingPrecondition: { status: 412 } }],
  ['that needs no ETag', { missing: 'accepted' }, { precondition: 'optional' }],
  ['that hides unknown customers', { unknownCustomer: { status: 403, body: { code: 403, description: 'x' } } }],
  ['whose gateway answers for unknown customers', { unknownCustomer: gateway(404) }],
  ['whose gateway checks the token', { unauthorized: gateway(401) }],
  ['with a byte order mark', { byteOrderMark: true }, { byteOrderMark: true }],
  ['with members and headers of its own', { extras: true }],
  ['with codes as strings', { stale: { status: 412, body: { code: '412', description: 'x' } } }],
  ['without links', { links: 'none' }],
  ['with links without /v1', { links: '' }, { linkPrefix: '' }],
  ['that answers in chunks', { chunked: true }],
  ['that is slow', { slow: true }],
  ['where the ETag of the body wins', { bodyTagWins: true }, { disagreement: 'body-wins' }],
  ['with ETags made from the content', { contentHashEtag: true }],
  ['that keeps omitted members', { keepsOmitted: true }, { omittedMember: 'kept', nullMember: 'cleared' }],
  ['that answers a repeated request id again', { replays: true }, { requestIdReplay: 'answered-again' }],
  ['whose reads lag behind its writes', { lags: true }],
  ['that writes GUIDs in upper case', { guidsInUpperCase: true }],
  ['with most of it at once', { stale: { status: 400, body: { code: '2055', description: 'x' } }, missing: 'accepted', unauthorized: gateway(401), byteOrderMark: true, extras: true, links: 'none', chunked: true, bodyTagWins: true, contentHashEtag: true, keepsOmitted: true, replays: true, guidsInUpperCase: true }],
]; // prettier-ignore

/** The profile as it is there, but for its ETag. */
async function read({ baseUrl, customerId, token, fetch }: Target): Promise<string> {
  const url = `${baseUrl}/v1/customers/${customerId}/profiles/billing`;
  const response = await fetch!(new Request(url, { headers: { Authorization: `Bearer ${token}` } }));
  return (await response.text()).replace(/"etag":"[^"]*"/, '');
}

test.each(servers)('a server %s breaks no promise', async (_, choices, behaviour = {}) => {
  const target = legalServer(choices);
  const before = await read(target);
  const report = await runConformance(target, { sleep });
  const unkept = report.results.filter(({ level, verdict }) => level === 'must' && verdict !== 'pass');
  expect(unkept).toEqual([]);
  expect(report.summary.broken).toBe(0);
  expect(report.behaviour).toMatchObject(behaviour);
  expect(report.restoration).toEqual({ state: 'restored' });
  expect(exitCodeOf(report)).toBe(0);
  expect(await read(target)).toBe(before);
});

test('what a server does not promise is not asked of it: the failures of a "should" are named, and do not count', async () => {
  const shoulds = async (choices: LegalChoices): Promise<string[]> =>
    (await runConformance(legalServer(choices), { sleep })).results.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
  expect(await shoulds({})).toEqual([]);
  expect(await shoulds({ missing: 'accepted' })).toEqual(['etag.refuses-missing-etag']);
  expect(await shoulds({ lags: true })).toEqual(['write.shows-in-next-read']);
});
