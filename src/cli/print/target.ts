import type { RecordedExchange, ServerSubject } from '../../suite/result.ts';

/** What each mode does to the profile. */
export const modeWords = { read: 'reads only', write: 'reads and writes', race: 'reads, writes and writes at the same time' } as const;

/** What is about to be done to whom. Lines without a final line end. */
export function formatTarget({ baseUrl, customerId, mode }: Omit<ServerSubject, 'kind'>, note?: string): string {
  const lines = [
    `Target    ${baseUrl}${note === undefined ? '' : ` (${note})`}`,
    `Customer  ${customerId}`,
    `Mode      ${mode}: ${modeWords[mode]}`,
  ];
  if (mode !== 'read') lines.push('          The profile is put back at the end.');
  return lines.join('\n');
}

/** One request that would be sent, with its body. */
export function formatRequest({ request: { method, url, headers, body } }: RecordedExchange): string {
  return [
    `${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `    ${name}: ${value}`),
    ...(body === undefined ? [] : [`    ${typeof body === 'string' ? body : JSON.stringify(body)}`]),
  ].join('\n');
}
