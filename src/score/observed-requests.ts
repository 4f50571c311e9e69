import { memberIn } from '../contract/casing.ts';
import { members } from '../contract/generated.ts';
import { isJsonObject } from '../contract/json.ts';
import type { ScenarioRun, ObservedRequest } from './scenario-run.ts';

export const puts = ({ observedRequests }: ScenarioRun): ObservedRequest[] => observedRequests.filter(isPut);

export const isPut = ({ method }: ObservedRequest): boolean => method === 'PUT';

/** The opaque part of an entity tag, however it is written. */
export const tagOf = (ifMatch: string): string =>
  ifMatch
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');

/** The ETag that guards a PUT: that of If-Match, else that of the body in either letter case. */
export function guardOf({ ifMatch, body }: ObservedRequest): string | undefined {
  if (ifMatch !== undefined && ifMatch.trim() !== '') return tagOf(ifMatch);
  const etag = memberIn(memberIn(body, 'attributes'), 'etag');
  return typeof etag === 'string' && etag !== '' ? etag : undefined;
}

/** What the client had sent before a request, the oldest first. */
export const requestsBefore = ({ observedRequests }: ScenarioRun, request: ObservedRequest): ObservedRequest[] =>
  observedRequests.slice(0, observedRequests.indexOf(request));

/** The profiles that the client had been given when it sent a request, the oldest first. */
export function profilesBefore(run: ScenarioRun, request: ObservedRequest): unknown[] {
  return requestsBefore(run, request).flatMap(({ etag, response }) => (etag === undefined ? [] : [response]));
}

/** The request that tells most of how a run ended: its last PUT, else its last request. */
export const lastOf = ({ observedRequests }: ScenarioRun): ObservedRequest | undefined =>
  observedRequests.findLast(isPut) ?? observedRequests.at(-1);

/** Whether the service has the company name that the client was told to write. */
export const isCompanyStored = ({ stored, company }: ScenarioRun): boolean => stored.companyName === company;

/** Whether the company name is stored, and the client says so, as far as is known. */
export const hasSucceeded = (run: ScenarioRun): boolean =>
  isCompanyStored(run) && (run.end.exitCode === 0 || run.end.exitCode === undefined);

const served = ['links', 'attributes'];

/** The members of a profile that the contract knows, without those that the service sets. */
export const knownOf = (profile: unknown): unknown => partOf(profile, true);
/** The others. */
export const unknownOf = (profile: unknown): unknown => partOf(profile, false);

function partOf(profile: unknown, isKnown: boolean, schema = 'CustomerBillingProfile'): unknown {
  if (!isJsonObject(profile)) return {};
  return Object.fromEntries(
    Object.entries(profile).flatMap(([name, value]): [string, unknown][] => {
      if (schema === 'CustomerBillingProfile' && served.includes(name)) return [];
      if (name === 'defaultAddress') return [[name, partOf(value, isKnown, 'Address')]];
      return Object.hasOwn(members[schema]!, name) === isKnown ? [[name, value]] : [];
    }),
  );
}

/** Each value that is there as JSON, by its path. */
export function valuesOf(value: unknown, path = ''): Record<string, string> {
  if (value === null || value === undefined) return {};
  if (!isJsonObject(value)) return { [path]: JSON.stringify(value) };
  return Object.assign({}, ...Object.entries(value).map(([name, member]) => valuesOf(member, path === '' ? name : `${path}.${name}`)));
}

/** Refused for good: a request that is repeated as it was gets the same response. */
export const isRefused = ({ isResponded, status = 0 }: ObservedRequest): boolean =>
  isResponded && status >= 400 && status < 500 && status !== 408 && status !== 429;

/** Equal for two requests that are the same, but for their ids. */
export const fingerprint = ({ method, url, authorization, ifMatch, text }: ObservedRequest): string =>
  JSON.stringify([method, url, authorization, ifMatch, text]);
