import { toWire } from '../contract/casing.ts';
import { toIfMatch } from '../contract/etag.ts';
import { headerNames } from '../contract/headers.ts';
import { billingProfilePath, billingProfilePathOf } from '../contract/profile.ts';
import type { CustomerBillingProfile, WritableProfile } from '../contract/profile.ts';
import { callAnswered, readProfile, refusal } from './answer.ts';
import type { PartnerApi } from './client.ts';
import { type Call, NetworkError } from './errors.ts';

/** What can be done with one customer's billing profile. */
export interface BillingProfileOperations {
  /**
   * Reads the profile.
   *
   * Errors: `ServiceError`, `NetworkError`, `ContractError`.
   * Source: SOURCES.md#get
   */
  get(): Promise<CustomerBillingProfile>;
  /**
   * Writes the whole profile, if it is still the one that was read.
   *
   * Shape: one PUT of every member, unknown ones too, with If-Match from `profile.attributes.etag`; the returned profile carries
   * the new one. The argument is not changed.
   * Errors: `StaleEtagError` when somebody wrote in between (nothing was changed); `ServiceError`, `NetworkError`, `ContractError`;
   * `TypeError`, before anything is sent, for a profile without an ETag.
   * Source: SOURCES.md#put
   */
  update(profile: WritableProfile): Promise<CustomerBillingProfile>;
}

interface Connection {
  api: PartnerApi;
  token: () => Promise<string>;
  newId: () => string;
  customerId: string;
}

interface ApiAnswer {
  response: Response;
  data?: string | undefined;
  error?: unknown;
}

export function billingProfileOperations({ api, token, newId, customerId }: Connection): BillingProfileOperations {
  /** Sends one call and reads its answer. Nothing of it is sent before the token is there. */
  async function call(method: Call['method'], send: (ids: Record<string, string>) => Promise<ApiAnswer>): Promise<CustomerBillingProfile> {
    const sent: Call = { method, path: billingProfilePathOf(customerId), requestId: newId(), correlationId: newId() };
    const bearer = await token();
    let answer: ApiAnswer;
    try {
      answer = await send({
        Authorization: `Bearer ${bearer}`,
        [headerNames.requestId]: sent.requestId,
        [headerNames.correlationId]: sent.correlationId,
      });
    } catch (cause) {
      const unknown = method === 'PUT' ? ' It is unknown whether the profile was stored; read it before trying again' : '';
      throw new NetworkError(sent, `No complete answer to ${method} ${sent.path}: ${reason(cause)}.${unknown}`, { cause });
    }
    const answered = callAnswered(sent, answer.response);
    if (!answer.response.ok) throw refusal(answered, answer.response, answer.error, bearer);
    return readProfile(answered, answer.response, answer.data);
  }

  const path = { 'customer-tenant-id': customerId };
  return {
    get: () => call('GET', (headers) => api.GET(billingProfilePath, { params: { path }, headers, parseAs: 'text' })),
    async update(profile) {
      if (!profile.attributes?.etag) throw new TypeError('The profile carries no attributes.etag. Update a profile that get() returned.');
      const header = { 'If-Match': toIfMatch(profile.attributes.etag) };
      const body = toWire(profile);
      return call('PUT', (headers) => api.PUT(billingProfilePath, { params: { path, header }, body, headers, parseAs: 'text' }));
    },
  };
}

/** fetch says no more than "fetch failed"; what failed stands in its cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
