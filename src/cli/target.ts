import { readFile } from 'node:fs/promises';
import { checkTarget, type ResolvedTarget } from '../conformance/target.ts';
import { resolveBaseUrl } from '../contract/base-url.ts';
import { checkToken } from '../contract/headers.ts';
import type { RunCommandOptions } from './commands/conformance/run.ts';
import { asUsageError, type Io, UsageError } from './io.ts';
import { given, type ServiceOptions } from './options.ts';

/** The target of a run. `isEmbedded`: it is a mock of this process, which ends with the run. */
export type RunTarget = ResolvedTarget & { isEmbedded: boolean };

/**
 * The service at an address, with the token for it: from the file, else from PARTNER_CENTER_TOKEN, else, on this machine, the mock's own.
 *
 * Errors: `UsageError` when there is no token. A token is never an argument: other users of the machine can read those.
 */
export async function resolveService(address: string, { tokenFile }: ServiceOptions, io: Io) {
  const { url: baseUrl, isThisMachine } = resolveBaseUrl(address);
  return { baseUrl, isThisMachine, token: await tokenFor(isThisMachine, tokenFile, io) };
}

/**
 * The target of a run on the server at an address. Without a customer it is, on this machine, the mock's first.
 *
 * Errors: `UsageError` when there is no customer or no token, or the customer to write is another one; `TypeError` for an id that is not a GUID.
 */
export async function resolveRunTarget(address: string, options: RunCommandOptions, io: Io): Promise<RunTarget> {
  const { url: baseUrl, isThisMachine } = resolveBaseUrl(address);
  const customerId = options.customer ?? (io.env.PARTNER_CENTER_CUSTOMER_ID || undefined);
  if (options.allowWritesTo !== undefined && options.allowWritesTo.toLowerCase() !== customerId?.toLowerCase())
    throw new UsageError(
      customerId === undefined
        ? '--allow-writes-to repeats the id of the customer. Give --customer, too.'
        : '--allow-writes-to does not name the customer of --customer.',
    );
  const found = tokenFor(isThisMachine, options.tokenFile, io);
  // Nothing is sent in a dry run, so it needs no secret.
  const token = await (options.dryRun ? found.catch(() => 'dry-run') : found);
  const service = { baseUrl, isThisMachine, token };
  const customers =
    customerId === undefined
      ? await mockCustomers(isThisMachine, options)
      : { customerId, ...given({ otherCustomerId: options.otherCustomer }) };
  return { ...checkTarget({ ...service, ...customers }), isEmbedded: false };
}

/** The mock's own customers. Errors: `UsageError` off this machine. */
async function mockCustomers(isThisMachine: boolean, { otherCustomer }: RunCommandOptions) {
  if (!isThisMachine) throw new UsageError('There is no customer. Give --customer ID, or set PARTNER_CENTER_CUSTOMER_ID.');
  const { defaultCustomerIds } = await import('../mock/customers.ts');
  const [customerId, second] = defaultCustomerIds;
  return { customerId, otherCustomerId: otherCustomer ?? second };
}

async function tokenFor(isThisMachine: boolean, tokenFile: string | undefined, { env, hide }: Io): Promise<string> {
  if (tokenFile !== undefined) {
    const token = (await readFile(tokenFile, 'utf8').catch(asUsageError(`The token file ${tokenFile} cannot be read`))).trim();
    hide(token);
    return checkToken(token);
  }
  const token = env.PARTNER_CENTER_TOKEN?.trim();
  if (token) return checkToken(token);
  if (isThisMachine) return (await import('../mock/service.ts')).defaultToken;
  throw new UsageError('There is no token. Set PARTNER_CENTER_TOKEN, or give --token-file FILE.');
}
