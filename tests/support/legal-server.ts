import { createHash } from 'node:crypto';
import type { Target } from '../../src/conformance/index.ts';
import { members as contractMembers } from '../../src/contract/generated.ts';

type Json = Record<string, unknown>;

/** In what a server may differ from another one without breaking a promise. */
export interface LegalChoices {
  stale?: { status: number; body: unknown };
  missing?: { status: number; body: unknown } | 'accepted';
  unknownCustomer?: { status: number; body: unknown };
  unauthorized?: { status: number; body: unknown };
  byteOrderMark?: boolean;
  extras?: boolean;
  links?: 'none' | '/v1' | '';
  chunked?: boolean;
  slow?: boolean;
  bodyTagWins?: boolean;
  contentHashEtag?: boolean;
  keepsOmitted?: boolean;
  replays?: boolean;
  lags?: boolean;
  guidsInUpperCase?: boolean;
}

const customers = ['8d0c9a6e-1f35-4b7a-9d55-0a4f2b1c7e90', 'b3f5e2d1-64c8-4a0e-8f1b-5d2c9e7a6b43'] as const;
const token = 'legal-token';
const error = (code: number | string, description: string): unknown => ({ code, description });

/**
 * A server of the endpoint that has nothing of the mock: written from the contract's text, in another manner, so that the suite is not
 * only tested against its own twin.
 */
export function legalServer(choices: LegalChoices = {}): Target {
  const rows = new Map<string, { data: Json; rev: number; shownBefore?: string | undefined }>(
    customers.map((id, index) => [
      id,
      {
        rev: 1,
        data: {
          id: `7c0f5b1e-9a34-4d0e-8f77-30f2e6a1b5c${index}`,
          firstName: 'Ada',
          lastName: 'Byron',
          email: 'ada@books.example',
          culture: 'en-GB',
          language: 'en',
          companyName: 'Analytical Engines Ltd',
          defaultAddress: {
            country: index === 0 ? 'US' : 'GB',
            city: 'Redmond',
            state: 'WA',
            addressLine1: '12 St James',
            postalCode: '98052',
          },
        },
      },
    ]),
  );
  const answered = new Map<string, [number, unknown]>();

  const tagOf = (row: { data: Json; rev: number }): string =>
    choices.contentHashEtag ? createHash('sha1').update(JSON.stringify(row.data)).digest('base64') : `rev.${row.rev}`;
  const show = (id: string, row: { data: Json; rev: number }): Json => ({
    ...row.data,
    ...(choices.extras ? { xUnknown: 'GB123', preferences: { Paper: true, Copies: [1, 2] } } : {}),
    ...(choices.links === 'none'
      ? {}
      : { links: { self: { uri: `${choices.links ?? '/v1'}/customers/${id}/profiles/billing`, method: 'GET', headers: [] } } }),
    attributes: { etag: tagOf(row), objectType: 'CustomerBillingProfile' },
  });

  function handle(request: Request, text: string): [number, unknown, Record<string, string>?] {
    if (request.headers.get('authorization') !== `Bearer ${token}`) {
      const { status, body } = choices.unauthorized ?? { status: 401, body: error(401, 'Who are you?') };
      return [status, body, { 'WWW-Authenticate': 'Bearer' }];
    }
    const id = decodeURIComponent(new URL(request.url).pathname.split('/')[3] ?? '').toLowerCase();
    if (!/^[0-9a-f-]{36}$/.test(id)) return [400, error(2000, 'No GUID')];
    const row = rows.get(id);
    if (row === undefined) {
      const { status, body } = choices.unknownCustomer ?? { status: 404, body: error(60003, 'No such customer') };
      return [status, body];
    }
    if (request.method === 'GET') {
      const { shownBefore } = row;
      row.shownBefore = undefined;
      return [200, shownBefore === undefined ? show(id, row) : JSON.parse(shownBefore)];
    }
    if (request.method !== 'PUT') return [405, error(405, 'No'), { Allow: 'GET, PUT' }];
    if (!request.headers.get('content-type')?.startsWith('application/json')) return [415, error(415, 'JSON, please')];
    const replayId = `${id} ${request.headers.get('ms-requestid')}`;
    const replay = choices.replays ? answered.get(replayId) : undefined;
    if (replay !== undefined) return replay;
    return put(id, row, request.headers.get('if-match'), text, replayId);
  }

  function put(
    id: string,
    row: { data: Json; rev: number; shownBefore?: string | undefined },
    ifMatch: string | null,
    text: string,
    replayId: string,
  ): [number, unknown] {
    let sent: Json;
    try {
      sent = lower(JSON.parse(text)) as Json;
    } catch {
      return [400, error(400, 'No JSON')];
    }
    const { attributes, links: _, id: __, vatid: ___, preferences: ____, ...members } = sent as Json & { attributes?: { etag?: string } };
    const values = [...Object.entries(members), ...Object.entries((members.defaultaddress ?? {}) as Json)];
    if (values.some(([name, value]) => name !== 'defaultaddress' && value !== null && typeof value !== 'string'))
      return [400, error(400, 'Text, please')];
    if (['email', 'culture', 'language', 'companyname', 'defaultaddress'].some((name) => members[name] == null))
      return [400, error(3000, 'Something is missing')];

    const header = ifMatch?.replace(/^"|"$/g, '');
    const tag = choices.bodyTagWins ? (attributes?.etag ?? header) : (header ?? attributes?.etag);
    if (!tag) {
      const { status, body } =
        choices.missing === 'accepted' ? { status: 0, body: 0 } : (choices.missing ?? { status: 428, body: error(428, 'No ETag') });
      if (status !== 0) return [status, body];
    } else if (tag !== '*' && tag !== tagOf(row)) {
      const { status, body } = choices.stale ?? { status: 412, body: error(412, 'Too late') };
      return [status, body];
    }
    if (choices.lags) row.shownBefore = JSON.stringify(show(id, row));
    row.data = restore(members, row.data, choices.keepsOmitted ?? false);
    row.rev += 1;
    const answer: [number, unknown] = [200, show(id, row)];
    answered.set(replayId, answer);
    return answer;
  }

  return {
    baseUrl: 'http://legal.localhost',
    token,
    customerId: customers[0],
    otherCustomerId: customers[1],
    async fetch(request) {
      const text = await request.text();
      if (choices.slow) await new Promise((resolve) => setTimeout(resolve, 1));
      const [status, body, headers = {}] = handle(request, text);
      const isGateway = typeof body === 'object' && body !== null && 'statusCode' in body;
      const echo = (name: string): string => {
        const given = request.headers.get(name) ?? crypto.randomUUID();
        return choices.guidsInUpperCase ? given.toUpperCase() : given;
      };
      const bytes = new TextEncoder().encode((choices.byteOrderMark && status === 200 ? '\uFEFF' : '') + JSON.stringify(body));
      const half = Math.floor(bytes.length / 2);
      const stream = new ReadableStream({
        start(controller) {
          controller.enqueue(bytes.slice(0, half));
          controller.enqueue(bytes.slice(half));
          controller.close();
        },
      });
      return new Response(choices.chunked ? stream : bytes, {
        status,
        headers: {
          ...headers,
          'Content-Type': choices.extras ? 'text/json' : 'application/json',
          ...(isGateway ? {} : { 'MS-RequestId': echo('ms-requestid'), 'MS-CorrelationId': echo('ms-correlationid') }),
          ...(choices.extras ? { ETag: '"of-the-representation"', 'X-Powered-By': 'something else', Vary: 'Accept' } : {}),
        },
      });
    },
  };
}

/** Names in lower case, at every depth: this server ignores the case of what it reads. */
function lower(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), lower(member)]));
}

// What the service makes itself is not stored from a PUT; the address has its own list.
const profileNames = Object.keys(contractMembers.CustomerBillingProfile!).filter(
  (name) => !/^(?:id|links|attributes|defaultAddress)$/.test(name),
);
const addressNames = Object.keys(contractMembers.Address!);

/** What is stored after a PUT, under the names of the contract. */
function restore(sent: Json, was: Json, keepsOmitted: boolean): Json {
  const pick = (names: readonly string[], from: Json, old: Json): Json =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = from[name.toLowerCase()];
        if (value === undefined && keepsOmitted && old[name] !== undefined) return [[name, old[name]]];
        return value === undefined || value === null ? [] : [[name, value]];
      }),
    );
  const oldAddress = was.defaultAddress as Json;
  const address = pick(addressNames, sent.defaultaddress as Json, oldAddress);
  return { id: was.id, ...pick(profileNames, sent, was), defaultAddress: { ...address, country: address.country ?? oldAddress.country } };
}
