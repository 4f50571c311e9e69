import type { ServiceBehaviour } from '../contract/behaviour.ts';
import { isGuid } from '../contract/guid.ts';
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
    [headerNames.correlationVector]: `${btoa(twelveLettersOf(requestId))}.0`,
    [headerNames.serverId]: '00000055',
    'Request-Context': 'appId=cid-v1:03ce8ca8-8373-4021-8f25-d5dd45c7b12f',
  };
}

const twelveLettersOf = (id: string): string =>
  isGuid(id)
    ? id.slice(0, 12)
    : id
        .replaceAll(/[^\x21-\x7e]/g, '')
        .padEnd(12, '0')
        .slice(0, 12);

/** Turns an answer into what travels. The byte order mark stands before success bodies only. */
export function toMessage(answer: Answer, method: string, byteOrderMark: boolean): Message {
  const { text, sizeBytes } = textOf(answer, byteOrderMark && answer.kind === 'profile');
  const headers = { ...answer.headers, 'Content-Type': answer.contentType, 'Content-Length': String(sizeBytes) };
  return { status: answer.status, headers, body: method === 'HEAD' ? null : text };
}

interface Text {
  text: string;
  sizeBytes: number;
}

const encoder = new TextEncoder();
const withSize = (text: string): Text => ({ text, sizeBytes: encoder.encode(text).length });

// A profile is read far more often than it is written.
const known = { marked: new WeakMap<object, Text>(), unmarked: new WeakMap<object, Text>() };

function textOf({ kind, body }: Answer, marked: boolean): Text {
  if (kind !== 'profile' || !isJsonObject(body)) return withSize(typeof body === 'string' ? body : JSON.stringify(body));
  const texts = known[marked ? 'marked' : 'unmarked'];
  let text = texts.get(body);
  if (text === undefined) texts.set(body, (text = withSize(`${marked ? '\uFEFF' : ''}${JSON.stringify(body)}`)));
  return text;
}
