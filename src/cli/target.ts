import { readFile } from 'node:fs/promises';
import { type BaseUrl, resolveBaseUrl } from '../contract/base-url.ts';
import { checkToken } from '../contract/headers.ts';
import { type Io, UsageError } from './io.ts';
import { given, type TokenOption } from './options.ts';

/** A service, with the token that opens it. */
export interface Service extends BaseUrl {
  token: string;
}

/** A service, and the customers of a run on it. */
export interface Target extends Service {
  customerId: string;
  otherCustomerId?: string;
  /** Whether it is a mock of this process, which ends with the run. */
  isEmbedded: boolean;
}

/** What the user typed of a target. */
export interface TargetOptions extends TokenOption {
  customer?: string;
  otherCustomer?: string;
  allowWritesTo?: string;
  dryRun?: boolean;
}

/**
 * The service at an address, with the token for it: from the file, else from PARTNER_CENTER_TOKEN, else, on this machine, the mock's own.
 *
 * Errors: `UsageError` when there is no token. A token is never an argument: other users of the machine can read those.
 */
export async function resolveService(baseUrl: string, { tokenFile }: TokenOption, io: Io): Promise<Service> {
  const address = resolveBaseUrl(baseUrl);
  return { ...address, token: await tokenFor(address, tokenFile, io) };
}

/**
 * The target of a run on the server at an address. Without a customer it is, on this machine, the mock's first.
 *
 * Errors: `UsageError` when there is no customer or no token, or the customer to write is another one.
 */
export async function resolveTarget(baseUrl: string, options: TargetOptions, io: Io): Promise<Target> {
  const address = resolveBaseUrl(baseUrl);
  const customerId = options.customer ?? (io.env.PARTNER_CENTER_CUSTOMER_ID || undefined);
  if (options.allowWritesTo !== undefined && options.allowWritesTo.toLowerCase() !== customerId?.toLowerCase()) {
    throw new UsageError('--allow-writes-to does not name the customer of --customer.');
  }
  const token = await tokenFor(address, options.tokenFile, io).catch((error: unknown) => {
    // Nothing is sent in a dry run, so it needs no secret.
    if (options.dryRun) return 'dry-run';
    throw error;
  });
  const service = { ...address, token, isEmbedded: false };
  if (customerId !== undefined) return { ...service, customerId, ...given({ otherCustomerId: options.otherCustomer }) };
  if (!address.isThisMachine) throw new UsageError('There is no customer. Give --customer ID, or set PARTNER_CENTER_CUSTOMER_ID.');
  const { defaultCustomerIds } = await import('../mock/customers.ts');
  const [first, second] = defaultCustomerIds;
  return { ...service, customerId: first, otherCustomerId: options.otherCustomer ?? second };
}

async function tokenFor({ isThisMachine }: BaseUrl, tokenFile: string | undefined, { env }: Io): Promise<string> {
  if (tokenFile !== undefined) {
    const text = await readFile(tokenFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`The token file cannot be read: ${error.code ?? error.message}.`);
    });
    return checkToken(text.trim());
  }
  const token = env.PARTNER_CENTER_TOKEN?.trim();
  if (token) return checkToken(token);
  if (isThisMachine) return (await import('../mock/service.ts')).defaultToken;
  throw new UsageError('There is no token. Set PARTNER_CENTER_TOKEN, or give --token-file FILE.');
}
