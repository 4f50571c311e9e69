import { memberIn, pascalCase } from '../contract/casing.ts';
import { isJsonObject } from '../contract/json.ts';
import type { RecordedExchange, Result } from '../suite/result.ts';

/** How requests of a run are sent once more by hand. */
export interface CurlContext {
  /** The token as a shell word within double quotes, such as `$PARTNER_CENTER_TOKEN`. */
  token: string;
  /** The command that prints the profile's ETag as If-Match carries it. */
  etagCommand: string;
  /** The command that prints the profile as a body, changed by a JSON Merge Patch (a shell word) if there is one. */
  bodyCommand: (body: { isPascalCase: boolean; merge?: string }) => string;
}

/** Text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * The lines of a shell script that sends once more what broke a rule: these of the exchanges of its check.
 *
 * Shape: none when nothing was sent. A body comes from a file, made of the profile as it is then: what was read stands in no report.
 */
export function curlLines(
  { mode, exchanges = [] }: Pick<Result, 'mode' | 'exchanges'>,
  steps: readonly number[],
  context: CurlContext,
): string[] {
  const requests = steps.map((index) => exchanges[index]!.request);
  const notes = requests.some(({ method }) => method === 'PUT')
    ? ['# It writes the profile and does not put it back; the command under Re-run does.']
    : [];
  if (mode === 'race' && requests.every(({ method }) => method === 'PUT')) return [...notes, ...raceLines(exchanges, steps[0]!, context)];
  if (isOneOfMany(exchanges))
    notes.push('# One of several that were on their way at the same time; the command under Re-run sends them all.');
  return [...notes, ...steps.flatMap((index) => requestLines(exchanges, index, context))];
}

/** What has to be seen of the exchanges up to one: a read says something only beside the write, or the read, before it. */
export function stepsUpTo(exchanges: readonly RecordedExchange[], shown: number): number[] {
  const last = exchanges[shown];
  if (last === undefined) return [];
  if (last.request.method !== 'GET' || last.response?.status !== 200) return [shown];
  const put = exchanges.slice(0, shown).findLastIndex(({ request }) => request.method === 'PUT');
  if (put !== -1) return [put, shown];
  const before = exchanges[shown - 1];
  return before?.request.url === last.request.url && before.response?.status === 200 && !isOneOfMany(exchanges)
    ? [shown - 1, shown]
    : [shown];
}

// A check that sends one after the other uses one correlation id for all of them.
function isOneOfMany(exchanges: readonly RecordedExchange[]): boolean {
  return (
    exchanges.length > 2 &&
    exchanges.every(({ request, response }) => request.method === 'GET' && response?.status === 200) &&
    new Set(exchanges.map(({ request }) => request.headers['ms-correlationid'])).size === exchanges.length
  );
}

/** Two writers with one ETag at the same time. */
function raceLines(exchanges: readonly RecordedExchange[], index: number, { token, etagCommand, bodyCommand }: CurlContext): string[] {
  const { url } = exchanges[index]!.request;
  const writers = ['first', 'second'];
  const options = [
    '-X PUT',
    `-H "authorization: Bearer ${token}"`,
    `-H 'content-type: application/json'`,
    '-H "if-match: $etag"',
    '--data-binary @"$1".json',
    shellWord(url),
  ];
  return [
    `etag="$(${etagCommand})"`,
    ...writers.map((name) => `${bodyCommand({ isPascalCase: true, merge: `'{"LastName":"Probe ${name}"}'` })} > ${name}.json`),
    `put() { curl -sS -i -w '\\n' ${options.join(' \\\n  ')}; }`,
    `put first > first.txt & put second > second.txt & wait`,
    `cat first.txt second.txt  # one of them has to be refused`,
  ];
}

function requestLines(exchanges: readonly RecordedExchange[], index: number, { token, etagCommand, bodyCommand }: CurlContext): string[] {
  const { method, url, headers, body, bodyLacks = '' } = exchanges[index]!.request;
  const read = exchanges.slice(0, index).findLast(({ response }) => response?.status === 200 && etagIn(response.body) !== undefined);
  const current = unquoted(etagIn(read?.response?.body) ?? '');
  const sent = headers['if-match'] === undefined ? undefined : unquoted(headers['if-match']);
  const etag = sent === current ? 'current' : sent !== undefined && isAltered(sent, current) ? 'altered' : 'as it was';
  const lines: string[] = [];
  // The same alteration, of the ETag that is current now.
  if (etag === 'altered') lines.push(`etag="$(node -p '${alteration}' "$(${etagCommand})")"`);
  const isProfile = isJsonObject(body) && Object.keys(body).length > 0;
  if (isProfile) {
    const patch = patchBetween(read?.response?.body, body, etag === 'current' ? ['links', 'etag'] : ['links']);
    const json = patch === undefined ? '' : JSON.stringify(patch);
    // The altered ETag stands in the body too.
    const merge = json === '' ? {} : { merge: shellWord(etag === 'altered' ? json.replace(JSON.stringify(sent), '"<etag>"') : json) };
    const cut = bodyLacks === '' ? '' : ` | sed ${shellWord(`$ s/${'.'.repeat(bodyLacks.length)}$//`)}`;
    lines.push(
      `${bodyCommand({ isPascalCase: isPascalCase(body), ...merge })}${etag === 'altered' ? ' | sed "s|<etag>|$etag|"' : ''}${cut} > body.json`,
    );
  }
  const headerWordOf = ([name, value]: [string, string]): string => {
    if (name === 'authorization' && value === 'Bearer <redacted>') return `"authorization: Bearer ${token}"`;
    if (name === 'if-match' && etag === 'current') return `"if-match: $(${etagCommand})"`;
    if (name === 'if-match' && etag === 'altered') return '"if-match: \\"$etag\\""';
    // A service may repeat its response to a request id that it knows, and do nothing.
    if (name === 'ms-requestid' && method !== 'GET') return `"ms-requestid: $(node -p 'crypto.randomUUID()')"`;
    return shellWord(value === '' ? `${name};` : `${name}: ${value}`);
  };
  const options = [
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    ...Object.entries(headers)
      .filter(([name]) => name !== 'user-agent')
      .map((header) => `-H ${headerWordOf(header)}`),
    ...(isProfile ? ['--data-binary @body.json'] : body === undefined ? [] : [`--data-raw ${shellWord(JSON.stringify(body))}`]),
    shellWord(url),
  ];
  return [...lines, `curl -sS -i -w '\\n' ${options.join(' \\\n  ')}`];
}

const alteration =
  'process.argv[1].replace(/"/g, "").replace(/[0-9a-z](?=[^0-9a-z]*$)/i, (last) => /[0-9]/.test(last) ? (Number(last) + 1) % 10 : last === "a" ? "b" : "a")';

/**
 * What makes the body that was sent of the one that was read, as a JSON Merge Patch; undefined for nothing. Both are redacted in the
 * same way, so that what was only read is equal in them. Names are found in any letter case: response and request spell them differently.
 * Source: RFC 7396
 */
function patchBetween(read: unknown, sent: unknown, but: readonly string[]): unknown {
  if (!isJsonObject(sent)) return JSON.stringify(read) === JSON.stringify(sent) ? undefined : sent;
  if (!isJsonObject(read)) return sent;
  const spelled = (name: string): string => (isPascalCase(sent) ? pascalCase(name) : name);
  const removed = Object.keys(read).filter((name) => !but.includes(name.toLowerCase()) && memberIn(sent, name) === undefined);
  const changed = Object.entries(sent)
    .filter(([name]) => !but.includes(name.toLowerCase()))
    .map(([name, value]) => [name, patchBetween(memberIn(read, name), value, but)] as const)
    .filter(([, patch]) => patch !== undefined);
  if (removed.length + changed.length === 0) return undefined;
  return Object.fromEntries([...changed, ...removed.map((name) => [spelled(name), null] as const)]);
}

function etagIn(body: unknown): string | undefined {
  const etag = memberIn(memberIn(body, 'attributes'), 'etag');
  return typeof etag === 'string' ? etag : undefined;
}

const isPascalCase = (body: Record<string, unknown>): boolean => Object.keys(body).some((name) => /^[A-Z]/.test(name));
const unquoted = (etag: string): string => etag.replace(/^"(.*)"$/, '$1');
const isAltered = (etag: string, current: string): boolean =>
  etag !== current &&
  etag.length > 4 &&
  Math.abs(etag.length - current.length) < 2 &&
  etag.slice(0, -2) === current.slice(0, etag.length - 2);
