import type { Command } from 'commander';
import type { Mode } from '../../../suite/requirement.ts';
import type { ToFlags } from '../../flags.ts';
import { type Io, UsageError } from '../../io.ts';
import { type JudgeOptions, Option, positiveInteger, type ReportFiles, reportOptions, shared } from '../../options.ts';
import type { Target, TargetOptions } from '../../target.ts';

export interface RunCommandOptions extends TargetOptions, JudgeOptions, ReportFiles {
  mode?: Mode;
  partnerTenant?: string;
  allMembers?: boolean;
  requirements?: string;
  showBodies?: boolean;
  maxRequests?: number;
  maxWaitSeconds?: number;
  stateDir?: string;
}

export function define(command: Command): void {
  command
    .option('--base-url <url>', 'server to test; default: an embedded mock')
    .option('--customer <id>', "customer whose profile is tested; default: PARTNER_CENTER_CUSTOMER_ID, on this machine the mock's first")
    .option('--other-customer <id>', 'a second customer, which is only read')
    .addOption(
      new Option('--mode <mode>', 'what may be done; default: race on this machine, read elsewhere').choices(['read', 'write', 'race']),
    )
    .option('--allow-writes-to <id>', 'name the customer once more, to say that it may be written')
    .option(...shared.tokenFile)
    .option(...shared.strict)
    .option('--only <glob>', 'requirements to run, such as "etag.*"')
    .option('--requirements <version>', 'the requirements as they were in an earlier version, such as 0.1')
    .option(...shared.known);
  reportOptions(command)
    .option('--fingerprint <file>', 'write what was seen of the open questions to a file, without personal data')
    .option(...shared.showBodies)
    .option('--dry-run', 'print every request that would be sent, and send none')
    .option(
      '--partner-tenant <id>',
      'partner tenant that the token belongs to, "none" if it does not say; needed to write off this machine',
    )
    .option('--all-members', 'off this machine, write more than first and last name; a change of address may be vetted')
    .option('--max-requests <number>', 'how many requests may be sent; default: 2000', positiveInteger)
    .option('--max-wait-seconds <number>', 'how long to wait, in all, for a service that throttles; default: 120', positiveInteger)
    .option(...shared.stateDir);
}

/** Runs the suite and prints each verdict as it comes. Without a base URL the target is a mock of this process. */
export async function run(_: [], options: RunCommandOptions, io: Io, toFlags: ToFlags): Promise<number> {
  const { reportFilesIn } = await import('../../files/report-files.ts');
  const files = reportFilesIn(options);
  if (options.dryRun && files.length > 0)
    throw new UsageError('--dry-run sends nothing, so there is no report and no fingerprint to write.');
  const known = options.known === undefined ? [] : await (await import('../../files/known-file.ts')).readKnownFile(options.known);
  const play = async (target: Target): Promise<number> => {
    if (options.dryRun) return (await import('../../actions/dry-run.ts')).printPlan(target, options, io);
    return (await import('../../actions/run-suite.ts')).runSuite(target, options, known, io, toFlags);
  };
  if (options.baseUrl === undefined) return onEmbeddedMock(options, play);
  const { resolveTarget } = await import('../../target.ts');
  return play(await resolveTarget(options.baseUrl, options, io));
}

async function onEmbeddedMock(
  { customer, otherCustomer, allowWritesTo }: TargetOptions,
  play: (target: Target) => Promise<number>,
): Promise<number> {
  if (customer !== undefined || otherCustomer !== undefined || allowWritesTo !== undefined) {
    throw new UsageError('A customer is given, but no --base-url. Without one the run is on the embedded mock.');
  }
  const { defaultCustomerIds } = await import('../../../mock/customers.ts');
  const { createMockService } = await import('../../../mock/service.ts');
  const { serve } = await import('../../../mock/node.ts');
  const mock = createMockService();
  const { url, close } = await serve(mock, { port: 0 });
  try {
    const [customerId, otherCustomerId] = defaultCustomerIds;
    return await play({ baseUrl: url, isThisMachine: true, token: mock.token, customerId, otherCustomerId, isEmbedded: true });
  } finally {
    await close();
  }
}
