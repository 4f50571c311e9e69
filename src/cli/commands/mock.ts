import type { Command } from 'commander';
import { printable } from '../../contract/printable.ts';
import { billingProfilePathOf } from '../../contract/profile.ts';
import type { CustomerSource } from '../../mock/customers.ts';
import type { Service } from '../../mock/delivery.ts';
import type { PlannedFault } from '../../mock/faults/plan.ts';
import type { ServedMock } from '../../mock/node.ts';
import type { MockService, MockServiceOptions } from '../../mock/service.ts';
import { addHelpEnd } from '../help.ts';
import { type Io, untilAborted, UsageError } from '../io.ts';
import { given, portNumber, positiveInteger } from '../options.ts';
import { layoutOf } from '../print/terminal.ts';
import { definitions } from '../print/wrap.ts';

// What a script can use; more customers than this would only fill the line.
const customerIdsLimit = 100;
// What fits a screen.
const shownIdsLimit = 10;

export interface MockOptions extends Pick<MockServiceOptions, 'token' | 'latencyMs' | 'retryAfterSeconds'> {
  port: number;
  behaviour: string;
  fault?: readonly string[];
  control: boolean;
  customers?: number;
  seed: number;
  verbose?: boolean;
  score?: string;
  json?: boolean;
  listFaults?: boolean;
}

export function define(command: Command): void {
  command
    .optionsGroup('Mock:')
    .option('--port <n>', 'port to listen on, 0 for a free one', portNumber, 4010)
    .option('--token <token>', 'the token that it accepts (default: mock-token)')
    .option('--customers <n>', 'make this many more customers (default: 0)', positiveInteger)
    .option('--seed <n>', 'the same seed makes the same customers', positiveInteger, 1)
    .optionsGroup('Behaviour:')
    .option('--behaviour <name|file>', 'observed, documented, or a JSON file', 'observed')
    .option('--fault <name...>', 'misbehave, as NAME[:METHOD][:COUNT]: answers-503:PUT:2 meets the next two PUTs (default: none)')
    .option('--no-control', 'ignore X-Mock-Fault, by which a request asks for it')
    .option('--latency-ms <n>', 'wait of the faults that delay (default: 1000)', positiveInteger)
    .option('--retry-after-seconds <n>', 'seconds that throttling faults ask for (default: 1)', positiveInteger)
    .optionsGroup('Output:')
    .option('--verbose', 'print every exchange to standard error, redacted')
    .option('--json', 'print one line: url, customerIds (up to 100), token');
  // A scenario has customers, token and faults of its own.
  const others = command.options.map((option) => option.attributeName()).filter((name) => name !== 'port');
  const does = 'play a scenario of `score` to a client that you start; Ctrl-C prints the verdict';
  command
    .option('--list-faults', 'print every fault and what it does, then end')
    .addOption(command.createOption('--score <scenario>', does).conflicts(others));
  addHelpEnd(command, {
    examples: [
      ['pc-billing mock', 'serve it at http://127.0.0.1:4010 until Ctrl-C'],
      ['pc-billing mock --port 0 --fault accepts-stale-etag', 'lose updates, at a free port'],
    ],
    exitCodes: [
      ['0', 'stopped by you'],
      ['2', 'wrong arguments, or a port that is in use'],
    ],
  });
}

/** Serves a mock until the user stops it. Errors: `UsageError` for a port, a behaviour or a fault that cannot be had. */
export async function run(_: [], options: MockOptions, io: Io): Promise<number> {
  const { port, score, behaviour, json } = options;
  if (options.listFaults) return printFaults(io);
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
  const { formatJournalEntry } = await import('../../mock/journal.ts');
  const { checkToken } = await import('../../contract/headers.ts');
  const { readBehaviour } = await import('../files/json-files.ts');
  return createMockService({
    behaviour: await readBehaviour(options.behaviour),
    faults: await faultsOf(options.fault ?? []),
    control: options.control,
    ...(options.customers === undefined ? {} : { moreCustomers: await seededCustomers(options.customers, options.seed) }),
    ...(options.verbose ? { onExchange: (entry) => io.err(`${formatJournalEntry(entry)}\n`) } : {}),
    ...(options.token === undefined ? {} : { token: checkToken(options.token) }),
    ...given({ latencyMs: options.latencyMs, retryAfterSeconds: options.retryAfterSeconds }),
  });
}

/** Errors: `UsageError` for a fault that does not exist, with the names that come near. */
async function faultsOf(texts: readonly string[]): Promise<PlannedFault[]> {
  const { isFaultName, listFaults, parsePlannedFault } = await import('../../mock/faults/plan.ts');
  const { nearestTo } = await import('../../suite/nearest.ts');
  return texts.map((text) => {
    const name = text.split(':')[0]!;
    if (name === '' || isFaultName(name)) return parsePlannedFault(text);
    const near = nearestTo(name, listFaults().map((fault) => fault.name)); // prettier-ignore
    const meant = near.length === 0 ? '' : ` Did you mean ${near.join(', ')}?`;
    throw new UsageError(`Unknown fault "${printable(name)}".${meant} \`pc-billing mock --list-faults\` prints all of them.`);
  });
}

async function printFaults(io: Io): Promise<number> {
  const { listFaults } = await import('../../mock/faults/plan.ts');
  const rows = listFaults().map(({ name, does }) => [name, does] as const);
  io.out(`${definitions(rows, layoutOf(io).columns, '').join('\n')}\n`);
  return 0;
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
