import type { Command } from 'commander';

/** Puts the flags of a command in the place of options of the library that stand in backticks, such as `allowWritesTo`. */
export type ToFlags = (text: string) => string;

/** Options of the library whose flag has another name. */
const otherNames: Readonly<Record<string, string>> = {
  requirementsVersion: '--requirements',
  snapshots: '--state-dir',
  customerId: '--customer',
  otherCustomerId: '--other-customer',
};

/** What the library calls a function, and a user a command. */
const commands: Readonly<Record<string, string>> = {
  restoreLeftover: '`pc-billing conformance restore` with the same --base-url, --customer and --state-dir',
  discardLeftover: '`pc-billing conformance restore --discard` with the same --base-url, --customer and --state-dir',
};

/** The translation for one command: what is no option of it stays as it is. */
export function toFlagsOf({ options }: Pick<Command, 'options'>): ToFlags {
  const others = Object.entries(otherNames).filter(([, flag]) => options.some(({ long }) => long === flag));
  const flags = new Map([...options.map((option) => [option.attributeName(), option.long ?? option.flags] as const), ...others]);
  return (text) => text.replaceAll(/`(\w+)`/g, (quoted, name: string) => flags.get(name) ?? commands[name] ?? quoted);
}
