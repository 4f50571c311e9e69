import type { Command } from 'commander';
import type { ProfileChange } from '../../client/change.ts';
import { addHelpEnd, exitCodes } from '../help.ts';
import { type Io, UsageError } from '../io.ts';
import { type ServiceOptions, shared } from '../options.ts';

/** The options of `set`: the flag, the member it sets, and whether it stands in the address. A member without `clear` is required. */
export const settableMembers = [
  { flag: 'email', member: 'email', in: 'profile', clear: false, about: "billing contact's e-mail address" },
  { flag: 'first-name', member: 'firstName', in: 'profile', clear: true, about: "billing contact's first name" },
  { flag: 'last-name', member: 'lastName', in: 'profile', clear: true, about: "billing contact's last name" },
  { flag: 'culture', member: 'culture', in: 'profile', clear: false, about: 'culture, such as en-US' },
  { flag: 'language', member: 'language', in: 'profile', clear: false, about: 'language, such as en' },
  { flag: 'company-name', member: 'companyName', in: 'profile', clear: false, about: 'company that is billed' },
  { flag: 'country', member: 'country', in: 'address', clear: false, about: 'country, two letters' },
  { flag: 'region', member: 'region', in: 'address', clear: true, about: 'region' },
  { flag: 'city', member: 'city', in: 'address', clear: true, about: 'city' },
  { flag: 'state', member: 'state', in: 'address', clear: true, about: 'state' },
  { flag: 'address-line1', member: 'addressLine1', in: 'address', clear: true, about: 'first line of the address' },
  { flag: 'address-line2', member: 'addressLine2', in: 'address', clear: true, about: 'second line of the address' },
  { flag: 'postal-code', member: 'postalCode', in: 'address', clear: true, about: 'postal code' },
  { flag: 'address-first-name', member: 'firstName', in: 'address', clear: true, about: "address contact's first name" },
  { flag: 'address-middle-name', member: 'middleName', in: 'address', clear: true, about: "address contact's middle name" },
  { flag: 'address-last-name', member: 'lastName', in: 'address', clear: true, about: "address contact's last name" },
  { flag: 'phone-number', member: 'phoneNumber', in: 'address', clear: true, about: "address contact's phone number" },
];

/** The options of `set` as commander keeps them: by flag in camelCase. */
export type SetOptions = ServiceOptions & Readonly<Record<string, string | undefined>>;

export function define(command: Command): void {
  command
    .argument('<customer-id>', 'tenant id of the customer')
    .optionsGroup('Service:')
    .option(...shared.baseUrl)
    .option(...shared.tokenFile);
  for (const [place, heading] of [
    ['profile', 'Members of the profile:'],
    ['address', 'Members of its address:'],
  ] as const) {
    command.optionsGroup(heading);
    for (const { flag, about } of settableMembers.filter((member) => member.in === place)) command.option(`--${flag} <text>`, about);
  }
  addHelpEnd(command, {
    examples: [
      ['pc-billing set 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04 --email billing@contoso.com', 'change one member'],
      ["pc-billing set 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04 --address-line2 ''", 'clear one'],
    ],
    exitCodes: [
      ['0', 'written'],
      exitCodes.usage,
      exitCodes.refused,
      ['4', 'no response in time; the output says whether the profile may have been written'],
      exitCodes.conflict,
      exitCodes.contract,
    ],
    note: 'A member that is not given stays as it is. An empty value clears a member that may be absent.',
  });
}

/** Reads the profile, changes the given members and writes it, guarded by the ETag that was read. */
export async function run([customerId]: [string], options: SetOptions, io: Io): Promise<number> {
  const valueOf = (flag: string): string | undefined => options[flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
  const given = settableMembers.filter(({ flag }) => valueOf(flag) !== undefined);
  if (given.length === 0) throw new UsageError('Nothing to set. Give at least one member, such as --email billing@contoso.com.');
  const uncleared = given.find(({ flag, clear }) => !clear && valueOf(flag) === '');
  if (uncleared !== undefined) throw new UsageError(`--${uncleared.flag} cannot be empty; the service wants a value.`);

  // A cleared member travels as null: the documents show that null means "no value", and leave open what leaving it out means.
  const valuesIn = (place: 'profile' | 'address'): Record<string, string | null> =>
    Object.fromEntries(given.filter((member) => member.in === place).map(({ flag, member }) => [member, valueOf(flag) || null]));
  const change: ProfileChange = { ...valuesIn('profile'), defaultAddress: valuesIn('address') };
  const { billingOf, formatProfile } = await import('../actions/profile.ts');
  const billing = await billingOf(customerId, options, io);
  io.out(formatProfile(await billing.edit(change)));
  return 0;
}
