import type { Command } from 'commander';
import type { RunOptions } from '../../../conformance/run-options.ts';
import type { ToFlags } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { addHelpEnd, exitCodes } from '../../help.ts';
import {
  type JudgeOptions,
  judgeOptions,
  positiveInteger,
  type ReportFiles,
  reportOptions,
  type ServiceOptions,
  shared,
} from '../../options.ts';

/** The options of the library that it takes as they were typed. */
type PassedOptions = Pick<RunOptions, 'mode' | 'allMembers' | 'maxRequests' | 'showBodies' | 'allowWritesTo' | 'partnerTenant' | 'discard'>;

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
    .optionsGroup('What is tested:')
    .option('--base-url <url>', 'server to test (default: an embedded mock)')
    .option('--customer <id>', "customer to test with (default: PARTNER_CENTER_CUSTOMER_ID, else on this machine the mock's first)")
    .option(
      '--other-customer <id>',
      "a second customer, which is only read (default: with the mock's first customer its second, else none)",
    )
    .option(...shared.tokenFile)
    .option(...shared.only)
    .option('--requirements <version>', 'the requirements of an earlier version, such as 0.1 (default: all)')
    .optionsGroup('What the run may do:')
    .addOption(
      command
        .createOption('--mode <mode>', 'read, write, or race: writes at the same time (default: race on this machine, read elsewhere)')
        .choices(['read', 'write', 'race']),
    )
    .option('--allow-writes-to <id>', 'repeat the customer id, to allow writes to it off this machine')
    .option('--partner-tenant <id>', 'partner tenant of the token, "none" if the token names none; needed to write off this machine')
    .option('--all-members', 'off this machine, write more than first and last name (default: on this machine only)')
    .option('--max-requests <number>', 'requests that may be sent (default: 2000)', positiveInteger)
    .option('--max-wait-seconds <number>', 'time to wait, in all, for a service that throttles (default: 120)', positiveInteger)
    .option(...shared.stateDir)
    .option('--discard', 'on this machine, forget the snapshot that an earlier run left, and run')
    .option('--dry-run', 'print every request that would be sent, and send none');
  judgeOptions(command)
    .optionsGroup('Output:')
    .option(...shared.verbose);
  reportOptions(command)
    .option('--fingerprint <file>', 'write the observed behaviour as JSON, without personal data')
    .option(...shared.showBodies);
  addHelpEnd(command, {
    examples: [
      ['pc-billing conformance --base-url http://127.0.0.1:4010', 'test a server on this machine; the profile is put back'],
      ['pc-billing conformance --base-url https://host.example --customer ID', 'test a server elsewhere with GETs only'],
    ],
    exitCodes: [
      exitCodes.passed,
      exitCodes.failed,
      ['2', 'wrong arguments, no server, a run that is not valid, or the profile was not put back'],
    ],
    note: `Other commands, each with --help: ${siblings.map((name) => `conformance ${name}`).join(', ')}.`,
  });
}

const siblings = ['restore', 'list', 'explain', 'diff'];

export async function run(_: [], options: RunCommandOptions, io: Io, toFlags: ToFlags): Promise<number> {
  const { runCommand } = await import('../../actions/run-suite.ts');
  return runCommand(options, io, toFlags);
}
