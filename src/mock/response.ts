import type { ServiceBehaviour } from '../contract/behaviour.ts';
import { isGuid } from '../contract/guid.ts';
import { headerNames } from '../contract/headers.ts';
import { isJsonObject } from '../contract/json.ts';
import type { CustomerBillingProfile } from '../contract/profile.ts';
import type { Message } from './delivery.ts';

/** A response before it becomes bytes. */
export interface ServiceResponse {
  kind: 'profile' | 'stale-refusal' | 'other-refusal' | 'gateway-refusal';
  status: number;
  headers: Record<string, string>;
  /** A JSON value; text when `contentType` is not JSON. */
  body: unknown;
  contentType: string;
}

const json = 'application/json; charset=utf-8';

export function success(profile: CustomerBillingProfile): ServiceResponse {
  return { kind: 'profile', status: 200, headers: {}, body: profile, contentType: json };
}

/** A refusal by the API. Source: SOURCES.md#error-response */
export function refuse(
  behaviour: ServiceBehaviour,
  status: number,
  code: number,
  description: string,
  more: { data?: string[]; headers?: Record<string, string>; kind?: 'stale-refusal'; source?: string } = {},
): ServiceResponse {
  const body = {
    code: behaviour.errorCode === 'string' ? String(code) : code,
    description,
    data: more.data ?? [],
    source: more.source ?? 'PartnerApiServiceControllers',
  };
  return { kind: more.kind ?? 'other-refusal', status, headers: more.headers ?? {}, body, contentType: json };
}

/** A refusal by the gateway: another body, and no ids. Source: SOURCES.md#throttling */
export function refuseAtGateway(status: number, message: string): ServiceResponse {
  return { kind: 'gateway-refusal', status, headers: {}, body: { statusCode: status, message }, contentType: 'application/json' };
}

/** The headers that the API, not the gateway, puts on every response. Source: SOURCES.md#response-headers */
export function apiHeaders(requestId: string, correlationId: string): Record<string, string> {
  const printable = isGuid(requestId) ? requestId : requestId.replaceAll(/[^\x21-\x7e]/g, '').padEnd(12, '0');
  return {
    [headerNames.requestId]: requestId,
    [headerNames.correlationId]: correlationId,
    // 16 characters of base64, made from the request id so that it needs no randomness of its own.
    'MS-CV': `${btoa(printable.slice(0, 12))}.0`,
    'MS-ServerId': '00000055',
    'Request-Context': 'appId=cid-v1:03ce8ca8-8373-4021-8f25-d5dd45c7b12f',
  };
}

const encoder = new TextEncoder();
// A profile is read far more often than it is written, and stays the same object until then.
const profileBytes = new WeakMap<object, Uint8Array<ArrayBuffer>>();

/** Turns a response into what travels, in UTF-8. The byte order mark stands before success bodies only. */
export function toMessage(response: ServiceResponse, method: string, byteOrderMark: boolean): Message {
  const { status, headers, contentType } = response;
  const bytes = bytesOf(response, byteOrderMark);
  return {
    status,
    headers: { ...headers, 'Content-Type': contentType, 'Content-Length': String(bytes.length) },
    body: method === 'HEAD' ? null : bytes,
  };
}

function bytesOf({ kind, body }: ServiceResponse, byteOrderMark: boolean): Uint8Array<ArrayBuffer> {
  const isProfile = kind === 'profile' && isJsonObject(body);
  const known = isProfile ? profileBytes.get(body) : undefined;
  if (known !== undefined) return known;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = encoder.encode(kind === 'profile' && byteOrderMark ? `\uFEFF${text}` : text);
  if (isProfile) profileBytes.set(body, bytes);
  return bytes;
}
