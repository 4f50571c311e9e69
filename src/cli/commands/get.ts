import type { Command } from 'commander';
import { isJsonObject, mergePatch, parseJson } from '../../contract/json.ts';
import type { WritableProfile } from '../../contract/profile.ts';
import { addHelpEnd, exitCodes } from '../help.ts';
import { type Io, UsageError } from '../io.ts';
import { type ServiceOptions, shared } from '../options.ts';

export interface GetOptions extends ServiceOptions {
  etag?: boolean;
  pascalCase?: boolean;
  merge?: string;
}

export function define(command: Command): void {
  command
    .argument('<customer-id>', 'tenant id of the customer')
    .optionsGroup('Service:')
    .option(...shared.baseUrl)
    .option(...shared.tokenFile)
    .optionsGroup('Output:')
    .option('--pascal-case', 'print it as the body of a PUT (default: camelCase)')
    .option('--merge <json>', 'change members of what is printed, as a JSON Merge Patch: null removes; nothing is written')
    .option('--etag', 'print its ETag alone, as If-Match takes it');
  addHelpEnd(command, {
    examples: [
      ['pc-billing get 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04', 'read the profile of a customer'],
      ['pc-billing get 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04 --base-url http://127.0.0.1:4010', 'read it from the mock'],
    ],
    exitCodes: [['0', 'printed'], exitCodes.usage, exitCodes.refused, exitCodes.network, exitCodes.contract],
  });
}

/** Prints a customer's billing profile as JSON; or its ETag alone, as If-Match wants it. */
export async function run([customerId]: [string], options: GetOptions, io: Io): Promise<number> {
  const { etag, pascalCase, merge } = options;
  if (etag && (pascalCase || merge !== undefined)) throw new UsageError('--etag prints no body. Leave out --pascal-case and --merge.');
  const patch = merge === undefined ? {} : parseJson(merge);
  if (!isJsonObject(patch)) throw new UsageError('--merge wants a JSON object, such as \'{"email":"billing@contoso.com"}\'.');
  const { billingOf, asUnusableProfile, formatProfile } = await import('../actions/profile.ts');
  const { fromWire, toWire } = await import('../../contract/casing.ts');
  const { toIfMatch } = await import('../../contract/etag.ts');
  const profile = await (await billingOf(customerId, options, io)).get();
  try {
    // Names in any letter case, because the service takes any: another spelling beside the one that was read would overwrite it.
    const merged = mergePatch(profile, fromWire(patch)) as WritableProfile;
    io.out(etag ? `${toIfMatch(profile.attributes.etag)}\n` : formatProfile(pascalCase ? toWire(merged) : merged));
  } catch (error) {
    asUnusableProfile(error);
  }
  return 0;
}
