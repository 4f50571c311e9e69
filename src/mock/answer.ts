import type { ServiceBehaviour } from '../contract/behaviour.ts';
import { isGuid } from '../contract/guid.ts';
import { headerNames } from '../contract/headers.ts';
import type { Shown } from './customers.ts';
import type { Message } from './outcome.ts';

/** An answer before it becomes bytes. */
export interface Answer {
  kind: 'profile' | 'stale-refusal' | 'other-refusal' | 'gateway-refusal';
  status: number;
  headers: Record<string, string>;
  /** A JSON value; text when `contentType` is not JSON. */
  body: unknown;
  contentType: string;
  /** Where the body's text is kept, as long as the body is still this profile. */
  shown?: Shown;
}

const json = 'application/json; charset=utf-8';

export function success(shown: Shown): Answer {
  return { kind: 'profile', status: 200, headers: {}, body: shown.profile, contentType: json, shown };
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

const encoder = new TextEncoder();

function textOf({ body, shown }: Answer, marked: boolean): { text: string; sizeBytes: number } {
  // A fault may have put another body in the place of the profile.
  const kept = shown?.profile === body ? shown : undefined;
  if (kept?.text?.marked === marked) return kept.text;
  const text = `${marked ? '\uFEFF' : ''}${typeof body === 'string' ? body : JSON.stringify(body)}`;
  const made = { marked, text, sizeBytes: encoder.encode(text).length };
  if (kept !== undefined) kept.text = made;
  return made;
}
