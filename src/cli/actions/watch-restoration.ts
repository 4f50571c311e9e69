import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOptions } from '../../conformance/run-options.ts';
import type { Snapshot } from '../../conformance/restore/snapshot.ts';
import { isLeftChanged } from '../../suite/exit-code.ts';
import type { Restoration } from '../../suite/result.ts';
import { snapshotNameOf } from '../files/snapshot-file.ts';
import type { Io } from '../io.ts';
import { formatLastResort, formatNotRemoved, formatRestoration, waysOut } from '../print/restoration.ts';
import { commandLine, programWords } from '../report-context.ts';
import type { RunTarget } from '../target.ts';

/** Watches what a run has to put back, and tells what became of it: at the end, or when a second signal ends the run at once. */
export function watchRestoration(target: RunTarget, folder: string, io: Io) {
  const subject = { ...target, program: commandLine(...programWords(io.env)) };
  let snapshot: Snapshot | undefined;
  let restoration: Restoration | undefined;
  const lastResort = (): string => {
    // The embedded mock ends with the process.
    if (snapshot === undefined || target.isEmbedded || io.terminal?.(formatLastResort(snapshot))) return '';
    return 'There is no terminal to show the profile on as it was before the run, and it must be in no other output.\n';
  };
  const callbacks: Pick<RunOptions, 'onSnapshot' | 'onRestoration'> = {
    onSnapshot: (taken) => void (snapshot = taken),
    onRestoration: (done) => void (restoration = done),
  };
  return {
    callbacks,
    /** For a run that is ended before it has put the profile back. */
    lastWords(): string {
      if (snapshot === undefined || target.isEmbedded) return '';
      const place = join(folder, snapshotNameOf(target.baseUrl, target.customerId));
      const ended = 'Ended before the profile was put back.';
      if (!existsSync(place)) return `${ended} The snapshot is kept in no file.\n${lastResort()}`;
      return `${[`${ended} The snapshot is kept in ${place}.`, ...waysOut(place, subject)].join('\n')}\n`;
    },
    /** Whatever becomes of the reports, a profile that was not put back is told last. */
    tell(): void {
      if (restoration === undefined) return;
      const note = isLeftChanged(restoration) ? `\n${formatRestoration(restoration, subject)}\n` : formatNotRemoved(restoration);
      if (note !== undefined) io.err(note);
      if (isLeftChanged(restoration) && restoration.keptIn === undefined) io.err(lastResort());
    },
  };
}
