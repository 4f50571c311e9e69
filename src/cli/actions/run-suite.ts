import { exitCodeOf } from '../../suite/exit-code.ts';
import { markAccepted, withAccepted } from '../../suite/accepted.ts';
import type { AcceptedFailure, Result } from '../../suite/result.ts';
import type { Mode } from '../../suite/requirement.ts';
import { modeFor } from '../../conformance/mode.ts';
import { memorySnapshots } from '../../conformance/restore/snapshot.ts';
import { tenantOf } from '../../conformance/token-tenant.ts';
import { needsAllMembers, runOn } from '../../conformance/run.ts';
import { estimateRun } from '../../conformance/request-estimate.ts';
import type { RunOptions } from '../../conformance/run-options.ts';
import { LeftoverError } from '../../conformance/target.ts';
import { defaultCustomerIds, defaultCustomers } from '../../mock/customers.ts';
import { createMockService } from '../../mock/service.ts';
import type { RunCommandOptions } from '../commands/conformance/run.ts';
import { removeOldReports, reportFilesIn, writeReports } from '../files/report-files.ts';
import { fileSnapshots, stateDirOf } from '../files/snapshots.ts';
import type { ToFlags } from '../flags.ts';
import { type Io, UsageError } from '../io.ts';
import { given } from '../options.ts';
import { commandLine, contextOf, factsOf, programWords } from '../report-context.ts';
import { githubWords } from '../print/github.ts';
import { createRunView } from '../print/run.ts';
import { layoutOf } from '../print/terminal.ts';
import { formatLeftover } from '../print/restoration.ts';
import { formatRequest, formatTarget } from '../print/target.ts';
import { waitWords } from '../print/wait.ts';
import { resolveRunTarget, type RunTarget } from '../target.ts';
import { watchRestoration } from './watch-restoration.ts';

/** Runs the suite, or prints its plan, on a server; without a base URL on a mock of this process. */
export async function runCommand(options: RunCommandOptions, io: Io, toFlags: ToFlags): Promise<number> {
  const { baseUrl, customer, otherCustomer, allowWritesTo, dryRun } = options;
  const files = reportFilesIn(options);
  if (dryRun && files.length > 0) throw new UsageError('--dry-run sends nothing, so there is no report and no fingerprint to write.');
  const known = options.known === undefined ? [] : await (await import('../files/known-file.ts')).readKnownFile(options.known);
  const play = (target: RunTarget): Promise<number> =>
    dryRun ? printPlan(target, options, io) : runSuite(target, options, known, io, toFlags);
  if (baseUrl !== undefined) return play(await resolveRunTarget(baseUrl, options, io));
  if (customer !== undefined || otherCustomer !== undefined || allowWritesTo !== undefined)
    throw new UsageError('A customer is given, but no --base-url. Without one the run is on the embedded mock.');
  const mock = createMockService();
  // A run on a server does not listen, and needs no HTTP server.
  const { serve } = await import('../../mock/node.ts');
  const { url, close } = await serve(mock, { port: 0 });
  try {
    const [customerId, otherCustomerId] = defaultCustomerIds;
    return await play({ baseUrl: url, isThisMachine: true, token: mock.token, customerId, otherCustomerId, isEmbedded: true });
  } finally {
    await close();
  }
}

/** Runs the suite on a target, prints each verdict as it comes, writes the reports and gives the exit code. */
async function runSuite(
  target: RunTarget,
  options: RunCommandOptions,
  known: AcceptedFailure[],
  io: Io,
  toFlags: ToFlags,
): Promise<number> {
  await removeOldReports(options);
  const runOptions = runOptionsFrom(options, target);
  const github = githubWords(io);
  const now = io.now?.() ?? Date.now();
  const repeat = contextOf(target, options, io);
  const view = createRunView(repeat, layoutOf(io), { verbose: options.verbose ?? false });
  // Other reasons may quote the service.
  const inFlags = (result: Result): Result =>
    result.reason === needsAllMembers ? { ...result, reason: toFlags(needsAllMembers) } : result;
  const folder = stateDirOf(options.stateDir, io);
  const watch = watchRestoration(target, folder, io);
  const signal = io.stopSignal(watch.lastWords);
  signal.addEventListener('abort', () => io.err('\nStopping, to put the profile back. A second signal ends at once.\n'));
  try {
    const found = await runOn(target, {
      ...runOptions,
      ...watch.callbacks,
      ...given({ sleep: io.sleep }),
      // The embedded mock ends with this process, and so may the snapshot.
      ...(target.isEmbedded ? {} : { snapshots: fileSnapshots(folder) }),
      signal,
      onReady: () => io.out(`${github.begin}${heading(target, runOptions)}\n`),
      onLeftover: ({ takenAt }) => io.out(`The profile is as it was before the run of ${takenAt}, which had not put it back.\n\n`),
      onStart: (id, index, count) => io.progress?.(`[${index + 1}/${count}] ${id}`),
      onWait: (ms, why) => io.progress?.(waitWords(ms, why)),
      onResult: (result) => {
        if (result.reason === 'not selected') return;
        const text = view.add(markAccepted(inFlags(result), known, now));
        if (text === '') return;
        io.progress?.('');
        io.out(text);
      },
      onExchange: view.exchange,
    });
    const report = withAccepted({ ...found, results: found.results.map(inFlags) }, known, now);
    const exitCode = exitCodeOf(report, repeat);
    const context = { ...repeat, facts: factsOf(report), exitCode };
    io.progress?.('');
    io.out(view.end(report, context) + github.end(report, context));
    await writeReports(options, report, context, io);
    return exitCode;
  } catch (error) {
    if (!(error instanceof LeftoverError)) throw error;
    io.err(
      `pc-billing: ${formatLeftover(error, { ...target, program: commandLine(...programWords(io.env)), ...(error.restoration && { tried: 'restore' as const }) })}\n`,
    );
    return 2;
  } finally {
    watch.tell();
  }
}

/**
 * Prints every request of a run and sends none: the responses come from the mock, with the documented profile. What a server responds
 * decides about a few requests, so that a real run may send some more or less.
 */
async function printPlan(target: RunTarget, options: RunCommandOptions, io: Io): Promise<number> {
  const { customerId, otherCustomerId = customerId, token } = target;
  const runOptions = runOptionsFrom(options, target);
  const [{ profile }] = defaultCustomers as [(typeof defaultCustomers)[0]];
  const mock = createMockService({ token, customers: [customerId, otherCustomerId].map((id) => ({ customerId: id, profile })) });
  io.out(`${formatTarget({ ...target, mode: runOptions.mode }, { note: 'dry run: nothing is sent' })}\n`);
  let topic: string | undefined;
  const { requests } = await runOn(
    { ...target, fetch: mock.fetch },
    {
      ...runOptions,
      // Nothing leaves this process, so nothing has to be allowed or kept.
      allowWritesTo: customerId,
      partnerTenant: tenantOf(token) ?? 'none',
      snapshots: memorySnapshots,
      showBodies: true,
      sleep: () => Promise.resolve(),
      onExchange: (exchange, current) => {
        if (current !== topic) io.out(`\n# ${(topic = current)}\n`);
        io.out(`${formatRequest(exchange)}\n`);
      },
    },
  );
  io.out(`\n${requests} requests, none of them sent.\n`);
  return 0;
}

/** The options of the library that the command line sets, for a run and for its plan. */
function runOptionsFrom(options: RunCommandOptions, target: RunTarget): RunOptions & { mode: Mode } {
  const { only, requirements, allMembers, maxRequests, maxWaitSeconds, showBodies, allowWritesTo, partnerTenant, discard } = options;
  const maxWaitMs = maxWaitSeconds && maxWaitSeconds * 1000;
  return {
    mode: modeFor(target, options.mode),
    ...given({
      only,
      requirementsVersion: requirements,
      allMembers,
      maxRequests,
      maxWaitMs,
      showBodies,
      allowWritesTo,
      partnerTenant,
      discard,
    }),
  };
}

function heading(target: RunTarget, options: RunOptions & { mode: Mode }): string {
  const { mode, partnerTenant } = options;
  const note = target.isEmbedded ? 'embedded mock' : undefined;
  const text = `${formatTarget({ ...target, mode }, { note, plan: estimateRun(target, options) })}\n`;
  if (mode === 'read' || partnerTenant !== 'none' || target.isThisMachine || tenantOf(target.token) !== undefined) return text;
  return `${text}Token     does not say which partner tenant it belongs to; --partner-tenant none was taken at its word.\n`;
}
