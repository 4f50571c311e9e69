import type { ServiceBehaviour } from '../contract/behaviour.ts';
import { headerNames } from '../contract/headers.ts';
import { isJsonObject } from '../contract/json.ts';
import type { Message } from './outcome.ts';

/** An answer before it becomes bytes. */
export interface Answer {
  kind: 'profile' | 'stale-refusal' | 'other-refusal' | 'gateway-refusal';
  status: number;
  headers: Record<string, string>;
  /** A JSON value; text when `contentType` is not JSON. */
  body: unknown;
  contentType: string;
}

const json = 'application/json; charset=utf-8';

export function success(profile: unknown): Answer {
  return { kind: 'profile', status: 200, headers: {}, body: profile, contentType: json };
}

/** A refusal by the API. Source: SOURCES.md#error-response */
export function refuse(
  behaviour: ServiceBehaviour,
  status: number,
  code: number,
  description: string,
  more: { data?: string[]; headers?: Record<string, string>; kind?: 'stale-refusal'; source?: string } = {},
): Answer {
  const body = {
    code: behaviour.errorCode === 'string' ? String(code) : code,
    description,
    data: more.data ?? [],
    source: more.source ?? 'PartnerApiServiceControllers',
  };
  return { kind: more.kind ?? 'other-refusal', status, headers: more.headers ?? {}, body, contentType: json };
}

/** A refusal by the gateway: another body, and no ids. Source: SOURCES.md#throttling */
export function refuseAtGateway(status: number, message: string): Answer {
  return { kind: 'gateway-refusal', status, headers: {}, body: { statusCode: status, message }, contentType: 'application/json' };
}

/** The headers that the API, not the gateway, puts on every answer. Source: SOURCES.md#response-headers */
export function apiHeaders(requestId: string, correlationId: string): Record<string, string> {
  return {
    [headerNames.requestId]: requestId,
    [headerNames.correlationId]: correlationId,
    // 16 characters of base64, made from the request id so that it needs no randomness of its own.
    [headerNames.correlationVector]: `${btoa(
      requestId
        .replaceAll(/[^\x21-\x7e]/g, '')
        .padEnd(12, '0')
        .slice(0, 12),
    )}.0`,
    [headerNames.serverId]: '00000055',
    'Request-Context': 'appId=cid-v1:03ce8ca8-8373-4021-8f25-d5dd45c7b12f',
  };
}

/** Turns an answer into bytes. The byte order mark stands before success bodies only. */
export function toMessage(answer: Answer, method: string, byteOrderMark: boolean): Message {
  const bytes = bytesOf(answer, byteOrderMark && answer.kind === 'profile');
  const headers = { ...answer.headers, 'Content-Type': answer.contentType, 'Content-Length': String(bytes.length) };
  return { status: answer.status, headers, body: method === 'HEAD' ? null : bytes };
}

const encoder = new TextEncoder();
// A profile is read far more often than it is written.
const encoded = new WeakMap<object, { marked: boolean; bytes: Uint8Array<ArrayBuffer> }>();

function bytesOf({ kind, body }: Answer, marked: boolean): Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return encoder.encode(body);
  const profile = kind === 'profile' && isJsonObject(body) ? body : undefined;
  const known = profile && encoded.get(profile);
  if (known?.marked === marked) return known.bytes;
  const text = JSON.stringify(body);
  const bytes = encoder.encode(marked ? `\uFEFF${text}` : text);
  if (profile !== undefined) encoded.set(profile, { marked, bytes });
  return bytes;
}
