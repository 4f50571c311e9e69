import type { Report, RecordedExchange, Restoration, Result, Verdict } from '../conformance/types.ts';

/** How text is set off; plain text when each function returns what it is given. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
}

export const plain: Paint = { good: (text) => text, bad: (text) => text, dim: (text) => text };

const modeWords = { read: 'reads only', write: 'reads and writes', race: 'reads, writes and writes at the same time' } as const;

const verdictWords: Record<Verdict, string> = {
  pass: 'pass      ',
  fail: 'FAIL      ',
  untestable: 'untestable',
  skipped: 'skipped   ',
  broken: 'BROKEN    ',
};

/** What is about to be done to whom. Lines without a final line end. */
export function formatTarget({ baseUrl, customerId, mode }: Report['target'], note?: string): string {
  const lines = [
    `Target    ${baseUrl}${note === undefined ? '' : ` (${note})`}`,
    `Customer  ${customerId}`,
    `Mode      ${mode}: ${modeWords[mode]}`,
  ];
  if (mode !== 'read') lines.push('          The profile is put back at the end.');
  return lines.join('\n');
}

/** One line for a requirement, and the card of it when it did not pass by its own fault. */
export function formatResult(result: Result, paint: Paint = plain): string {
  const { id, verdict, level, reason, observed } = result;
  const word = verdictWords[verdict];
  if (verdict === 'pass') return `${paint.good(word)}  ${id}${observed === undefined ? '' : paint.dim(`: ${observed}`)}`;
  if (verdict === 'skipped') return paint.dim(`${word}  ${id}: ${reason}`);
  // An open question that stays open is no failure.
  if (level === 'observe' || result.because !== undefined) return `${paint.bad(word)}  ${id}: ${paint.dim(reason ?? '')}`;
  return [`${paint.bad(word)}  ${id}`, ...card(result, paint).map((line) => `            ${line}`)].join('\n');
}

/** One line that is written over while the run goes on. */
export function formatProgress(id: string, index: number, count: number): string {
  return `[${index + 1}/${count}] ${id}`;
}

/** One request that would be sent, with its body. */
export function formatRequest({ request: { method, url, headers, body } }: RecordedExchange): string {
  return [
    `${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `    ${name}: ${value}`),
    ...(body === undefined ? [] : [`    ${typeof body === 'string' ? body : JSON.stringify(body)}`]),
  ].join('\n');
}

/** What to say when the profile was not put back: what happened, where it stands, what to do. */
export function formatRestoration(
  { state, reason, keptIn, versions = [] }: Restoration,
  { baseUrl, customerId }: Report['target'],
): string {
  const title =
    state === 'changed-by-others'
      ? `The profile of ${customerId} was not put back, because ${reason}. Nothing of theirs was overwritten.`
      : `It could not be verified that the profile of ${customerId} is as it was: ${reason}.`;
  const command = `pc-billing conformance restore --base-url ${baseUrl} --customer ${customerId}`;
  return [
    title,
    ...versions.flatMap(({ member, snapshot, ours, now }) => [
      `  ${member}`,
      `    before the run   ${snapshot}`,
      `    as the run wrote ${ours}`,
      `    now              ${now}`,
    ]),
    ...(keptIn === undefined ? [] : [`The snapshot is kept in ${keptIn}.`]),
    `To put it back: ${command}${state === 'changed-by-others' ? ' --force, which overwrites what is there now; or --discard, which leaves it' : ''}`,
  ].join('\n');
}

/** The closing count, and what it means. */
export function formatSummary({ summary, durationMs, requests, results }: Report, exitCode: number, paint: Paint = plain): string {
  const count = `${summary.pass} passed, ${summary.fail} failed, ${summary.untestable} untestable, ${summary.skipped} skipped, ${summary.broken} broken`;
  const unkept = results.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
  const meaning = {
    0:
      unkept.length === 0
        ? 'Every promise that was tested is kept.'
        : `Every "must" that was tested is kept; a "should" is not: ${unkept.join(', ')}.`,
    1: `Promises are broken: ${unkept.join(', ') || 'see what is untestable'}.`,
    2: `The run is not valid. ${results.find(({ verdict }) => verdict === 'broken')?.reason ?? ''}`.trimEnd(),
  }[exitCode];
  return [
    (exitCode === 0 ? paint.good : paint.bad)(count) + ` in ${(durationMs / 1000).toFixed(1)} s (${requests} requests)`,
    ...(meaning === undefined ? [] : [meaning]),
  ].join('\n');
}

function card({ rule, level, sources, reason, difference, advice, exchanges = [] }: Result, paint: Paint): string[] {
  const last = exchanges.at(-1);
  return [
    `Rule    ${rule} (${level})`,
    ...sources.map((source, index) => `${index === 0 ? 'Source' : '      '}  ${source}`),
    `Found   ${reason}`,
    ...(difference === undefined
      ? []
      : [
          `Differs ${paint.good(`- expected  ${shortened(difference.expected)}`)}`,
          `        ${paint.bad(`+ came      ${shortened(difference.came)}`)}`,
        ]),
    ...(last === undefined ? [] : exchangeLines(last)),
    ...(advice === undefined ? [] : [`Next    ${advice}`]),
  ];
}

function exchangeLines({ request, response }: RecordedExchange): string[] {
  return [
    `Sent    ${request.method} ${request.url}`,
    ...headerLines(request.headers, ['if-match', 'ms-requestid', 'ms-correlationid']),
    ...(request.body === undefined ? [] : [`        ${shortened(JSON.stringify(request.body))}`]),
    ...(response === undefined
      ? ['Came    nothing']
      : [`Came    ${response.status}`, ...headerLines(response.headers, ['content-type', 'ms-requestid', 'ms-correlationid'])]),
    ...(response?.body === undefined ? [] : [`        ${shortened(JSON.stringify(response.body))}`]),
  ];
}

function headerLines(headers: Record<string, string>, names: readonly string[]): string[] {
  return names.flatMap((name) => (headers[name] === undefined ? [] : [`        ${name}: ${headers[name]}`]));
}

const lineLimit = 400;
const shortened = (text: string): string => (text.length > lineLimit ? `${text.slice(0, lineLimit)}…` : text);
