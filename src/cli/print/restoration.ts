import { dirname } from 'node:path';
import type { LeftoverError } from '../../conformance/target.ts';
import { shellWord } from '../../report/curl.ts';
import type { MemberVersions, Restoration, ServerSubject } from '../../suite/result.ts';

/** The server and the customer of a run, as its messages name them. */
export type RunSubject = Pick<ServerSubject, 'baseUrl' | 'customerId'> & {
  /** A run there may go on without the snapshot. */
  isThisMachine: boolean;
  /** The program as it was called. */
  program: string;
  /** What was tried just now, and would fail in the same way. */
  tried?: 'restore' | 'force';
};

/** What to say when the profile was not put back: what happened, the members that differ, where it stands, every way out. */
export function formatRestoration({ state, reason, keptIn, versions = [] }: Restoration, subject: RunSubject): string {
  const title =
    state === 'changed-by-others'
      ? `The profile of ${subject.customerId} was not put back, because ${reason}. Nothing of theirs was overwritten.`
      : versions.length > 0
        ? `The profile of ${subject.customerId} was not put back: ${reason}.`
        : `It could not be verified that the profile of ${subject.customerId} is as it was: ${reason}.`;
  const kept = keptIn === undefined ? 'The snapshot could be kept nowhere.' : `The snapshot is kept in ${keptIn}.`;
  return [title, ...versions.flatMap(memberLines), kept, ...waysOut(keptIn, subject, versions.length > 0)].join('\n');
}

/** What to say when an earlier run stands in the way of this one: the same, without a title of its own. */
export function formatLeftover({ what, place, restoration }: LeftoverError, subject: RunSubject): string {
  const versions = restoration?.versions ?? [];
  return [what, ...versions.flatMap(memberLines), ...waysOut(place, subject, versions.length > 0)].join('\n');
}

const memberLines = ({ member, snapshot, ours, now }: MemberVersions): string[] => [
  `  ${member}`,
  `    before the run   ${snapshot}`,
  `    as the run wrote ${ours}`,
  `    now              ${now}`,
];

/** The commands that deal with a snapshot; none when it is in no file. */
export function waysOut(
  keptIn: string | undefined,
  { baseUrl, customerId, isThisMachine, program, tried }: RunSubject,
  hasVersions = false,
): string[] {
  if (keptIn === undefined) return [];
  const target = `--base-url ${shellWord(baseUrl)} --customer ${customerId} --state-dir ${shellWord(dirname(keptIn))}`;
  const restore = `${program} conformance restore ${target}`;
  return [
    ...(tried === undefined ? [`To put it back:          ${restore}`] : []),
    ...(hasVersions && tried !== 'force' ? [`To overwrite even so:    ${restore} --force`] : []),
    `To leave it as it is:    ${restore} --discard`,
    ...(isThisMachine ? [`To run all the same:     ${program} conformance ${target} --discard`] : []),
  ];
}

/** What to say of a snapshot that is needed no longer and could not be removed; undefined when it was. */
export function formatNotRemoved({ reason, keptIn }: Restoration): string | undefined {
  return keptIn === undefined ? undefined : `Note: ${reason}. Remove it yourself: ${keptIn}\n`;
}

/** The profile as it was, for the terminal alone: personal data, which nothing else has any more. */
export function formatLastResort(snapshot: { profile: unknown }): string {
  return `The profile as it was before the run, which is kept nowhere else:\n${JSON.stringify(snapshot.profile, null, 2)}\n`;
}
