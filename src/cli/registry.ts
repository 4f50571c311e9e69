import type { Command } from 'commander';
import type { ToFlags } from './flags.ts';
import type { Io } from './io.ts';

/**
 * What a file of `commands/` exports: the options of a command and its action.
 *
 * Shape: `define` tells commander of arguments and options, and imports nothing that only the action needs; `run` takes what commander made
 * of them, and resolves to the exit code. `never`, because each file names the arguments and options that it has declared.
 */
export interface CommandModule {
  define(command: Command): void;
  run(args: never, options: never, io: Io, toFlags: ToFlags): Promise<number>;
  /** What stands below the options in its help; called when the help is asked for. */
  moreHelp?(): Promise<string>;
}

/** A command as it stands in the help above it. What it does, and its options, are loaded when it is called. */
export type Entry = { name: string; summary: string } & (
  { load: () => Promise<CommandModule>; isDefault?: true } | { commands: readonly Entry[] }
);

/** Every command, in the order of the help. */
export const registry: readonly Entry[] = [
  { name: 'get', summary: "Print a customer's billing profile as JSON.", load: () => import('./commands/get.ts') },
  { name: 'set', summary: "Change members of a customer's billing profile.", load: () => import('./commands/set.ts') },
  { name: 'mock', summary: 'Serve a mock of the service on this machine.', load: () => import('./commands/mock.ts') },
  {
    name: 'score',
    summary: 'Test a client: run its command once for each scenario.',
    load: () => import('./commands/score.ts'),
  },
  {
    name: 'conformance',
    summary: 'Test a server: run the conformance suite.',
    commands: [
      {
        name: 'run',
        summary: 'Test a server: run the conformance suite (the default command).',
        load: () => import('./commands/conformance/run.ts'),
        isDefault: true,
      },
      {
        name: 'restore',
        summary: 'Put back the profile that a run has left changed, for example after a crash.',
        load: () => import('./commands/conformance/restore.ts'),
      },
      { name: 'list', summary: 'Print every requirement, a line each.', load: () => import('./commands/conformance/list.ts') },
      {
        name: 'explain',
        summary: 'Print what a requirement is for, how it is tested, and how services break it.',
        load: () => import('./commands/conformance/explain.ts'),
      },
      {
        name: 'diff',
        summary: 'Compare two reports (--json) or fingerprints, and say whether something got worse.',
        load: () => import('./commands/conformance/diff.ts'),
      },
    ],
  },
];
