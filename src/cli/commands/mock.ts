import type { Command } from 'commander';
import type { CustomerSource } from '../../mock/customers.ts';
import type { MockService } from '../../mock/service.ts';
import { type Io, UsageError } from '../io.ts';
import { given, Option, portNumber, positiveInteger } from '../options.ts';

export interface MockOptions {
  port: number;
  token?: string;
  behaviour: string;
  fault: readonly string[];
  control: boolean;
  latencyMs?: number;
  retryAfterSeconds?: number;
  customers?: number;
  seed: number;
  verbose?: boolean;
  score?: string;
  json?: boolean;
}

// A scenario has customers, token and faults of its own.
const notWithScore = ['token', 'behaviour', 'fault', 'control', 'latencyMs', 'retryAfterSeconds', 'customers', 'seed', 'verbose', 'json'];

export function define(command: Command): void {
  command
    .option('--port <number>', 'port to listen on, 0 for a free one', portNumber, 4010)
    .option('--token <token>', 'the one token that the mock knows; default: mock-token')
    .option('--behaviour <name|file>', 'observed, documented, or a JSON file of answers', 'observed')
    .option('--fault <name...>', 'what to do wrong, as NAME[:METHOD][:COUNT]; names are below', [])
    .option('--no-control', 'ignore the header X-Mock-Fault, by which a request asks for faults')
    .option('--latency-ms <number>', 'how long delays-answer and sends-headers-slowly wait; default: 1000', positiveInteger)
    .option('--retry-after-seconds <number>', 'what the faults that throttle ask for; default: 1', positiveInteger)
    .option('--customers <number>', 'make up so many customers beside the three that are always there', positiveInteger)
    .option('--seed <number>', 'the same seed makes up the same customers', positiveInteger, 1)
    .option('--verbose', 'print every exchange to the standard error output, redacted')
    .option('--json', 'print one line of JSON: url, customerIds (100 at most), token')
    .addOption(
      new Option(
        '--score <scenario>',
        'play one scenario of `score` to a client that you start, and print the verdict at the end',
      ).conflicts(notWithScore),
    );
}

export async function moreHelp(): Promise<string> {
  const { listFaults } = await import('../../mock/faults/plan.ts');
  const faults = listFaults().map(({ name, does }) => `  ${name.padEnd(34)}${does}`);
  return ['answers-503:PUT:2 meets the next two PUTs, drops-etag all requests. Faults:', ...faults].join('\n');
}

/** Serves a mock until the user stops it. Errors: `UsageError` for a port, a behaviour or a fault that cannot be had. */
export async function run(_: [], options: MockOptions, io: Io): Promise<number> {
  if (options.score !== undefined) {
    const { scoreByHand } = await import('../actions/score.ts');
    return scoreByHand(options.score, options.port, io);
  }
  const mock = await mockFrom(options, io);
  const stop = io.stopSignal();
  const { serveOn } = await import('../actions/serve.ts');
  const { url, close } = await serveOn(mock, options.port);
  const { formatMock, formatMockAsJson } = await import('../print/mock.ts');
  io.out(options.json ? formatMockAsJson(mock, url) : formatMock(mock, url, options.behaviour));
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
  await close();
  return 0;
}

async function mockFrom(options: MockOptions, io: Io): Promise<MockService> {
  const { createMockService } = await import('../../mock/service.ts');
  const { parsePlannedFault } = await import('../../mock/faults/plan.ts');
  const { formatJournalEntry } = await import('../../mock/journal.ts');
  const { checkToken } = await import('../../contract/headers.ts');
  const { readBehaviour } = await import('../files/json-files.ts');
  return createMockService({
    behaviour: await readBehaviour(options.behaviour),
    faults: options.fault.map(parsePlannedFault),
    control: options.control,
    ...(options.customers === undefined ? {} : { moreCustomers: await seededCustomers(options.customers, options.seed) }),
    ...(options.verbose ? { onExchange: (entry) => io.err(`${formatJournalEntry(entry)}\n`) } : {}),
    ...(options.token === undefined ? {} : { token: checkToken(options.token) }),
    ...given({ latencyMs: options.latencyMs, retryAfterSeconds: options.retryAfterSeconds }),
  });
}

/** Loads faker, which nothing else needs. */
async function seededCustomers(count: number, seed: number): Promise<CustomerSource> {
  const { createSeededCustomers } = await import('../../mock/seeded-customers.ts').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError('--customers needs the package @faker-js/faker beside this one: npm install --save-dev @faker-js/faker@10');
  });
  return createSeededCustomers({ count, seed });
}
