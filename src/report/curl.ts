import { isJsonObject } from '../contract/json.ts';
import type { RecordedExchange, Result } from '../conformance/types.ts';

/** How requests of a run are sent once more by hand. */
export interface CurlContext {
  /** The token as a shell word within double quotes, such as `$PARTNER_CENTER_TOKEN`. */
  token: string;
  /** The command that prints the profile; `--etag`, `--pascal-case` and `--merge` are put behind it. */
  get: string;
}

/** Text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * The lines of a shell script that sends once more what broke a rule: the request itself, or the two that have to be compared.
 *
 * Shape: none when nothing was sent. A body comes from a file, made of the profile as it is then: what was read stands in no report.
 */
export function curlLines({ mode, exchanges = [] }: Pick<Result, 'mode' | 'exchanges'>, shown: number, context: CurlContext): string[] {
  const steps = stepsOf(exchanges, shown);
  const writes = steps.some((index) => exchanges[index]!.request.method === 'PUT');
  const notes = [
    ...(writes ? ['# It writes the profile and does not put it back; the command that reruns the check does.'] : []),
    ...(mode === 'race' || isOneOfMany(exchanges, shown)
      ? ['# One request of several that were on their way at the same time; the rerun sends them all.']
      : []),
  ];
  return [...notes, ...steps.flatMap((index) => requestLines(exchanges, index, context))];
}

/** What has to be sent to see the failure: a read is compared with the write, or the read, before it. */
function stepsOf(exchanges: readonly RecordedExchange[], shown: number): number[] {
  const last = exchanges[shown]?.request;
  if (last === undefined) return [];
  if (last.method !== 'GET' || exchanges[shown]!.response?.status !== 200) return [shown];
  const put = exchanges.slice(0, shown).findLastIndex(({ request }) => request.method === 'PUT');
  if (put !== -1) return [put, shown];
  const before = exchanges[shown - 1];
  return before?.request.url === last.url && before.response?.status === 200 ? [shown - 1, shown] : [shown];
}

/** Whether it is one of many that differ in nothing but their ids: they were sent at the same time. */
function isOneOfMany(exchanges: readonly RecordedExchange[], shown: number): boolean {
  const correlationIds = new Set(exchanges.map(({ request }) => request.headers['ms-correlationid']));
  return (
    exchanges.every(({ request }) => request.url === exchanges[shown]?.request.url && request.method === 'GET') && correlationIds.size > 4
  );
}

function requestLines(exchanges: readonly RecordedExchange[], index: number, { token, get }: CurlContext): string[] {
  const { method, url, headers, body, bodyLacks = '' } = exchanges[index]!.request;
  const read = exchanges.slice(0, index).findLast(({ response }) => response?.status === 200 && etagIn(response.body) !== undefined);
  const current = etagIn(read?.response?.body) ?? '';
  const ifMatch = headers['if-match'];
  const isCurrent = ifMatch !== undefined && unquoted(ifMatch) === unquoted(current);
  const lines: string[] = [];
  if (ifMatch !== undefined && !isCurrent && isAltered(unquoted(ifMatch), unquoted(current))) {
    lines.push('# The ETag was the current one but for its last character. Put in the one that is current now, altered in the same way.');
  }
  const isProfile = isJsonObject(body) && Object.keys(body).length > 0;
  if (isProfile) {
    const patch = patchBetween(read?.response?.body, body, isCurrent ? ['links', 'etag'] : ['links']);
    const merge = patch === undefined ? '' : ` --merge ${shellWord(JSON.stringify(patch))}`;
    const cut = bodyLacks === '' ? '' : ` | sed ${shellWord(`$ s/${'.'.repeat(bodyLacks.length)}$//`)}`;
    lines.push(`${get}${isPascalCase(body) ? ' --pascal-case' : ''}${merge}${cut} > body.json`);
  }
  const options = [
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    ...Object.entries(headers)
      .filter(([name]) => name !== 'user-agent')
      .map(([name, value]) => `-H ${headerWord(name, value, { token, get, isCurrent, isWrite: method !== 'GET' })}`),
    ...(isProfile ? ['--data-binary @body.json'] : body === undefined ? [] : [`--data-raw ${shellWord(JSON.stringify(body))}`]),
    shellWord(url),
  ];
  return [...lines, `curl -sS -i ${options.join(' \\\n  ')}`];
}

function headerWord(
  name: string,
  value: string,
  { token, get, isCurrent, isWrite }: { token: string; get: string; isCurrent: boolean; isWrite: boolean },
): string {
  if (name === 'authorization' && value === 'Bearer <redacted>') return `"authorization: Bearer ${token}"`;
  if (name === 'if-match' && isCurrent) return `"if-match: $(${get} --etag)"`;
  // A service may answer a request id that it knows once more, and do nothing.
  if (name === 'ms-requestid' && isWrite) return `"ms-requestid: $(node -p 'crypto.randomUUID()')"`;
  return shellWord(value === '' ? `${name};` : `${name}: ${value}`);
}

/**
 * What makes the body that was sent of the one that was read, as a JSON Merge Patch; undefined for nothing. Both are redacted in the
 * same way, so that what was only read is equal in them. Names are found in any letter case: answer and request spell them differently.
 * Source: RFC 7396
 */
function patchBetween(read: unknown, sent: unknown, but: readonly string[]): unknown {
  if (!isJsonObject(sent)) return JSON.stringify(read) === JSON.stringify(sent) ? undefined : sent;
  if (!isJsonObject(read)) return sent;
  const spelled = (name: string): string => (isPascalCase(sent) ? name.charAt(0).toUpperCase() + name.slice(1) : name);
  const removed = Object.keys(read).filter((name) => !but.includes(name.toLowerCase()) && memberIn(sent, name) === undefined);
  const changed = Object.entries(sent)
    .filter(([name]) => !but.includes(name.toLowerCase()))
    .map(([name, value]) => [name, patchBetween(memberIn(read, name), value, but)] as const)
    .filter(([, patch]) => patch !== undefined);
  if (removed.length + changed.length === 0) return undefined;
  return Object.fromEntries([...changed, ...removed.map((name) => [spelled(name), null] as const)]);
}

/** A member by its name in any letter case. */
function memberIn(object: unknown, name: string): unknown {
  if (!isJsonObject(object)) return undefined;
  return Object.entries(object).find(([spelling]) => spelling.toLowerCase() === name.toLowerCase())?.[1];
}

function etagIn(body: unknown): string | undefined {
  const etag = memberIn(memberIn(body, 'attributes'), 'etag');
  return typeof etag === 'string' ? etag : undefined;
}

const isPascalCase = (body: Record<string, unknown>): boolean => Object.keys(body).some((name) => /^[A-Z]/.test(name));
const unquoted = (etag: string): string => etag.replace(/^"(.*)"$/, '$1');
const isAltered = (etag: string, current: string): boolean =>
  etag.length > 4 && Math.abs(etag.length - current.length) < 2 && etag.slice(0, -2) === current.slice(0, etag.length - 2);
