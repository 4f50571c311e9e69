import type { Report, RecordedExchange, Result, Verdict } from '../conformance/types.ts';

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
  if (mode !== 'read') lines.push("          The run leaves names of its own in the profile's firstName and lastName.");
  return lines.join('\n');
}

/** One line for a requirement, and the card of it when it did not pass by its own fault. */
export function formatResult(result: Result, paint: Paint = plain): string {
  const { id, verdict, reason } = result;
  const word = verdictWords[verdict];
  if (verdict === 'pass') return `${paint.good(word)}  ${id}`;
  if (verdict === 'skipped') return paint.dim(`${word}  ${id}: ${reason}`);
  if (result.because !== undefined) return `${paint.bad(word)}  ${id}: ${paint.dim(reason ?? '')}`;
  return [`${paint.bad(word)}  ${id}`, ...card(result).map((line) => `            ${line}`)].join('\n');
}

/** The closing count, and what it means. */
export function formatSummary({ summary, durationMs, requests, results }: Report, exitCode: number, paint: Paint = plain): string {
  const count = `${summary.pass} passed, ${summary.fail} failed, ${summary.untestable} untestable, ${summary.skipped} skipped, ${summary.broken} broken`;
  const meaning = {
    0: 'Every promise that was tested is kept.',
    1: `Promises are broken: ${
      results
        .filter(({ verdict }) => verdict === 'fail')
        .map(({ id }) => id)
        .join(', ') || 'see what is untestable'
    }.`,
    2: 'The run is not valid.',
  }[exitCode];
  return [
    (exitCode === 0 ? paint.good : paint.bad)(count) + ` in ${(durationMs / 1000).toFixed(1)} s (${requests} requests)`,
    ...(meaning === undefined ? [] : [meaning]),
  ].join('\n');
}

function card({ rule, level, sources, reason, exchanges = [] }: Result): string[] {
  const last = exchanges.at(-1);
  return [
    `Rule    ${rule} (${level})`,
    ...sources.map((source, index) => `${index === 0 ? 'Source' : '      '}  ${source}`),
    `Found   ${reason}`,
    ...(last === undefined ? [] : exchangeLines(last)),
  ];
}

function exchangeLines({ request, response }: RecordedExchange): string[] {
  return [
    `Sent    ${request.method} ${request.url}`,
    ...headerLines(request.headers, ['if-match', 'ms-requestid', 'ms-correlationid']),
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
