import * as client from '../client/errors.ts';
import { LeftoverError, OptionError, TargetError } from '../conformance/target.ts';
import { MisuseError } from '../contract/misuse.ts';
import { isJsonObject } from '../contract/json.ts';
import { printable } from '../contract/printable.ts';
import type { ToFlags } from './flags.ts';
import { type Io, UnusableProfile, UsageError } from './io.ts';

/** The first that fits an error counts. */
const exitCodes: readonly (readonly [exitCode: number, ...types: (abstract new (...args: never[]) => Error)[]])[] = [
  [2, UsageError, TargetError, MisuseError, client.TokenError, client.EnvironmentError],
  [5, client.StaleEtagError],
  [3, client.ServiceError],
  // Only the deadline ends a call of the command line.
  [4, client.NetworkError, client.CancelledError],
  [6, client.ContractError, UnusableProfile],
];

/** Says what went wrong, in the flags of the command, and gives the exit code. Only a defect of our own shows a stack. */
export function report(error: unknown, io: Io, toFlags: ToFlags): number {
  const known = exitCodes.find(([, ...types]) => types.some((type) => error instanceof type));
  if (known === undefined) return reportDefect(error, io);
  const { message } = error as Error;
  // What a service says could write over the terminal; our own lists have lines. Only messages that name options are told in flags.
  const isOfOptions = error instanceof OptionError || error instanceof LeftoverError;
  io.err(`pc-billing: ${error instanceof client.PartnerError ? printable(message) : isOfOptions ? toFlags(message) : message}\n`);
  if (error instanceof client.ConflictError) io.err(formatVersions(error));
  if (error instanceof client.CancelledError)
    io.err('  No complete response came in that time. Check --base-url and the network, then try again.\n');
  return known[0];
}

/** An error that no command expects is our own mistake, and shows its stack. Shape: gives the exit code. */
export function reportDefect(error: unknown, io: Io): 2 {
  io.err(`pc-billing: this is a defect of pc-billing, please report it.\n${error instanceof Error ? error.stack : String(error)}\n`);
  return 2;
}

/** Each member of a conflict as it was read, as it was to be written, and as it is now. */
function formatVersions({ members, base, mine, theirs }: client.ConflictError): string {
  const shown = (profile: unknown, member: string): string => {
    const value = member.split('.').reduce<unknown>((inner, name) => (isJsonObject(inner) ? inner[name] : undefined), profile);
    return value == null ? 'absent' : printable(JSON.stringify(value));
  };
  const lines = members.flatMap((member) => [
    `  ${member}`,
    `    was    ${shown(base, member)}`,
    `    mine   ${shown(mine, member)}`,
    `    theirs ${shown(theirs, member)}`,
  ]);
  return lines.map((line) => `${line}\n`).join('');
}
