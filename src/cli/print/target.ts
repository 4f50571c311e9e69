import type { RecordedExchange, Restoration, ServerSubject } from '../../suite/result.ts';
import { shellWord } from '../../report/curl.ts';

/** What each mode does to the profile. */
export const modeWords = { read: 'reads only', write: 'reads and writes', race: 'reads, writes, and writes at the same time' } as const;

/** What a run is going to do, and to what, in at most four lines. Without a final line end. */
export function formatTarget(
  { baseUrl, customerId, mode }: Omit<ServerSubject, 'kind'>,
  { note, plan }: { note?: string | undefined; plan?: { checks: number; requests: number } } = {},
): string {
  const end = mode === 'read' ? 'nothing is written' : 'then the profile is put back';
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

/** What to say when the profile was not put back: what happened, where it stands, what to do. */
export function formatRestoration(
  { state, reason, keptIn, versions = [] }: Restoration,
  { baseUrl, customerId }: Pick<ServerSubject, 'baseUrl' | 'customerId'>,
): string {
  const title =
    state === 'changed-by-others'
      ? `The profile of ${customerId} was not put back, because ${reason}. Nothing of theirs was overwritten.`
      : `It could not be verified that the profile of ${customerId} is as it was: ${reason}.`;
  const folder = keptIn?.replace(/[/\\][^/\\]*$/, '');
  const stateDir = folder === undefined ? '' : ` --state-dir ${shellWord(folder)}`;
  const command = `pc-billing conformance restore --base-url ${baseUrl} --customer ${customerId}${stateDir}`;
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
