import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import {
  CancelledError,
  ConflictError,
  ContractError,
  NetworkError,
  PartnerError,
  ServiceError,
  StaleEtagError,
  TokenError,
} from '../client/errors.ts';
import { TargetError } from '../conformance/outcome.ts';
import { packageVersion } from '../contract/generated.ts';
import { isJsonObject } from '../contract/json.ts';
import { printable } from '../contract/printable.ts';
import { scenarios } from '../score/scenarios.ts';
import { listFaults } from '../mock/faults/plan.ts';
import { conformanceCommand, type ConformanceArguments } from './conformance.ts';
import { diffCommand } from './diff.ts';
import { type Io, UnusableProfile, UsageError } from './io.ts';
import { mockCommand, type MockArguments } from './mock.ts';
import { explainCommand, listCommand } from './requirements.ts';
import { restoreCommand, type RestoreArguments } from './restore.ts';
import type { ScoreArguments } from './score.ts';
import { type GetArguments, getCommand, setCommand, settableMembers } from './profile.ts';

/** Runs one command line. Shape: arguments without the program; resolves to the exit code, whatever happens. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, io);
  }
}

function createProgram(io: Io, done: (exitCode: number) => void): Command {
  const program = new Command('pc-billing')
    .description('The customer billing profile of the Microsoft Partner Center API: read it, write it, mock it, test a server of it.')
    .version(packageVersion)
    .exitOverride()
    .showHelpAfterError('(pc-billing --help shows what there is)')
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      // An unknown option is repeated as it was typed, and someone will type --token=….
      outputError: (text, write) => write(text.replaceAll(/(--[\w-]+)=[^']*/g, '$1=…')),
    });

  const service = (command: Command): Command =>
    command
      .option('--base-url <url>', 'address of the service; default: PARTNER_CENTER_BASE_URL, else the global cloud')
      .option('--token-file <file>', 'file with the access token; default: PARTNER_CENTER_TOKEN');

  service(program.command('get'))
    .description("print a customer's billing profile as JSON")
    .argument('<customer-id>', 'tenant id of the customer')
    .option('--pascal-case', 'as the body of a PUT')
    .option('--merge <json>', 'change members of what is printed, as a JSON Merge Patch: null removes; nothing is written')
    .option('--etag', 'print its ETag alone, as If-Match wants it')
    .action(async (customerId: string, options: GetArguments) => done(await getCommand(customerId, options, io)));

  const set = service(program.command('set'))
    .description("change members of a customer's billing profile, and nothing else")
    .argument('<customer-id>', 'tenant id of the customer')
    .addHelpText('after', '\nAn empty value clears a member that may be absent.')
    .action(async (customerId: string) => {
      const values = set.opts<Record<string, string>>();
      const changes = Object.fromEntries(
        settableMembers.flatMap(({ flag }) => {
          const value = values[new Option(`--${flag}`).attributeName()];
          return value === undefined ? [] : [[flag, value]];
        }),
      );
      done(await setCommand(customerId, changes, values, io));
    });
  for (const { flag, about } of settableMembers) set.option(`--${flag} <text>`, about);

  program
    .command('mock')
    .description('serve a mock of the service on this machine')
    .option('--port <number>', 'port to listen on, 0 for a free one', portNumber, 4010)
    .option('--token <token>', 'the one token that the mock knows; default: mock-token')
    .option('--behaviour <name|file>', 'observed, documented, or a JSON file of answers', 'observed')
    .option('--fault <name...>', 'what to do wrong, as NAME[:METHOD][:COUNT]; names are below', [])
    .option('--no-control', 'ignore the header X-Mock-Fault, by which a request asks for faults')
    .option('--latency-ms <number>', 'how long delays-answer and sends-headers-slowly wait; default: 1000', positiveInteger)
    .option('--retry-after-seconds <number>', 'what the faults that throttle ask for; default: 1', positiveInteger)
    .option('--customers <number>', 'make up so many customers beside the three that are always there', positiveInteger)
    .option('--seed <number>', 'the same seed makes up the same customers', positiveInteger, 1)
    .option('--verbose', 'print every exchange to the standard error output, redacted')
    .option('--json', 'print one line of JSON: url, customerIds (100 at most), token')
    .addOption(
      new Option('--score <scenario>', 'play one scenario of `score` to a client that you start, and print the verdict at the end')
        // A scenario has customers, token and faults of its own.
        .conflicts(['token', 'behaviour', 'fault', 'control', 'latencyMs', 'retryAfterSeconds', 'customers', 'seed', 'verbose', 'json']),
    )
    .addHelpText(
      'after',
      `\nanswers-503:PUT:2 meets the next two PUTs, drops-etag all requests. Faults:\n${listFaults()
        .map(({ name, does }) => `  ${name.padEnd(34)}${does}`)
        .join('\n')}`,
    )
    .action(async (options: MockArguments) => done(await mockCommand(options, io)));

  program
    .command('score')
    .description('test whether a client, in any language, handles the billing profile well: runs COMMAND once for each scenario')
    .argument('<command...>', 'the client and its arguments, after --')
    .option('--only <glob>', 'requirements to judge, such as "client.sends-*"')
    .option('--scenario <name...>', 'scenarios to run; names are below')
    .option('--strict', 'let a "should" that fails count too')
    .option('--known <file>', 'known deviations, YAML: failures that do not count until a day')
    .option('--timeout-seconds <number>', 'how long the client may take in each scenario', positiveInteger, 30)
    .option('--json <file>', 'write the report to a file as JSON')
    .option('--junit <file>', 'write it as JUnit XML, for a CI server')
    .option('--markdown <file>', 'write it as Markdown, for the summary of a CI job')
    .option('--html <file>', 'write it as one HTML page, for people')
    .addHelpText(
      'after',
      `\nThe client reads the profile, sets companyName to PC_BILLING_COMPANY, writes it, and exits 0 when it believes that it succeeded. Scenarios:\n${Object.entries(
        scenarios,
      )
        .map(([name, { does }]) => `  ${name.padEnd(22)}${does}`)
        .join('\n')}`,
    )
    .action(async (command: string[], options: ScoreArguments) =>
      done(await (await import('./score.ts')).scoreCommand(command, options, io)),
    );

  const conformance = program.command('conformance').description('test whether a server keeps the promises of the contract');
  conformance
    .command('run', { isDefault: true })
    .description('run the suite (the default)')
    .option('--base-url <url>', 'server to test; default: an embedded mock')
    .option('--customer <id>', "customer whose profile is tested; default: PARTNER_CENTER_CUSTOMER_ID, on this machine the mock's first")
    .option('--other-customer <id>', 'a second customer, which is only read')
    .addOption(
      new Option('--mode <mode>', 'what may be done; default: race on this machine, read elsewhere').choices(['read', 'write', 'race']),
    )
    .option('--allow-writes-to <id>', 'name the customer once more, to say that it may be written')
    .option('--token-file <file>', 'file with the access token; default: PARTNER_CENTER_TOKEN')
    .option('--strict', 'let a "should" that fails count too')
    .option('--only <glob>', 'requirements to run, such as "etag.*"')
    .option('--requirements <version>', 'the requirements as they were in an earlier version, such as 0.1')
    .option('--known <file>', 'known deviations, YAML: failures that do not count until a day')
    .option('--json <file>', 'write the report to a file as JSON')
    .option('--junit <file>', 'write it as JUnit XML, for a CI server')
    .option('--markdown <file>', 'write it as Markdown, for the summary of a CI job')
    .option('--html <file>', 'write it as one HTML page, for people')
    .option('--fingerprint <file>', 'write what was seen of the open questions to a file, without personal data')
    .option('--show-bodies', 'show values that were read from the customer too; tokens are never shown')
    .option('--dry-run', 'print every request that would be sent, and send none')
    .option(
      '--partner-tenant <id>',
      'partner tenant that the token belongs to, "none" if it does not say; needed to write off this machine',
    )
    .option('--all-members', 'off this machine, write more than first and last name; a change of address may be vetted')
    .option('--max-requests <number>', 'how many requests may be sent; default: 2000', positiveInteger)
    .option('--max-wait-seconds <number>', 'how long to wait, in all, for a service that throttles; default: 120', positiveInteger)
    .option('--state-dir <folder>', stateDirHelp)
    .action(async (options: ConformanceArguments) => done(await conformanceCommand(options, io)));
  conformance
    .command('restore')
    .description('put back the profile that a run has left changed, after a crash for instance')
    .option('--base-url <url>', 'server of the run; default: that of the only snapshot there is')
    .option('--customer <id>', 'customer of the run; default: that of the only snapshot there is')
    .option('--token-file <file>', 'file with the access token; default: PARTNER_CENTER_TOKEN')
    .option('--force', 'overwrite what somebody else has changed since')
    .option('--discard', 'forget the snapshot and leave the profile as it is; nothing is sent')
    .option('--show-bodies', 'show values that were read from the customer too; tokens are never shown')
    .option('--state-dir <folder>', stateDirHelp)
    .action(async (options: RestoreArguments) => done(await restoreCommand(options, io)));
  conformance
    .command('list')
    .description('print every requirement, a line each')
    .option('--json', 'print all that is known of them as JSON')
    .action((options: { json?: boolean }) => done(listCommand(options, io)));
  conformance
    .command('explain')
    .description('print what a requirement is for, how it is tested, and how services come to break it')
    .argument('<id>', 'the requirement, or a pattern such as "etag.*"')
    .action((id: string) => done(explainCommand(id, io)));
  conformance
    .command('diff')
    .description('compare two reports (--json) or fingerprints; ends with 1 when something that a client may rely on is no longer so')
    .argument('<old>', 'file of the earlier run')
    .argument('<new>', 'file of the later run')
    .option('--markdown <file>', 'write it as Markdown too, for the summary of a CI job')
    .action(async (before: string, now: string, options: { markdown?: string }) => done(await diffCommand(before, now, options, io)));
  return program;
}

const stateDirHelp = 'folder of the snapshots; default: PC_BILLING_STATE_DIR, else pc-billing below $XDG_STATE_HOME';

function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number above zero.');
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

/** Says what went wrong and gives the exit code. Only a defect of our own shows a stack. */
function report(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const known = exitCodes.find(([type]) => error instanceof type);
  if (known !== undefined) {
    const { message } = error as Error;
    // What a service says could write over the terminal; our own lists have lines.
    io.err(`pc-billing: ${error instanceof PartnerError ? printable(message) : message}\n`);
    if (error instanceof ConflictError) io.err(formatVersions(error));
    if (error instanceof CancelledError) io.err('  No whole answer came in that time. Check --base-url and the network, then try again.\n');
    return known[1];
  }
  io.err(`pc-billing: this is a defect of pc-billing, please report it.\n${error instanceof Error ? error.stack : String(error)}\n`);
  return 2;
}

/** Each member of a conflict as it was read, as it was to be written, and as it is now. */
function formatVersions({ members, base, mine, theirs }: ConflictError): string {
  const shown = (profile: unknown, member: string): string => {
    const value = member.split('.').reduce<unknown>((inner, name) => (isJsonObject(inner) ? inner[name] : undefined), profile);
    return value == null ? 'absent' : printable(JSON.stringify(value));
  };
  return members
    .map(
      (member) =>
        `  ${member}\n    was    ${shown(base, member)}\n    mine   ${shown(mine, member)}\n    theirs ${shown(theirs, member)}\n`,
    )
    .join('');
}

const exitCodes: readonly (readonly [abstract new (...args: never[]) => Error, number])[] = [
  [UsageError, 2],
  [TargetError, 2],
  // Misuse, such as a customer id that is not a GUID; nothing was sent.
  [TypeError, 2],
  [StaleEtagError, 5],
  [ServiceError, 3],
  [NetworkError, 4],
  // Nobody can end a call here but the deadline.
  [CancelledError, 4],
  [TokenError, 2],
  [ContractError, 6],
  [UnusableProfile, 6],
];
