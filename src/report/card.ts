import { countsAgainst, isAccepted } from '../suite/exit-code.ts';
import type { Component, RecordedExchange, Report, Result } from '../suite/result.ts';
import { type CurlContext, curlLines, stepsUpTo } from './curl.ts';

/** What a report says that its results do not know. The caller that made the run knows how to make it again. */
export interface ReportContext {
  /** What was tested, such as `Conformance of https://api.example`. */
  title: string;
  /** The run in a few names and values. */
  facts: readonly (readonly [name: string, value: string])[];
  /** Whether a `should` counts. */
  strict: boolean;
  /** What the user says to make a `should` count. */
  strictOption?: string;
  exitCode: number;
  /** The command that checks one requirement again. */
  rerun?: (id: string) => string;
  /** The command that explains one requirement. */
  explain?: (id: string) => string;
  /** How its requests are sent by hand; absent when there is nothing to send them to any more. */
  curl?: CurlContext;
}

/** One line of an exchange. The marked one is what differs. */
export interface Line {
  text: string;
  marked: boolean;
}

/** A failure as every form of report tells it. Nothing in it is escaped for any of them. */
export interface Card {
  result: Result;
  /** Whether it makes the run fail. */
  counts: boolean;
  /** What was found, in words. */
  found: string;
  /** The request that shows it, after the one that it has to be compared with. None when nothing was sent. */
  exchanges: { sent: string[]; received: Line[] }[];
  /** How many requests went before them. */
  before: number;
  likelyCause: { component: string; why: string };
  /** How to repair it. */
  remedy: string[];
  /** MS-CorrelationId of the request that shows it, for the logs. */
  correlationId?: string;
  /** The command that explains the rule. */
  explain?: string;
  /** What is untestable until it is repaired. */
  blocks: string[];
  /** A shell script that sends it again. */
  curl: string[];
  rerun?: string;
}

const componentNames: Record<Component, string> = {
  service: 'the service',
  contract: 'the contract',
  network: 'the network, or a proxy in it',
  suite: 'pc-billing itself',
  client: 'the client',
};

/** The card of a result that did not pass. `others` are the ids that it blocks. */
export function cardOf(result: Result, report: Pick<Report, 'results'>, context: ReportContext, others: readonly string[] = []): Card {
  const { id, verdict, exchanges = [], likelyCause, reason = '' } = result;
  const shown = shownExchange(result);
  const steps = stepsUpTo(exchanges, shown.index);
  const { blockedBy: cause = id } = result;
  const rerun = context.rerun?.(cause);
  const explain = context.explain?.(cause);
  const correlationId = exchanges[shown.index]?.request.headers['ms-correlationid'];
  return {
    result,
    counts: verdict === 'broken' || countsAgainst(result, report, context),
    found: reason,
    exchanges: steps.map((index) => ({
      sent: requestLines(exchanges[index]!),
      received: index === shown.index ? shown.received : responseLines(exchanges[index]!).map((text) => ({ text, marked: false })),
    })),
    before: steps[0] ?? 0,
    likelyCause:
      likelyCause === undefined
        ? { component: 'not known', why: 'The rule was not tested.' }
        : { component: componentNames[likelyCause.component], why: likelyCause.why },
    remedy: [
      ...(result.blockedBy === undefined ? [] : [`Repair ${result.blockedBy} first.`]),
      ...(result.remedy === undefined ? [] : [result.remedy]),
    ],
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(explain === undefined ? {} : { explain }),
    blocks: [...others],
    curl: context.curl === undefined || verdict !== 'fail' ? [] : curlLines(result, steps, context.curl),
    ...(rerun === undefined ? {} : { rerun }),
  };
}

/** How long a failure is or was accepted, by whom and why; undefined for one that is not listed. */
export function acceptedWords({ accepted }: Result): string | undefined {
  if (accepted === undefined) return undefined;
  const { expires, owner, reason, expired } = accepted;
  return `until ${expires}${expired ? ', and counts again since' : ''}; owner ${owner}: ${reason}`;
}

/** The level of a rule and, where a failure does not make the run fail, that it does not count. */
export function levelWords({ result, counts }: Pick<Card, 'result' | 'counts'>): string {
  if (isAccepted(result)) return `${result.level}, accepted until ${result.accepted?.expires}`;
  return counts ? result.level : `${result.level}, does not count`;
}

/** How much of a check is not shown. */
export const requestsBefore = (before: number): string => `after ${before} other request${before === 1 ? '' : 's'} of this check`;

/** What to do, step by step, in sentences. */
export function nextSteps({ remedy, correlationId, explain, result: { likelyCause } }: Card): string[] {
  const logs = componentNames[likelyCause?.component === 'client' ? 'client' : 'service'];
  return [
    ...remedy,
    ...(correlationId === undefined ? [] : [`Search the logs of ${logs} for the MS-CorrelationId of this request: ${correlationId}`]),
    ...(explain === undefined ? [] : [`Read what the rule is for, and how services break it: ${explain}`]),
  ];
}

/** The exchange that shows what differs: one whose response has a line that can be marked, else the last. With its response, marked. */
function shownExchange({ exchanges = [], difference }: Result): { index: number; received: Line[] } {
  const responses = exchanges.map(responseLines);
  for (const speaksOf of [saysExactly, names]) {
    const markedAt = responses.map((lines) =>
      difference === undefined ? -1 : lines.findIndex((text, at) => speaksOf(difference.actual, text, at)),
    );
    const index = markedAt.findLastIndex((at) => at !== -1);
    if (index !== -1) return { index, received: responses[index]!.map((text, at) => ({ text, marked: at === markedAt[index] })) };
  }
  const index = exchanges.length - 1;
  return { index, received: (responses[index] ?? []).map((text) => ({ text, marked: false })) };
}

/** Whether a line of a response is the actual value: the status, a header, a member with its value. */
function saysExactly(actual: string, line: string, at: number): boolean {
  if (at === 0)
    return actual === line || (actual === 'none' && line === noResponse) || (/^\d{3}\b/.test(actual) && actual.startsWith(line));
  const text = line.trim().replace(/,$/, '').toLowerCase();
  return text.includes(': ') && actual.toLowerCase().startsWith(text);
}

/** Whether a line is the member that the actual value names. */
function names(actual: string, line: string): boolean {
  const member = /^"?([\w.]+)"?/.exec(actual)?.[1]!.split('.').at(-1);
  return member !== undefined && line.trimStart().startsWith(`"${member}":`);
}

// Of no use to the reader: the same in every request, or the library's.
const dull = ['accept', 'user-agent', 'content-length'];
// A profile has about thirty lines.
const linesLimit = 80;
const lineLimit = 400;

function requestLines({ request: { method, url, headers, body, bodyLacks } }: RecordedExchange): string[] {
  const lines = [`${method} ${url}`, ...headerLines(headers), ...bodyLines(body)];
  if (bodyLacks !== undefined) lines.push(`(sent without the ${JSON.stringify(bodyLacks)} at its end)`);
  return lines.map(shortened);
}

const noResponse = 'no response';

function responseLines({ response }: RecordedExchange): string[] {
  if (response === undefined) return [noResponse];
  return [String(response.status), ...headerLines(response.headers), ...bodyLines(response.body)].map(shortened);
}

const headerLines = (headers: Record<string, string>): string[] =>
  Object.entries(headers)
    .filter(([name]) => !dull.includes(name))
    .map(([name, value]) => `${name}: ${value}`);

function bodyLines(body: unknown): string[] {
  if (body === undefined) return [];
  const lines = (typeof body === 'string' ? body : JSON.stringify(body, null, 2)).split('\n');
  return lines.length <= linesLimit ? lines : [...lines.slice(0, linesLimit), `… ${lines.length - linesLimit} more lines`];
}

export const shortened = (text: string): string => (text.length > lineLimit ? `${text.slice(0, lineLimit)}…` : text);
