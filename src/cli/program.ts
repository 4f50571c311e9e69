import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ContractError, NetworkError, ServiceError, StaleEtagError } from '../client/errors.ts';
import { TargetError } from '../conformance/outcome.ts';
import { packageVersion } from '../contract/generated.ts';
import { faults } from '../mock/faults.ts';
import { conformanceCommand, type ConformanceArguments } from './conformance.ts';
import { type Io, UsageError } from './io.ts';
import { mockCommand, type MockArguments } from './mock.ts';
import { getCommand, type ServiceArguments, setCommand, settableMembers } from './profile.ts';

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
    .action(async (customerId: string, options: ServiceArguments) => done(await getCommand(customerId, options, io)));

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
    .option('--fault <name...>', `promises to break: ${Object.keys(faults).join(', ')}`, [])
    .option('--json', 'print one line of JSON: url, customerIds, token')
    .action(async (options: MockArguments) => done(await mockCommand(options, io)));

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
    .option('--json <file>', 'write the report to a file')
    .action(async (options: ConformanceArguments) => done(await conformanceCommand(options, io)));
  return program;
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
    io.err(`pc-billing: ${(error as Error).message}\n`);
    return known[1];
  }
  io.err(`pc-billing: this is a defect of pc-billing, please report it.\n${error instanceof Error ? error.stack : String(error)}\n`);
  return 2;
}

const exitCodes: readonly (readonly [abstract new (...args: never[]) => Error, number])[] = [
  [UsageError, 2],
  [TargetError, 2],
  // Misuse, such as a customer id that is not a GUID; nothing was sent.
  [TypeError, 2],
  [StaleEtagError, 5],
  [ServiceError, 3],
  [NetworkError, 4],
  [ContractError, 6],
];
