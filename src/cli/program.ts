import { Command, CommanderError } from 'commander';
import { packageVersion } from '../contract/generated.ts';
import { toFlagsOf } from './flags.ts';
import type { Io } from './io.ts';
import { type CommandModule, type Entry, registry } from './registry.ts';

/** Runs one command line. Shape: arguments without the program; resolves to the exit code, whatever happens. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  let called: Command | undefined;
  const program = createProgram(io);
  addCommands(program, registry, async (command, module) => {
    called = command;
    module.define(command);
    const isHelp = args.some((arg) => ['help', '--help', '-h'].includes(arg));
    if (isHelp && module.moreHelp !== undefined) command.addHelpText('after', `\n${await module.moreHelp()}`);
    command.action(async () => {
      // Commander has made them what `define` of the same file declares.
      exitCode = await module.run(command.processedArgs as never, command.opts() as never, io, toFlagsOf(command));
    });
  });
  try {
    await program.parseAsync(helpAsOption(args, registry), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { report } = await import('./errors.ts');
    return report(error, io, toFlagsOf(called ?? program));
  }
}

function createProgram(io: Io): Command {
  return new Command('pc-billing')
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
}

/** Adds the names and summaries of commands; the file of the one that is called is loaded before its arguments are read. */
function addCommands(parent: Command, entries: readonly Entry[], define: (command: Command, module: CommandModule) => Promise<void>): void {
  for (const entry of entries) {
    const command = parent.command(entry.name, { isDefault: 'isDefault' in entry }).description(entry.summary);
    if ('commands' in entry) addCommands(command, entry.commands, define);
  }
  parent.hook('preSubcommand', async (_, command) => {
    const entry = entries.find(({ name }) => name === command.name());
    if (entry !== undefined && 'load' in entry) await define(command, await entry.load());
  });
}

/** `help get` as `get --help`: commander prints help of `help get` without the hook by which a command is loaded. */
function helpAsOption([first, ...rest]: readonly string[], entries: readonly Entry[]): string[] {
  if (first === undefined) return [];
  const [second] = rest;
  if (first === 'help' && entries.some(({ name }) => name === second)) return [second!, '--help'];
  const entry = entries.find(({ name }) => name === first);
  return [first, ...(entry !== undefined && 'commands' in entry ? helpAsOption(rest, entry.commands) : rest)];
}
