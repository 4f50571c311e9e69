import { writeFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { isLoopback, parseBaseUrl } from '../contract/base-url.ts';
import { exitCodeOf } from '../conformance/exit-code.ts';
import { modeFor } from '../conformance/mode.ts';
import { runConformance } from '../conformance/run.ts';
import type { Mode, Target } from '../conformance/types.ts';
import { defaultCustomerIds } from '../mock/customers.ts';
import { serve } from '../mock/node.ts';
import { createMockService } from '../mock/service.ts';
import { formatResult, formatSummary, formatTarget, type Paint, plain } from '../report/terminal.ts';
import { type Io, UsageError } from './io.ts';
import { tokenFor } from './target.ts';

export interface ConformanceArguments {
  baseUrl?: string;
  customer?: string;
  otherCustomer?: string;
  mode?: Mode;
  allowWritesTo?: string;
  tokenFile?: string;
  strict?: boolean;
  only?: string;
  json?: string;
}

const colors: Paint = {
  good: (text) => styleText('green', text),
  bad: (text) => styleText('red', text),
  dim: (text) => styleText('dim', text),
};

/** Runs the suite and prints each verdict as it comes. Without a base URL the target is a mock of this process. */
export async function conformanceCommand(options: ConformanceArguments, io: Io): Promise<number> {
  if (options.baseUrl !== undefined) return runAgainst(await targetFrom(options, options.baseUrl, io), options, io);
  if (options.customer !== undefined || options.otherCustomer !== undefined || options.allowWritesTo !== undefined) {
    throw new UsageError('A customer is given, but no --base-url. Without one the run is on the embedded mock.');
  }
  const mock = createMockService();
  const { url, close } = await serve(mock, { port: 0 });
  try {
    const [customerId, otherCustomerId] = defaultCustomerIds;
    return await runAgainst({ baseUrl: url, token: mock.token, customerId, otherCustomerId }, options, io, 'embedded mock');
  } finally {
    await close();
  }
}

async function targetFrom(options: ConformanceArguments, url: string, io: Io): Promise<Target> {
  const baseUrl = parseBaseUrl(url);
  const customerId = options.customer ?? io.env.PARTNER_CENTER_CUSTOMER_ID;
  if (options.allowWritesTo !== undefined && options.allowWritesTo.toLowerCase() !== customerId?.toLowerCase()) {
    throw new UsageError('--allow-writes-to does not name the customer of --customer.');
  }
  const token = await tokenFor(baseUrl, options.tokenFile, io);
  if (customerId !== undefined) {
    return { baseUrl, token, customerId, ...(options.otherCustomer === undefined ? {} : { otherCustomerId: options.otherCustomer }) };
  }
  if (!isLoopback(baseUrl)) throw new UsageError('There is no customer. Give --customer ID, or set PARTNER_CENTER_CUSTOMER_ID.');
  const [first, second] = defaultCustomerIds;
  return { baseUrl, token, customerId: first, otherCustomerId: options.otherCustomer ?? second };
}

async function runAgainst(target: Target, options: ConformanceArguments, io: Io, note?: string): Promise<number> {
  const mode = modeFor(target.baseUrl, options.mode);
  const paint = io.color ? colors : plain;
  io.out(`${formatTarget({ baseUrl: target.baseUrl, customerId: target.customerId, mode }, note)}\n\n`);
  const report = await runConformance(target, {
    mode,
    ...(options.only === undefined ? {} : { only: options.only }),
    onResult: (result) => {
      if (result.reason !== 'not selected') io.out(`${formatResult(result, paint)}\n`);
    },
  });
  const exitCode = exitCodeOf(report, { strict: options.strict ?? false });
  io.out(`\n${formatSummary(report, exitCode, paint)}\n`);
  if (options.json !== undefined) {
    await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`The report ${options.json} cannot be written: ${error.code ?? error.message}.`);
    });
  }
  return exitCode;
}
