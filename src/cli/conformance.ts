import { styleText } from 'node:util';
import { isLoopback, parseBaseUrl, resolveBaseUrl } from '../contract/base-url.ts';
import { exitCodeOf } from '../suite/exit-code.ts';
import { modeFor } from '../conformance/mode.ts';
import { runConformance } from '../conformance/run.ts';
import { type RunOptions } from '../conformance/run-options.ts';
import type { SnapshotStore } from '../conformance/restore/snapshot.ts';
import { markAccepted, withAccepted } from '../suite/accepted.ts';
import type { AcceptedFailure } from '../suite/result.ts';
import type { Mode } from '../suite/requirement.ts';
import type { Target } from '../conformance/target.ts';
import { tenantOf } from '../conformance/restore/write-permission.ts';
import { defaultCustomerIds } from '../mock/customers.ts';
import { createMockService } from '../mock/service.ts';
import { formatProgress, formatRestoration, formatResult, formatSummary, formatTarget, type Paint, plain } from '../report/terminal.ts';
import { printPlan } from './dry-run.ts';
import { type Io, UsageError } from './io.ts';
import { contextOf, factsOf } from './report-context.ts';
import { removeOldReports, type ReportFiles, reportFilesIn, writeReports } from './report-files.ts';
import { fileSnapshots, stateDirOf } from './snapshot-files.ts';
import { tokenFor } from './target.ts';

export interface ConformanceArguments extends ReportFiles {
  baseUrl?: string;
  customer?: string;
  otherCustomer?: string;
  mode?: Mode;
  allowWritesTo?: string;
  partnerTenant?: string;
  allMembers?: boolean;
  tokenFile?: string;
  strict?: boolean;
  only?: string;
  requirements?: string;
  known?: string;
  showBodies?: boolean;
  dryRun?: boolean;
  maxRequests?: number;
  maxWaitSeconds?: number;
  stateDir?: string;
}

// Whether there are colours was decided before; styleText would look at the stream once more.
const color = (name: 'green' | 'red' | 'dim') => (text: string) => styleText(name, text, { validateStream: false });
export const colors: Paint = { good: color('green'), bad: color('red'), dim: color('dim') };

/** Runs the suite and prints each verdict as it comes. Without a base URL the target is a mock of this process. */
export async function conformanceCommand(options: ConformanceArguments, io: Io): Promise<number> {
  const files = reportFilesIn(options);
  if (options.dryRun && files.length > 0)
    throw new UsageError('--dry-run sends nothing, so there is no report and no fingerprint to write.');
  const known = await readKnown(options.known);
  if (options.baseUrl !== undefined) {
    const target = await targetFrom(options, options.baseUrl, io);
    if (options.dryRun) return printPlan(target, runOptionsFrom(options, target), io);
    return runAgainst(target, options, io, { known, snapshots: fileSnapshots(stateDirOf(options.stateDir, io)) });
  }
  if (options.customer !== undefined || options.otherCustomer !== undefined || options.allowWritesTo !== undefined) {
    throw new UsageError('A customer is given, but no --base-url. Without one the run is on the embedded mock.');
  }
  const mock = createMockService();
  // Loaded by those who listen: a run against a server does not.
  const { serve } = await import('../mock/node.ts');
  const { url, close } = await serve(mock, { port: 0 });
  try {
    const [customerId, otherCustomerId] = defaultCustomerIds;
    const target = { baseUrl: url, token: mock.token, customerId, otherCustomerId };
    if (options.dryRun) return await printPlan(target, runOptionsFrom(options, target), io);
    // The mock ends with this process, and so may the snapshot.
    return await runAgainst(target, options, io, { known, note: 'embedded mock' });
  } finally {
    await close();
  }
}

async function targetFrom(options: ConformanceArguments, url: string, io: Io): Promise<Target> {
  const baseUrl = parseBaseUrl(url);
  const customerId = options.customer ?? (io.env.PARTNER_CENTER_CUSTOMER_ID || undefined);
  if (options.allowWritesTo !== undefined && options.allowWritesTo.toLowerCase() !== customerId?.toLowerCase()) {
    throw new UsageError('--allow-writes-to does not name the customer of --customer.');
  }
  // Nothing is sent in a dry run, so it needs no secret.
  const token = options.dryRun
    ? await tokenFor(baseUrl, options.tokenFile, io).catch(() => 'dry-run')
    : await tokenFor(baseUrl, options.tokenFile, io);
  if (customerId !== undefined) {
    return { baseUrl, token, customerId, ...(options.otherCustomer === undefined ? {} : { otherCustomerId: options.otherCustomer }) };
  }
  if (!isLoopback(baseUrl)) throw new UsageError('There is no customer. Give --customer ID, or set PARTNER_CENTER_CUSTOMER_ID.');
  const [first, second] = defaultCustomerIds;
  return { baseUrl, token, customerId: first, otherCustomerId: options.otherCustomer ?? second };
}

/** The options that a run and its plan share. */
function runOptionsFrom(options: ConformanceArguments, target: Target): RunOptions & { mode: Mode } {
  const { only, requirements, allMembers, maxRequests, maxWaitSeconds, showBodies, allowWritesTo, partnerTenant } = options;
  return {
    mode: modeFor(resolveBaseUrl(target.baseUrl), options.mode),
    ...(only === undefined ? {} : { only }),
    ...(requirements === undefined ? {} : { requirementsVersion: requirements }),
    ...(allMembers === undefined ? {} : { allMembers }),
    ...(maxRequests === undefined ? {} : { maxRequests }),
    ...(maxWaitSeconds === undefined ? {} : { maxWaitMs: maxWaitSeconds * 1000 }),
    ...(showBodies === undefined ? {} : { showBodies }),
    ...(allowWritesTo === undefined ? {} : { allowWritesTo }),
    ...(partnerTenant === undefined ? {} : { partnerTenant }),
  };
}

async function runAgainst(
  target: Target,
  options: ConformanceArguments,
  io: Io,
  { known, note, snapshots }: { known: readonly AcceptedFailure[]; note?: string; snapshots?: SnapshotStore },
): Promise<number> {
  const runOptions = runOptionsFrom(options, target);
  const { mode } = runOptions;
  await removeOldReports(options);
  const paint = io.color ? colors : plain;
  io.out(`${formatTarget({ baseUrl: target.baseUrl, customerId: target.customerId, mode }, note)}\n`);
  if (mode !== 'read' && options.partnerTenant === 'none' && !isLoopback(target.baseUrl) && tenantOf(target.token) === undefined) {
    io.out('Token     does not say which partner tenant it belongs to; --partner-tenant none was taken at its word.\n');
  }
  io.out('\n');
  const stop = io.stopSignal();
  stop.addEventListener('abort', () => io.err('\nStopping after this requirement, to put the profile back. Once more ends at once.\n'));
  const now = io.now?.() ?? Date.now();
  const repeat = contextOf(target, options, io);
  const given = await runConformance(target, {
    ...runOptions,
    ...(snapshots === undefined ? {} : { snapshots }),
    signal: stop,
    onStart: (id, index, count) => io.progress?.(formatProgress(id, index, count)),
    onWait: (ms) => io.progress?.(`waiting ${Math.ceil(ms / 1000)} s, as the service asks`),
    onResult: (result) => {
      io.progress?.('');
      if (result.reason !== 'not selected') {
        io.out(`${formatResult(markAccepted(result, known, now), { ...repeat, facts: [], exitCode: 0 }, paint)}\n`);
      }
    },
  });
  const report = withAccepted(given, known, now);
  const exitCode = exitCodeOf(report, { strict: options.strict ?? false });
  const context = { ...repeat, facts: factsOf(report), exitCode };
  io.out(`\n${formatSummary(report, context, paint)}\n`);
  try {
    await writeReports(options, report, context);
  } finally {
    const { restoration } = report;
    if (restoration?.state === 'changed-by-others' || restoration?.state === 'unverified') {
      io.err(`\n${formatRestoration(restoration, report.subject)}\n`);
    }
  }
  return exitCode;
}

/** Most runs have no such file, and need not load what reads it. */
export async function readKnown(file: string | undefined): Promise<AcceptedFailure[]> {
  if (file === undefined) return [];
  const { readKnownFile } = await import('./known-file.ts');
  return readKnownFile(file);
}
