import { exitCodeOf } from '../../suite/exit-code.ts';
import { markAccepted, withAccepted } from '../../suite/accepted.ts';
import { modeFor } from '../../conformance/mode.ts';
import { runOn } from '../../conformance/run.ts';
import type { RunOptions } from '../../conformance/run-options.ts';
import type { AcceptedFailure, Result } from '../../suite/result.ts';
import type { Mode } from '../../suite/requirement.ts';
import { checkTarget } from '../../conformance/target.ts';
import { tenantOf } from '../../conformance/restore/write-permission.ts';
import type { RunCommandOptions } from '../commands/conformance/run.ts';
import { removeOldReports, writeReports } from '../files/report-files.ts';
import { fileSnapshots, stateDirOf } from '../files/snapshots.ts';
import type { ToFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { given } from '../options.ts';
import { contextOf, factsOf } from '../print/report-context.ts';
import { formatRestoration } from '../print/restoration.ts';
import { formatResult, formatSummary, paintOf } from '../print/result.ts';
import { formatTarget } from '../print/target.ts';
import type { Target } from '../target.ts';

/** Runs the suite on a target, prints each verdict as it comes, writes the reports and gives the exit code. */
export async function runSuite(
  target: Target,
  options: RunCommandOptions,
  known: readonly AcceptedFailure[],
  io: Io,
  toFlags: ToFlags,
): Promise<number> {
  await removeOldReports(options);
  const runOptions = runOptionsFrom(options, target);
  io.out(`${heading(target, runOptions)}\n`);
  const now = io.now?.() ?? Date.now();
  const repeat = contextOf(target, options, io);
  const paint = paintOf(io);
  const inFlags = (result: Result): Result => (result.reason === undefined ? result : { ...result, reason: toFlags(result.reason) });
  const found = await runOn(checkTarget(target), {
    ...runOptions,
    // The embedded mock ends with this process, and so may the snapshot.
    ...(target.isEmbedded ? {} : { snapshots: fileSnapshots(stateDirOf(options.stateDir, io)) }),
    ...told(io, (result) => formatResult(markAccepted(inFlags(result), known, now), { ...repeat, facts: [], exitCode: 0 }, paint)),
  });
  const report = withAccepted({ ...found, results: found.results.map(inFlags) }, known, now);
  const exitCode = exitCodeOf(report, repeat);
  const context = { ...repeat, facts: factsOf(report), exitCode };
  io.out(`\n${formatSummary(report, context, paint)}\n`);
  try {
    await writeReports(options, report, context);
  } finally {
    // Whatever becomes of the reports, a profile that was not put back is told last.
    const { restoration, subject } = report;
    if (restoration?.state === 'changed-by-others' || restoration?.state === 'unverified')
      io.err(`\n${formatRestoration(restoration, subject)}\n`);
  }
  return exitCode;
}

/** The options of the library that the command line sets, for a run and for its plan. */
export function runOptionsFrom(options: RunCommandOptions, target: Target): RunOptions & { mode: Mode } {
  const { only, requirements, allMembers, maxRequests, maxWaitSeconds, showBodies, allowWritesTo, partnerTenant } = options;
  const maxWaitMs = maxWaitSeconds && maxWaitSeconds * 1000;
  return {
    mode: modeFor(target, options.mode),
    ...given({ only, requirementsVersion: requirements, allMembers, maxRequests, maxWaitMs, showBodies, allowWritesTo, partnerTenant }),
  };
}

function heading(target: Target, { mode, partnerTenant }: RunOptions & { mode: Mode }): string {
  const text = `${formatTarget({ ...target, mode }, target.isEmbedded ? 'embedded mock' : undefined)}\n`;
  if (mode === 'read' || partnerTenant !== 'none' || target.isThisMachine || tenantOf(target.token) !== undefined) return text;
  return `${text}Token     does not say which partner tenant it belongs to; --partner-tenant none was taken at its word.\n`;
}

/** What a user sees and can do while the run goes on. */
function told(io: Io, format: (result: Result) => string): Pick<RunOptions, 'signal' | 'onStart' | 'onWait' | 'onResult'> {
  const signal = io.stopSignal();
  signal.addEventListener('abort', () => io.err('\nStopping after this requirement, to put the profile back. Once more ends at once.\n'));
  return {
    signal,
    onStart: (id, index, count) => io.progress?.(`[${index + 1}/${count}] ${id}`),
    onWait: (ms) => io.progress?.(`waiting ${Math.ceil(ms / 1000)} s, as the service asks`),
    onResult: (result) => {
      io.progress?.('');
      if (result.reason !== 'not selected') io.out(`${format(result)}\n`);
    },
  };
}
