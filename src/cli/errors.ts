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
import { TargetError } from '../conformance/target.ts';
import { isJsonObject } from '../contract/json.ts';
import { printable } from '../contract/printable.ts';
import type { ToFlags } from './flags.ts';
import { type Io, UnusableProfile, UsageError } from './io.ts';

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

/** Says what went wrong, in the flags of the command, and gives the exit code. Only a defect of our own shows a stack. */
export function report(error: unknown, io: Io, toFlags: ToFlags): number {
  const known = exitCodes.find(([type]) => error instanceof type);
  if (known === undefined) {
    io.err(`pc-billing: this is a defect of pc-billing, please report it.\n${error instanceof Error ? error.stack : String(error)}\n`);
    return 2;
  }
  const { message } = error as Error;
  // What a service says could write over the terminal, and stays in its words; our own lists have lines.
  io.err(`pc-billing: ${error instanceof PartnerError ? printable(message) : toFlags(message)}\n`);
  if (error instanceof ConflictError) io.err(formatVersions(error));
  if (error instanceof CancelledError) io.err('  No whole answer came in that time. Check --base-url and the network, then try again.\n');
  return known[1];
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
