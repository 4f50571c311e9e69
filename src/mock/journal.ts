import { headerNames } from '../contract/headers.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import { isContractName, isImpersonal } from '../contract/privacy/member-privacy.ts';
import { printable } from '../contract/printable.ts';
import type { Message, Outcome } from './delivery.ts';
import type { AnyFaultName } from './faults/plan.ts';
import type { ProfileRequest } from './request.ts';

/** One request and what became of it, without a token and without a value of the customer's. What is absent was absent. */
export interface JournalEntry {
  /** When the request came, in ISO 8601, UTC. */
  at: string;
  request: {
    method: string;
    /** Without the query. */
    path: string;
    /** Whether the token is the one that the mock knows. */
    token: 'known' | 'wrong' | 'none';
    ifMatch?: string;
    requestId?: string;
    correlationId?: string;
    contentType?: string;
    /** The members of a PUT, their values by kind and length, but for those that say nothing about a person. */
    body?: unknown;
  };
  response: {
    /** Whether the whole response went out. */
    outcome: 'sent' | 'connection-lost' | 'endless-body' | 'slow-headers' | 'aborted';
    status?: number;
    requestId?: string;
    correlationId?: string;
    /** Of an error. */
    code?: number | string;
    description?: string;
    /** Of a profile. */
    etag?: string;
  };
  /** The faults that met the request. */
  faults: readonly AnyFaultName[];
}

/** What is known of a request when it has got its response. */
export interface Exchange {
  atMs: number;
  method: string;
  url: string;
  /** Absent for another path. */
  received?: ProfileRequest | undefined;
  faults: readonly AnyFaultName[];
  /** The body of the response, as JSON. */
  body?: unknown;
  /** Absent when the request was aborted. */
  outcome?: Outcome;
}

// A profile has about a kilobyte; what a journal keeps of a body must not grow with it.
const bodyLimit = 16 * 1024;
const textLimit = 256;

/**
 * A journal of so many exchanges.
 *
 * Shape: what must not be shown is taken away at once, so that it is kept nowhere. The rest becomes an entry when it is looked at.
 */
export function createJournal(size: number, token: string) {
  const kept: (() => JournalEntry)[] = [];
  // The token first: a cut through it would leave its beginning.
  const clean = (text: string): string => printable(text.replaceAll(token, '<redacted>')).slice(0, textLimit);
  return {
    /** Gives the entry when it is asked for. */
    add({ atMs, method, url, received, faults, body: response, outcome }: Exchange): () => JournalEntry {
      const known = tokenIn(received, token);
      const body = received?.body ? redacted(received.body, clean) : undefined;
      const { path, ifMatch, requestId, correlationId, mediaType: contentType } = received ?? {};
      const kind = kindOf(outcome);
      // Not the message itself, whose body may be large.
      const told = factsOf(messageOf(outcome), response);
      const toEntry = (): JournalEntry => ({
        at: new Date(atMs).toISOString(),
        request: {
          method: clean(method),
          path: clean(path ?? new URL(url).pathname),
          token: known,
          ...cleaned({ ifMatch, requestId, correlationId, contentType, body }, clean),
        },
        response: { outcome: kind, ...cleaned(told, clean) },
        faults,
      });
      kept.push(toEntry);
      if (kept.length > size) kept.shift();
      return toEntry;
    },
    entries: () => kept.map((toEntry) => toEntry()),
    clear: () => void kept.splice(0),
  };
}

/** One line for a person, as `mock --verbose` prints it. */
export function formatJournalEntry({ at, request, response, faults }: JournalEntry): string {
  const { method, path, token, ifMatch, requestId, correlationId } = request;
  const said = [response.status, response.code, response.description].filter((part) => part !== undefined).join(' ');
  return [
    `${at.slice(11, 23)} ${method} ${path}`,
    ...(token === 'known' ? [] : [token === 'none' ? 'no token' : 'wrong token']),
    ...(ifMatch === undefined ? [] : [`If-Match ${ifMatch}`]),
    `-> ${[said, ...(response.outcome === 'sent' ? [] : [response.outcome])].filter((part) => part !== '').join(', ')}`,
    ...(response.etag === undefined ? [] : [`etag ${response.etag}`]),
    ...(faults.length === 0 ? [] : [`faults ${faults.join(', ')}`]),
    `request id ${response.requestId ?? requestId ?? 'none'}`,
    `correlation id ${response.correlationId ?? correlationId ?? 'none'}`,
  ].join('  ');
}

function kindOf(outcome: Outcome | undefined): JournalEntry['response']['outcome'] {
  if (outcome === undefined) return 'aborted';
  return 'kind' in outcome ? outcome.kind : 'sent';
}

function messageOf(outcome: Outcome | undefined): Message | undefined {
  if (outcome === undefined || !('kind' in outcome)) return outcome;
  return outcome.kind === 'slow-headers' ? outcome.message : outcome.begun;
}

function tokenIn(request: ProfileRequest | undefined, token: string): 'known' | 'wrong' | 'none' {
  if (request?.authorization === undefined) return 'none';
  return request.authorization.replace(/^bearer /i, '') === token ? 'known' : 'wrong';
}

/** What a journal says of a response. */
function factsOf(message: Message | undefined, body: unknown) {
  const { code, description, attributes } = isJsonObject(body) ? body : {};
  const etag = isJsonObject(attributes) ? attributes.etag : undefined;
  return {
    status: message?.status,
    requestId: message?.headers[headerNames.requestId],
    correlationId: message?.headers[headerNames.correlationId],
    code: typeof code === 'number' || typeof code === 'string' ? code : undefined,
    description: typeof description === 'string' ? description : undefined,
    etag: typeof etag === 'string' ? etag : undefined,
  };
}

/** The values that there are, clean. */
function cleaned<Given extends object>(facts: Given, clean: (text: string) => string) {
  const present = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, typeof value === 'string' ? clean(value) : value])) as {
    [Name in keyof Given]?: NonNullable<Given[Name]>;
  };
}

function redacted(text: string, clean: (text: string) => string): unknown {
  const json = text.length > bodyLimit ? undefined : parseJson(text);
  return json === undefined ? `<${text.length} characters>` : withoutValues(json, '', clean);
}

function withoutValues(value: unknown, member: string, clean: (text: string) => string): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((item) => withoutValues(item, member, clean));
  if (isJsonObject(value)) {
    // A name that the contract does not know may be anything.
    const nameOfMember = (name: string): string => (isContractName(name) ? name : `<${name.length} characters>`);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [nameOfMember(name), withoutValues(item, name, clean)]));
  }
  if (isImpersonal(member)) return clean(String(value));
  return typeof value === 'string' ? `<string, ${value.length} characters>` : `<${typeof value}>`;
}
