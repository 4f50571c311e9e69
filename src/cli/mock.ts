import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type BehaviourPreset, behaviourPresets, parseBehaviour, type ServiceBehaviour } from '../contract/behaviour.ts';
import { isJsonObject } from '../contract/json.ts';
import { checkToken } from '../contract/token.ts';
import { billingProfilePathOf } from '../contract/profile.ts';
import type { CustomerSource } from '../mock/customers.ts';
import { formatPlannedFault, type PlannedFault, parsePlannedFault } from '../mock/faults/plan.ts';
import { formatJournalEntry } from '../mock/journal.ts';
import { createMockService } from '../mock/service.ts';
import { type Io, UsageError } from './io.ts';

export interface MockArguments {
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

// What a script can use; more customers than this would only fill the line.
const customerIdsLimit = 100;
// What fits a screen.
const shownIdsLimit = 10;
const moreThan = (limit: number, count: number): string[] => (count > limit ? [`and ${count - limit} more; --json lists 100`] : []);

/** Serves a mock until the user stops it. Errors: `UsageError` for a port, a behaviour or a fault that cannot be had. */
export async function mockCommand(options: MockArguments, io: Io): Promise<number> {
  if (options.score !== undefined) {
    const { scoreByHandCommand } = await import('./score.ts');
    return scoreByHandCommand(options.score, options.port, io);
  }
  const mock = createMockService({
    behaviour: await readBehaviour(options.behaviour),
    faults: options.fault.map(readFault),
    control: options.control,
    ...(options.customers === undefined ? {} : { moreCustomers: await seededCustomers(options.customers, options.seed) }),
    ...(options.verbose ? { onExchange: (entry) => io.err(`${formatJournalEntry(entry)}\n`) } : {}),
    ...(options.token === undefined ? {} : { token: checkToken(options.token) }),
    ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
    ...(options.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: options.retryAfterSeconds }),
  });
  const stop = io.stopSignal();
  const { serve } = await import('../mock/node.ts');
  const { url, close } = await serve(mock, { port: options.port }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`Port ${options.port} cannot be used: ${error.code ?? error.message}. Give another --port, or 0 for a free one.`);
  });
  const customerIds = mock.customers.ids(customerIdsLimit);
  if (options.json) {
    io.out(`${JSON.stringify({ url, customerIds, token: mock.token })}\n`);
  } else {
    io.out(`Mock of the customer billing profile at ${url}

  token      ${mock.token}
  behaviour  ${options.behaviour}
  faults     ${mock.faults.map(formatPlannedFault).join(', ') || 'none'}
  customers  ${[...customerIds.slice(0, shownIdsLimit), ...moreThan(shownIdsLimit, mock.customers.size)].join('\n             ')}

Try it:
  curl -H 'Authorization: Bearer ${mock.token}' ${url}${billingProfilePathOf(customerIds[0]!)}

Stop it with Ctrl-C.
`);
  }
  if (!stop.aborted) await once(stop, 'abort');
  await close();
  return 0;
}

/** A preset by name, or the questions and answers of a JSON file: a fingerprint, or a report. */
export async function readBehaviour(nameOrFile: string): Promise<BehaviourPreset | Partial<ServiceBehaviour>> {
  if (Object.hasOwn(behaviourPresets, nameOrFile)) return nameOrFile as BehaviourPreset;
  const text = await readFile(nameOrFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `"${nameOrFile}" is no behaviour (${Object.keys(behaviourPresets).join(', ')}) and no file that can be read: ${error.code ?? error.message}.`,
    );
  });
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    // A report carries the behaviour among other things.
    return parseBehaviour(isJsonObject(json) && isJsonObject(json.behaviour) ? json.behaviour : json);
  } catch (error) {
    throw new UsageError(`${nameOrFile}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Loads faker, which nothing else needs. */
async function seededCustomers(count: number, seed: number): Promise<CustomerSource> {
  const { createSeededCustomers } = await import('../mock/seeded-customers.ts').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError('--customers needs the package @faker-js/faker beside this one: npm install --save-dev @faker-js/faker@10');
  });
  return createSeededCustomers({ count, seed });
}

function readFault(text: string): PlannedFault {
  try {
    return parsePlannedFault(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
