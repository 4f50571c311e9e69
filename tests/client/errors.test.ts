import { describe, expect, test } from 'vitest';
import {
  ContractError,
  createPartnerClient,
  isPartnerError,
  PartnerError,
  ServiceError,
  StaleEtagError,
  ThrottledError,
  TokenError,
} from '../../src/index.ts';
import { fakeProfile } from '../support/fake.ts';
import { jsonResponse, observedFetch } from '../support/observed-fetch.ts';

const customerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';
const token = 'secret-token-of-the-test';
const profile = fakeProfile(7);
const ids = { requestId: '11111111-1111-4111-8111-111111111111', correlationId: '22222222-2222-4222-8222-222222222222' };
const idHeaders = { 'MS-RequestId': ids.requestId, 'MS-CorrelationId': ids.correlationId };

function billingAnswered(answer: () => Response | Promise<Response>) {
  const { fetch, requests } = observedFetch(answer);
  return { billing: createPartnerClient({ token, fetch, retries: 0 }).customers.byId(customerId).profiles.billing, requests };
}

/** The error of a PUT that is answered so. Its message must never carry the token. */
async function errorOfUpdate(answer: () => Response | Promise<Response>): Promise<PartnerError> {
  const error: unknown = await billingAnswered(answer)
    .billing.update(profile)
    .catch((thrown: unknown) => thrown);
  expect(isPartnerError(error)).toBe(true);
  expect((error as PartnerError).message).not.toContain(token);
  return error as PartnerError;
}

describe('a refusal', () => {
  test.each([
    [400, 800002, 'Invalid request input'],
    [400, 3000, 'Invalid property'],
    [401, 400, 'Access denied'],
    [401, '900420', 'Audience is no longer supported'],
    [403, 20002, 'No commerce relationship'],
    [404, 60003, 'Tenant not found'],
    [405, 800042, 'Not supported'],
    [406, 800042, 'Not supported'],
    [413, 800002, 'Invalid request input'],
    [415, 800042, 'Not supported'],
    [428, 428, 'Precondition required'],
    [500, 800003, 'Unexpected service error'],
    [503, 0, 'Exception not defined'],
  ])('%i with code %s is a ServiceError that carries everything', async (status, code, description) => {
    const body = { code, description, data: ['detail'], source: 'PartnerFD' };
    const error = await errorOfUpdate(() => jsonResponse(body, { status, headers: idHeaders }));
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).not.toBeInstanceOf(StaleEtagError);
    expect(error).toMatchObject({ name: 'ServiceError', status, code, description, data: ['detail'], ...ids });
    for (const part of ['PUT', customerId, status, code, description, ids.requestId, ids.correlationId]) {
      expect(error.message).toContain(String(part));
    }
  });

  test.each([
    [412, 412],
    [412, undefined],
    [400, 2055],
    [400, '2055'],
  ])('%i with code %s is a StaleEtagError that says what to do', async (status, code) => {
    const error = await errorOfUpdate(() => jsonResponse({ code, description: 'Etag is no longer valid' }, { status }));
    expect(error).toBeInstanceOf(StaleEtagError);
    expect(error.message).toContain('read it again');
  });

  test("429 of the gateway carries the gateway's words and no ids, so the sent ones are named", async () => {
    const { billing, requests } = billingAnswered(() =>
      jsonResponse(
        { statusCode: 429, message: 'Rate limit is exceeded. Try again in 57 seconds.' },
        { status: 429, headers: { 'Retry-After': '57' } },
      ),
    );
    const error = (await billing.get().catch((thrown: unknown) => thrown)) as ServiceError;
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ status: 429, code: undefined, description: 'Rate limit is exceeded. Try again in 57 seconds.' });
    expect(error.message).toContain('Wait 57 s before the next call');
    expect(error).toBeInstanceOf(ThrottledError);
    expect((error as ThrottledError).retryAfterSeconds).toBe(57);
    expect(error.requestId).toBe(requests[0]!.headers.get('MS-RequestId'));
    expect(error.correlationId).toBe(requests[0]!.headers.get('MS-CorrelationId'));
  });

  test.each([
    ['HTML', '<html><body>Bad gateway</body></html>'],
    ['empty', ''],
    ['half a body', '{"code":2055,"descr'],
    ['a JSON string', '"no"'],
    ['null', 'null'],
    ['wrong types', '{"code":{"a":1},"description":7,"data":"x"}'],
  ])('whose body is %s is a ServiceError without code and description', async (_, body) => {
    const error = await errorOfUpdate(() => new Response(body, { status: 502 }));
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ status: 502, code: undefined, description: undefined, data: [] });
    expect(error.message).not.toContain('<html>');
  });

  test('with a byte order mark before its body is read all the same', async () => {
    const error = await errorOfUpdate(() => new Response('\uFEFF{"code":2055,"description":"Etag is no longer valid"}', { status: 400 }));
    expect(error).toBeInstanceOf(StaleEtagError);
  });

  test('that repeats the token does not get it into the error, however long its words are', async () => {
    const description = `${token} ${'x'.repeat(2000)}`;
    for (const body of [
      { code: 1, description, data: [token, { nested: [`Bearer ${token}`] }] },
      { code: token, description: 'x' },
      { statusCode: 400, message: token },
    ]) {
      const error = await errorOfUpdate(() => jsonResponse(body, { status: 400 }));
      expect(JSON.stringify({ ...error, message: error.message })).not.toContain(token);
      expect((error as ServiceError).description?.length ?? 0).toBeLessThanOrEqual(200);
    }
  });

  test('whose code is a text gets no control characters and no length into the error', async () => {
    const error = (await errorOfUpdate(() =>
      jsonResponse({ code: `\u001b[2J${'x'.repeat(2000)}`, description: 'y' }, { status: 400 }),
    )) as ServiceError;
    expect(error.code).toHaveLength(200);
    expect(error.message).not.toContain('\u001b');
  });

  test('whose ids repeat the token, or are empty, names ids all the same', async () => {
    const answered = (requestId: string, correlationId: string) => () =>
      jsonResponse(
        { code: 1, description: 'x' },
        { status: 400, headers: { 'MS-RequestId': requestId, 'MS-CorrelationId': correlationId } },
      );
    const uuid = /^[0-9a-f-]{36}$/;
    const [one, other] = [await errorOfUpdate(answered(`id ${token}`, '')), await errorOfUpdate(answered('', `id ${token}`))];
    expect(one).toMatchObject({ requestId: expect.stringMatching(uuid), correlationId: expect.stringMatching(uuid) });
    expect(other).toMatchObject({ requestId: expect.stringMatching(uuid), correlationId: expect.stringMatching(uuid) });
  });

  test('by a redirect is not followed, and the other host is named', async () => {
    const { billing, requests } = billingAnswered(
      () => new Response(null, { status: 307, headers: { Location: 'https://login.example/?secret=1' } }),
    );
    const error = (await billing.update(profile).catch((thrown: unknown) => thrown)) as ServiceError;
    expect(error).toMatchObject({ name: 'ServiceError', status: 307 });
    expect(error.message).toContain('login.example');
    expect(error.message).not.toContain('secret');
    expect(requests).toHaveLength(1);
  });
});

describe('a success that breaks the contract', () => {
  test.each([
    ['no body', () => new Response(null, { status: 204 })],
    ['an empty body', () => new Response('')],
    ['HTML', () => new Response('<html></html>')],
    ['half a body', () => new Response('{"id":"x"')],
    ['an array', () => jsonResponse([profile])],
    ['null', () => jsonResponse(null)],
    ['PascalCase', () => jsonResponse({ Attributes: profile.attributes, DefaultAddress: profile.defaultAddress })],
    ['no ETag', () => jsonResponse({ ...profile, attributes: {} })],
    ['an ETag that is a number', () => jsonResponse({ ...profile, attributes: { etag: 5920358838484612 } })],
    ['no address', () => jsonResponse({ ...profile, defaultAddress: null })],
  ])('%s is a ContractError', async (_, answer) => {
    const error = await errorOfUpdate(answer);
    expect(error).toBeInstanceOf(ContractError);
    expect(error).not.toBeInstanceOf(ServiceError);
    expect(error.message).toContain('unknown whether the profile was stored');
    expect(error.message).not.toContain(profile.email);
  });
});

describe('misuse is a TypeError, and nothing is sent', () => {
  const sent = (use: (client: ReturnType<typeof createPartnerClient>) => unknown): { error: unknown; count: () => number } => {
    const { fetch, requests } = observedFetch(() => jsonResponse(profile));
    let error: unknown;
    try {
      error = use(createPartnerClient({ token, fetch }));
    } catch (thrown) {
      error = thrown;
    }
    return { error, count: () => requests.length };
  };

  test.each(['', 'x', '../../other', '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04/x', '{4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04}'])(
    'a customer id that is not a GUID: %j',
    (id) => {
      const { error, count } = sent((client) => client.customers.byId(id));
      expect(error).toBeInstanceOf(TypeError);
      expect(count()).toBe(0);
    },
  );

  test.each([undefined, '', 'a"b', 'line\nend'])('a profile whose ETag is %j', async (etag) => {
    const { error, count } = sent((client) =>
      client.customers.byId(customerId).profiles.billing.update({ ...profile, attributes: { etag: etag as string } }),
    );
    await expect(error).rejects.toBeInstanceOf(TypeError);
    expect(count()).toBe(0);
  });

  test('a profile with both spellings of a member', async () => {
    const { error, count } = sent((client) =>
      client.customers.byId(customerId).profiles.billing.update({ ...profile, Email: 'x' } as typeof profile),
    );
    await expect(error).rejects.toThrow('"email"');
    expect(count()).toBe(0);
  });

  test.each(['', 'line\nend', 'naïve'])('a token that cannot travel: %j, which the message does not repeat', async (bad) => {
    const { fetch, requests } = observedFetch(() => jsonResponse(profile));
    expect(() => createPartnerClient({ token: bad, fetch })).toThrow(TypeError);
    const { billing } = createPartnerClient({ token: () => bad, fetch }).customers.byId(customerId).profiles;
    const error = (await billing.get().catch((thrown: unknown) => thrown)) as TokenError;
    expect(error).toBeInstanceOf(TokenError);
    expect(error.cause).toMatchObject({ name: 'TypeError' });
    if (bad !== '') expect(error.message).not.toContain(bad);
    expect(requests).toHaveLength(0);
  });

  test('an http address off this machine', () => {
    expect(() => createPartnerClient({ token, baseUrl: 'http://api.partnercenter.microsoft.com' })).toThrow(TypeError);
  });

  test('an error of the token function is the cause of a TokenError, and nothing is sent', async () => {
    const { fetch, requests } = observedFetch(() => jsonResponse(profile));
    const failure = new Error('sign-in failed');
    const { billing } = createPartnerClient({ token: () => Promise.reject(failure), fetch }).customers.byId(customerId).profiles;
    const error = (await billing.update(profile).catch((thrown: unknown) => thrown)) as TokenError;
    expect(error).toBeInstanceOf(TokenError);
    expect(error).toMatchObject({ cause: { name: 'Error', message: 'sign-in failed' }, outcome: 'not-sent', attempts: 0 });
    expect(error.message).toContain('was not sent, because there is no token: sign-in failed (');
    expect(requests).toHaveLength(0);
  });
});

test('isPartnerError knows errors of another copy of the package, and nothing else', () => {
  const foreign = Object.assign(new Error('x'), { [Symbol.for('partner-center-billing-profile.PartnerError')]: true });
  expect(isPartnerError(foreign)).toBe(true);
  for (const other of [new Error('x'), new TypeError('x'), null, undefined, {}, 'PartnerError']) expect(isPartnerError(other)).toBe(false);
});
