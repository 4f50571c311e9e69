import type { RecordedExchange, ServerSubject } from '../../suite/result.ts';

/** What each mode does to the profile. */
export const modeWords = { read: 'reads only', write: 'reads and writes', race: 'reads, writes, and writes at the same time' } as const;

/** What a run is going to do, and to what, in at most four lines. Without a final line end. */
export function formatTarget(
  { baseUrl, customerId, mode }: Omit<ServerSubject, 'kind'>,
  { note, plan }: { note?: string | undefined; plan?: { checks: number; requests: number } } = {},
): string {
  const end = mode === 'read' ? 'nothing is written' : 'what is written is put back';
  return [
    `Target    ${baseUrl}${note === undefined ? '' : ` (${note})`}`,
    `Customer  ${customerId}`,
    `Mode      ${mode}: ${modeWords[mode]}`,
    ...(plan === undefined
      ? []
      : [`Plan      ${plan.checks} requirement${plan.checks === 1 ? '' : 's'}, about ${rounded(plan.requests)} requests; ${end}`]),
  ].join('\n');
}

/** An estimate has two digits that mean something. */
const rounded = (number: number): number => Number(number.toPrecision(2));

/** One request that would be sent, with its body. */
export function formatRequest({ request: { method, url, headers, body } }: RecordedExchange): string {
  return [
    `${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `    ${name}: ${value}`),
    ...(body === undefined ? [] : [`    ${typeof body === 'string' ? body : JSON.stringify(body)}`]),
  ].join('\n');
}
