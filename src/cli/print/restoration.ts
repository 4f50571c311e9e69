import type { Restoration, ServerSubject } from '../../suite/result.ts';
import { shellWord } from '../../report/curl.ts';

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
