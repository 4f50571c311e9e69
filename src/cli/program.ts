import { Command, CommanderError } from 'commander';
import { packageVersion } from '../contract/generated.ts';
import { toFlagsOf } from './flags.ts';
import type { Io, World } from './io.ts';
import { type CommandModule, type Entry, registry } from './registry.ts';
import { throughSink } from './sink.ts';

/** Runs one command line. Shape: arguments without the program; resolves to the exit code, whatever happens. */
export async function run(args: readonly string[], world: World): Promise<number> {
  const { io, toldOfDefect } = heedDefects(throughSink(world));
  const exitCode = await runCommandLine(args, io);
  return (await toldOfDefect()) ? 2 : exitCode;
}

/** An error that nothing has caught is told, and stops the command as a signal does: what it has to put back, it puts back. */
function heedDefects(io: Io): { io: Io; toldOfDefect: () => Promise<boolean> } {
  const stop = new AbortController();
  let told: Promise<boolean> | undefined;
  const tell = async (error: unknown): Promise<boolean> => {
    const { reportDefect } = await import('./errors.ts');
    reportDefect(error, io);
    return true;
  };
  io.onDefect?.((error) => {
    // Once: what tells of it could fail in the same way.
    told ??= tell(error);
    stop.abort();
  });
  const stopSignal: Io['stopSignal'] = (lastWords) => AbortSignal.any([io.stopSignal(lastWords), stop.signal]);
  return { io: { ...io, stopSignal }, toldOfDefect: async () => (await told) ?? false };
}

async function runCommandLine(args: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  let called: Command | undefined;
  const program = createProgram(io);
  addCommands(program, registry, async (command, module) => {
    called = command;
    module.define(command);
    // After its other options, so that it stands in the last group of them.
    command.helpOption('-h, --help', 'print this help');
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
    .description(
      'The customer billing profile of the Microsoft Partner Center API: read it, change it, mock it, test a server or a client.',
    )
    .version(packageVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'Print the help of a command.')
    .exitOverride()
    .showHelpAfterError(helpHint('pc-billing'))
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
    command.showHelpAfterError(helpHint(`${pathOf(parent)} ${entry.name}`));
    if ('commands' in entry) addCommands(command, entry.commands, define);
  }
  parent.hook('preSubcommand', async (_, command) => {
    const entry = entries.find(({ name }) => name === command.name());
    if (entry !== undefined && 'load' in entry) await define(command, await entry.load());
  });
}

const helpHint = (path: string): string => `(${path} --help shows its options and examples)`;
const pathOf = (command: Command): string => (command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`);

/**
 * `help get` as `get --help`: commander prints help of `help get` without the hook by which a command is loaded. The help of a group is
 * that of its default command, whose options may follow the name of the group.
 */
function helpAsOption([first, ...rest]: readonly string[], entries: readonly Entry[]): string[] {
  const preset = entries.find((entry) => 'isDefault' in entry);
  if (preset !== undefined && (first === 'help' || first === '--help' || first === '-h') && rest.length === 0)
    return [preset.name, '--help'];
  if (first === undefined) return [];
  const [second] = rest;
  const isHelp = first === 'help' && entries.some(({ name }) => name === second);
  if (isHelp) return helpAsOption([...rest, '--help'], entries);
  const entry = entries.find(({ name }) => name === first);
  return [first, ...(entry !== undefined && 'commands' in entry ? helpAsOption(rest, entry.commands) : rest)];
}
