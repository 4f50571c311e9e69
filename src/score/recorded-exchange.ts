import { printable } from '../contract/printable.ts';
import { createHider } from '../contract/privacy/secrets.ts';
import type { RecordedExchange } from '../suite/result.ts';
import type { ObservedRequest, ScenarioRun } from './scenario-run.ts';

/** Makes a text fit for a report: without the token in any spelling, printable, in one line. */
export type Clean = (text: string) => string;

export function cleanerOf({ token }: ScenarioRun): Clean {
  const hide = createHider([token]);
  return (text) => printable(hide(text).replaceAll(/\r?\n/g, ' | '));
}

const shownHeaders = [
  'content-type',
  'if-match',
  'ms-requestid',
  'ms-correlationid',
  'user-agent',
  'retry-after',
  'location',
  'www-authenticate',
];

/** A request and its response as reports may show them. Customer and values are made up; the token may stand in any text. */
export function recordedExchange(
  { method, url, headers, text, body, status, responseHeaders = {}, response }: ObservedRequest,
  clean: Clean,
): RecordedExchange {
  const cleaned = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === 'string' ? clean(one) : one));
  const sent = body === undefined ? (text === '' ? undefined : `<${text.length} characters that are not JSON>`) : cleaned(body);
  const recorded: RecordedExchange = {
    request: { method: clean(method), url: clean(url), headers: shown(headers, clean), ...(sent === undefined ? {} : { body: sent }) },
  };
  if (status === undefined) return recorded;
  const received = response === undefined ? {} : { body: cleaned(response) };
  return { ...recorded, response: { status, headers: shown(responseHeaders, clean), ...received } };
}

function shown(headers: Readonly<Record<string, string>>, clean: Clean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([written, value]) => {
      const name = written.toLowerCase();
      if (name === 'authorization') return [[name, 'Bearer <redacted>']];
      return shownHeaders.includes(name) ? [[name, clean(value)]] : [];
    }),
  );
}

const shownOutput = 300;

/** The end of what a client printed, as a sentence; empty when it printed nothing. */
export function printedBy({ end: { output = '', outputBytes = 0 } }: ScenarioRun, clean: Clean): string {
  const text = clean(output.trim());
  if (text === '') return '';
  const much = outputBytes > 64 * 1024 ? ` ${outputBytes} bytes, at the end` : '';
  return ` It printed${much}: ${text.length > shownOutput ? `…${text.slice(-shownOutput)}` : text}`;
}
