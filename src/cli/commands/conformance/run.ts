import type { Command } from 'commander';
import type { RunOptions } from '../../../conformance/run-options.ts';
import type { ToFlags } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { type JudgeOptions, positiveInteger, type ReportFiles, reportOptions, type ServiceOptions, shared } from '../../options.ts';

/** The options of the library that it takes as they were typed. */
type PassedOptions = Pick<RunOptions, 'mode' | 'allMembers' | 'maxRequests' | 'showBodies' | 'allowWritesTo' | 'partnerTenant'>;

export interface RunCommandOptions extends PassedOptions, ServiceOptions, JudgeOptions, ReportFiles {
  customer?: string;
  otherCustomer?: string;
  requirements?: string;
  dryRun?: boolean;
  maxWaitSeconds?: number;
  stateDir?: string;
}

export function define(command: Command): void {
  command
    .option('--base-url <url>', 'server to test; default: an embedded mock')
    .option('--customer <id>', "customer whose profile is tested; default: PARTNER_CENTER_CUSTOMER_ID, on this machine the mock's first")
    .option('--other-customer <id>', 'a second customer, which is only read')
    .addOption(
      command
        .createOption('--mode <mode>', 'what may be done; default: race on this machine, read elsewhere')
        .choices(['read', 'write', 'race']),
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

export async function run(_: [], options: RunCommandOptions, io: Io, toFlags: ToFlags): Promise<number> {
  const { runCommand } = await import('../../actions/run-suite.ts');
  return runCommand(options, io, toFlags);
}
