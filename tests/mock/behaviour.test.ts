import { describe, expect, test } from 'vitest';
import type { ServiceBehaviour } from '../../src/contract/behaviour.ts';
import { createMockService } from '../../src/mock/index.ts';

/** A mock with one answer changed, and a PUT of the profile as it is, but for what the test says. */
function mockWith(behaviour: Partial<ServiceBehaviour>) {
  const mock = createMockService({ behaviour });
  const [customerId] = mock.customers.ids() as [string];
  const profile = () => mock.customers.get(customerId)!;
  const send = async (method: string, headers: Record<string, string>, body?: unknown) => {
    const response = await mock.fetch(
      new Request(`http://mock.localhost/v1/customers/${customerId}/profiles/billing`, {
        method,
        headers: { Authorization: 'Bearer mock-token', 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, bytes, json: JSON.parse(new TextDecoder().decode(bytes)) };
  };
  const put = (tags: { header?: string; body?: string }, change: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
    const attributes = tags.body === undefined ? undefined : { etag: tags.body, objectType: 'CustomerBillingProfile' };
    const sent = { ...profile(), companyName: 'Changed', ...change, attributes: change.attributes ?? attributes };
    return send('PUT', { ...headers, ...(tags.header === undefined ? {} : { 'If-Match': tags.header }) }, sent);
  };
  return { mock, profile, send, put, current: profile().attributes.etag };
}

const stale = '123';

// Rows: the answer, the tag of the header, the tag of the body ("current" stands for the right one), the status.
describe.each<[Partial<ServiceBehaviour>, string | undefined, string | undefined, number]>([
  [{ precondition: 'header' }, '"current"', undefined, 200],
  [{ precondition: 'header' }, '"current"', 'current', 200],
  [{ precondition: 'header' }, `"${stale}"`, 'current', 400],
  [{ precondition: 'header', missingPrecondition: { status: 428 } }, undefined, 'current', 428],
  [{ precondition: 'header', missingPrecondition: { status: 428 } }, undefined, undefined, 428],
  [{ precondition: 'header', missingPrecondition: { status: 428 } }, ' ', undefined, 428],
  [{ precondition: 'header-or-body' }, undefined, 'current', 200],
  [{ precondition: 'header-or-body' }, undefined, stale, 400],
  [{ precondition: 'header-or-body' }, '"current"', undefined, 200],
  [{ precondition: 'header-or-body', missingPrecondition: { status: 409, code: 7 } }, undefined, undefined, 409],
  [{ precondition: 'optional' }, undefined, undefined, 200],
  [{ precondition: 'optional' }, undefined, stale, 400],
  [{ precondition: 'optional' }, `"${stale}"`, undefined, 400],
  [{ disagreement: 'header-wins' }, '"current"', stale, 200],
  [{ disagreement: 'header-wins' }, `"${stale}"`, 'current', 400],
  [{ disagreement: 'body-wins' }, '"current"', stale, 400],
  [{ disagreement: 'body-wins' }, `"${stale}"`, 'current', 200],
  [{ disagreement: 'refused' }, '"current"', stale, 400],
  [{ disagreement: 'refused' }, `"${stale}"`, 'current', 400],
  [{ disagreement: 'refused' }, '"current"', 'current', 200],
  [{ stale: { status: 412 } }, `"${stale}"`, stale, 412],
  [{ stale: { status: 400, code: 2055 } }, `"${stale}"`, stale, 400],
  [{ wildcard: 'accepted' }, '*', 'current', 200],
  [{ wildcard: 'refused' }, '*', 'current', 400],
  [{ weakTag: 'accepted' }, 'W/"current"', 'current', 200],
  [{ weakTag: 'refused' }, 'W/"current"', 'current', 400],
  [{ bareTag: 'accepted' }, 'current', 'current', 200],
  [{ bareTag: 'refused' }, 'current', 'current', 400],
  [{ tagList: 'accepted' }, `"${stale}", "current"`, 'current', 200],
  [{ tagList: 'refused' }, `"${stale}", "current"`, 'current', 400],
  [{}, `"${stale}", "456"`, stale, 400],
  [{}, '"current', 'current', 400],
  [{ tagList: 'accepted' }, '"current", "broken', 'current', 400],
  [{ tagList: 'refused', weakTag: 'refused' }, 'W/"other", "current"', 'current', 400],
  [{}, '"cur"rent"', 'current', 400],
])('%j: If-Match %j and the body %j', (behaviour, header, body, status) => {
  test(`gets ${status}, and stored only then`, async () => {
    const { put, profile, current } = mockWith(behaviour);
    const named = (tag: string): string => tag.replace('current', current);
    const answer = await put({
      ...(header === undefined ? {} : { header: named(header) }),
      ...(body === undefined ? {} : { body: named(body) }),
    });
    expect(answer.status).toBe(status);
    expect(profile().companyName).toBe(status === 200 ? 'Changed' : 'CompanyName');
    const refusal = status === behaviour.missingPrecondition?.status ? behaviour.missingPrecondition : behaviour.stale;
    if (status !== 200) expect(answer.json.code).toBe((refusal ?? { code: 2055 }).code ?? status);
  });
});

describe.each<[keyof ServiceBehaviour, string, Record<string, unknown>, number, unknown]>([
  ['omittedMember', 'cleared', { firstName: undefined }, 200, undefined],
  ['omittedMember', 'kept', { firstName: undefined }, 200, 'FirstName'],
  ['omittedMember', 'refused', { firstName: undefined }, 400, 'FirstName'],
  ['nullMember', 'cleared', { firstName: null }, 200, undefined],
  ['nullMember', 'kept', { firstName: null }, 200, 'FirstName'],
  ['nullMember', 'refused', { firstName: null }, 400, 'FirstName'],
])('%s: %s', (question, answer, change, status, firstName) => {
  test(`a PUT of ${JSON.stringify(change)} gets ${status}`, async () => {
    const { put, profile, current } = mockWith({ [question]: answer });
    const answered = await put({ header: `"${current}"` }, change);
    expect(answered.status).toBe(status);
    if (status === 400) expect(answered.json.data[0]).toContain('firstName');
    expect(profile().firstName).toBe(firstName);
  });

  test('goes for the address too', async () => {
    const { put, profile, current } = mockWith({ [question]: answer });
    const { city: _, ...address } = profile().defaultAddress;
    const sent = question === 'nullMember' ? { ...address, city: null } : address;
    expect((await put({ header: `"${current}"` }, { defaultAddress: sent })).status).toBe(status);
    expect(profile().defaultAddress.city).toBe(firstName === undefined ? undefined : 'Redmond');
  });
});

test('a member that was never there may be left out or null under every answer', async () => {
  const { put, current } = mockWith({ omittedMember: 'refused', nullMember: 'refused' });
  expect((await put({ header: `"${current}"` }, { defaultAddress: { ...mockWith({}).profile().defaultAddress } })).status).toBe(200);
});

test.each([
  ['dropped', {}],
  ['kept', { tags: ['a'], extra: { b: 1 } }],
])('unknownMember: %s', async (unknownMember, kept) => {
  const { put, profile, current } = mockWith({ unknownMember: unknownMember as 'kept' });
  const address = { ...profile().defaultAddress, geo: 1 };
  const answer = await put({ header: `"${current}"` }, { tags: ['a'], extra: { b: 1 }, defaultAddress: address });
  expect(answer.status).toBe(200);
  const { tags, extra } = profile() as { tags?: unknown; extra?: unknown };
  expect(JSON.parse(JSON.stringify({ tags, extra }))).toEqual(kept);
  expect('geo' in profile().defaultAddress).toBe(unknownMember === 'kept');
});

test.each([
  ['ignored', 200, 'a58ceba5-60ac-48e4-a0bc-2a855811807a', 'CustomerBillingProfile'],
  ['refused', 400, 'a58ceba5-60ac-48e4-a0bc-2a855811807a', 'CustomerBillingProfile'],
  ['stored', 200, 'another', 'BillingProfile'],
])('identityChange: %s', async (identityChange, status, id, objectType) => {
  const { put, profile, current } = mockWith({ identityChange: identityChange as 'ignored' });
  const answer = await put({ header: `"${current}"` }, { id: 'another', attributes: { etag: current, objectType: 'BillingProfile' } });
  expect(answer.status).toBe(status);
  expect(profile()).toMatchObject({ id, attributes: { objectType } });
});

describe('requestIdReplay', () => {
  const again = { 'MS-RequestId': '11111111-1111-4111-8111-111111111111' };

  test('executed: the same PUT again is a stale write', async () => {
    const { put, current } = mockWith({ requestIdReplay: 'executed' });
    expect((await put({ header: `"${current}"` }, {}, again)).status).toBe(200);
    expect((await put({ header: `"${current}"` }, {}, again)).status).toBe(400);
  });

  test('answered-again: the same PUT again gets the same answer, with the ids of now, and is not stored twice', async () => {
    const { put, profile, current } = mockWith({ requestIdReplay: 'answered-again' });
    const first = await put({ header: `"${current}"` }, {}, again);
    const etag = profile().attributes.etag;
    const second = await put({ header: `"${current}"` }, { companyName: 'Not looked at' }, again);
    expect(second).toEqual(first);
    expect(profile()).toMatchObject({ companyName: 'Changed', attributes: { etag } });
  });

  test('answered-again: a failure is never replayed', async () => {
    const { put, current } = mockWith({ requestIdReplay: 'answered-again' });
    expect((await put({ header: `"${stale}"` }, {}, again)).status).toBe(400);
    expect((await put({ header: `"${current}"` }, {}, again)).status).toBe(200);
  });

  test('answered-again: an id that is the text null is not that of a PUT without one', async () => {
    const { put, current } = mockWith({ requestIdReplay: 'answered-again' });
    expect((await put({ header: `"${current}"` }, {}, { 'MS-RequestId': 'null' })).status).toBe(200);
    expect((await put({ header: `"${current}"` })).status).toBe(400);
  });

  test('answered-again: a PUT without an id is never a repetition', async () => {
    const { put, current } = mockWith({ requestIdReplay: 'answered-again' });
    expect((await put({ header: `"${current}"` })).status).toBe(200);
    expect((await put({ header: `"${current}"` })).status).toBe(400);
  });
});

test.each([true, false])('byteOrderMark: %s, on success only', async (byteOrderMark) => {
  const { send } = mockWith({ byteOrderMark });
  const { bytes } = await send('GET', {});
  expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).startsWith(byteOrderMark ? '\uFEFF{"id"' : '{"id"')).toBe(true);
  expect((await send('GET', { Authorization: 'Bearer wrong' })).bytes[0]).toBe('{'.charCodeAt(0));
});

test.each([
  ['integer', 400],
  ['string', '400'],
])('errorCode: %s', async (errorCode, code) => {
  expect((await mockWith({ errorCode: errorCode as 'integer' }).send('GET', { Authorization: 'x' })).json.code).toBe(code);
});

test.each(['', '/v1'] as const)('linkPrefix: "%s"', async (linkPrefix) => {
  const { profile } = mockWith({ linkPrefix });
  expect(profile().links!.self!.uri).toBe(`${linkPrefix}/customers/4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04/profiles/billing`);
});

describe('addressChecks', () => {
  const good = { country: 'US', city: 'Redmond', state: 'WA', addressLine1: '1 Microsoft Way', postalCode: '98052' };
  const bad: [string, Record<string, unknown>, number, string][] = [
    ['a country of three letters', { country: 'USA' }, 27002, 'country'],
    ['an empty first line', { addressLine1: '' }, 27002, 'addressLine1'],
    ['a first line of 201 characters', { addressLine1: 'x'.repeat(201) }, 27002, 'addressLine1'],
    ['a name of 51 characters', { firstName: 'x'.repeat(51) }, 27002, 'firstName'],
    ['no city in the US', { city: undefined }, 27002, 'city'],
    ['a state that the US has not', { state: 'XX' }, 27002, 'state'],
    ['a postal code that the US has not', { postalCode: 'SW1A' }, 27002, 'postalCode'],
    ['a phone number that the US has not', { phoneNumber: '+1 425' }, 27002, 'phoneNumber'],
    ['a postal code that Portugal has not', { country: 'PT', postalCode: '98052' }, 27002, 'postalCode'],
    ['no phone number in Hungary', { country: 'HU' }, 600051, 'phoneNumber'],
  ];

  test.each(bad)('documented: %s is refused', async (_, change, code, member) => {
    const { put, current, profile } = mockWith({ addressChecks: 'documented' });
    const answer = await put({ header: `"${current}"` }, { defaultAddress: { ...good, ...change } });
    expect(answer).toMatchObject({ status: 400, json: { code } });
    expect(answer.json.data.join()).toContain(member);
    expect(profile().companyName).toBe('CompanyName');
  });

  test.each(bad)('none: %s is stored', async (_, change) => {
    const { put, current } = mockWith({ addressChecks: 'none' });
    expect((await put({ header: `"${current}"` }, { defaultAddress: { ...good, ...change } })).status).toBe(200);
  });

  test('documented: good addresses are stored, and those of countries without recorded rules', async () => {
    for (const change of [
      {},
      { phoneNumber: '' },
      { phoneNumber: '(425) 555-5555' },
      { country: 'HU', phoneNumber: '1' },
      { country: 'DE', postalCode: 'x' },
    ]) {
      const { put, current } = mockWith({ addressChecks: 'documented' });
      expect((await put({ header: `"${current}"` }, { defaultAddress: { ...good, ...change } })).status).toBe(200);
    }
  });
});
