import type { Command } from 'commander';
import { billingProfilePathOf } from '../../contract/profile.ts';
import type { CustomerSource } from '../../mock/customers.ts';
import type { Service } from '../../mock/delivery.ts';
import type { ServedMock } from '../../mock/node.ts';
import type { MockService, MockServiceOptions } from '../../mock/service.ts';
import { type Io, untilAborted, UsageError } from '../io.ts';
import { given, portNumber, positiveInteger } from '../options.ts';

// What a script can use; more customers than this would only fill the line.
const customerIdsLimit = 100;
// What fits a screen.
const shownIdsLimit = 10;

export interface MockOptions extends Pick<MockServiceOptions, 'token' | 'latencyMs' | 'retryAfterSeconds'> {
  port: number;
  behaviour: string;
  fault: readonly string[];
  control: boolean;
  customers?: number;
  seed: number;
  verbose?: boolean;
  score?: string;
  json?: boolean;
}

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
    .option('--json', 'print one line of JSON: url, customerIds (100 at most), token');
  // A scenario has customers, token and faults of its own.
  const others = command.options.map((option) => option.attributeName()).filter((name) => name !== 'port');
  const does = 'play one scenario of `score` to a client that you start, and print the verdict at the end';
  command.addOption(command.createOption('--score <scenario>', does).conflicts(others));
}

export async function moreHelp(): Promise<string> {
  const { faultLines } = await import('../../mock/faults/plan.ts');
  return ['answers-503:PUT:2 meets the next two PUTs, drops-etag all requests. Faults:', ...faultLines()].join('\n');
}

/** Serves a mock until the user stops it. Errors: `UsageError` for a port, a behaviour or a fault that cannot be had. */
export async function run(_: [], options: MockOptions, io: Io): Promise<number> {
  const { port, score, behaviour, json } = options;
  const { serve } = await import('../../mock/node.ts');
  const listen = (service: Service): Promise<ServedMock> =>
    serve(service, { port }).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`Port ${port} cannot be used: ${error.code ?? error.message}. Give another --port, or 0 for a free one.`);
    });
  if (score !== undefined) return (await import('../actions/score.ts')).scoreByHand(score, listen, io);
  const mock = await mockFrom(options, io);
  const stop = io.stopSignal();
  const { url, close } = await listen(mock);
  const { formatPlannedFault } = await import('../../mock/faults/plan.ts');
  const { token, customers, faults } = mock;
  if (json) io.out(`${JSON.stringify({ url, customerIds: customers.ids(customerIdsLimit), token })}\n`);
  else io.out(formatMock(mock, url, { behaviour, faults: faults.map(formatPlannedFault).join(', ') || 'none' }));
  await untilAborted(stop);
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

/** A mock that is served: what it knows, and how to try it. */
function formatMock({ token, customers }: MockService, url: string, does: { behaviour: string; faults: string }): string {
  const [first] = customers.ids(1);
  const more = customers.size - shownIdsLimit;
  const ids = [...customers.ids(shownIdsLimit), ...(more > 0 ? [`and ${more} more; --json lists ${customerIdsLimit}`] : [])];
  return `Mock of the customer billing profile at ${url}

  token      ${token}
  behaviour  ${does.behaviour}
  faults     ${does.faults}
  customers  ${ids.join('\n             ')}

Try it:
  curl -H 'Authorization: Bearer ${token}' ${url}${billingProfilePathOf(first!)}

Stop it with Ctrl-C.
`;
}

/** Loads faker, which nothing else needs. */
async function seededCustomers(count: number, seed: number): Promise<CustomerSource> {
  const { createSeededCustomers } = await import('../../mock/seeded-customers.ts').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError('--customers needs the package @faker-js/faker beside this one: npm install --save-dev @faker-js/faker@10');
  });
  return createSeededCustomers({ count, seed });
}
