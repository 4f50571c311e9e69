import type { Command } from 'commander';
import { definitions, wrapped, wrappedCommand } from './print/wrap.ts';

/** What the help of a command says below its options. */
export interface HelpEnd {
  /** Command lines that can be pasted, each with what it does. */
  examples: readonly (readonly [line: string, does: string])[];
  exitCodes: readonly (readonly [code: string, meaning: string])[];
  /** What else has to be known, in prose. */
  note?: string;
}

// A command that is helped does not know how wide the terminal is; every terminal has as many.
export const helpColumns = 80;

/** Adds examples and exit codes to the help of a command. */
export function addHelpEnd(command: Command, end: HelpEnd): Command {
  return command.addHelpText('after', `\n${helpEnd(end).join('\n')}`);
}

/** The end of a help as lines. */
export function helpEnd({ examples, exitCodes: codes, note }: HelpEnd): string[] {
  return [
    'Examples:',
    ...examples.flatMap(([line, does]) => [
      ...wrappedCommand(line, helpColumns - 2).map((part) => `  ${part}`),
      ...wrapped(does, helpColumns - 6).map((part) => `      ${part}`),
    ]),
    '',
    'Exit codes:',
    ...definitions(codes, helpColumns),
    ...(note === undefined ? [] : ['', ...wrapped(note, helpColumns)]),
  ];
}

/** Exit codes that several commands share. */
export const exitCodes = {
  ok: ['0', 'done'],
  usage: ['2', 'wrong arguments, no token, or a base URL that cannot be used; nothing was sent'],
  refused: ['3', 'the service refused the request'],
  network: ['4', 'no response in time'],
  conflict: ['5', 'the profile was changed by another writer at the same time; nothing was written'],
  contract: ['6', 'the response is not what the contract says'],
  passed: ['0', 'every "must" that was tested holds'],
  failed: ['1', 'a "must" failed or could not be tested, or an accepted failure is resolved'],
} as const;
