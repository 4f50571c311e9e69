import { runConformance } from '../conformance/run.ts';
import { type RunOptions } from '../conformance/run-options.ts';
import { memorySnapshots } from '../conformance/restore/snapshot.ts';
import type { Mode } from '../suite/requirement.ts';
import type { Target } from '../conformance/target.ts';
import { tenantOf } from '../conformance/restore/write-permission.ts';
import { defaultCustomers } from '../mock/customers.ts';
import { createMockService } from '../mock/service.ts';
import { formatRequest, formatTarget } from '../report/terminal.ts';
import type { Io } from './io.ts';

/**
 * Prints every request of a run and sends none: the answers come from the mock, with the documented profile. What a server answers
 * decides about a few requests, so that a real run may send some more or less.
 */
export async function printPlan(target: Target, options: RunOptions & { mode: Mode }, io: Io): Promise<number> {
  const [{ profile }] = defaultCustomers as [(typeof defaultCustomers)[0]];
  const ids = [target.customerId, ...(target.otherCustomerId === undefined ? [] : [target.otherCustomerId])];
  const mock = createMockService({ token: target.token, customers: ids.map((customerId) => ({ customerId, profile })) });
  io.out(`${formatTarget({ baseUrl: target.baseUrl, customerId: target.customerId, mode: options.mode }, 'dry run: nothing is sent')}\n`);
  let topic: string | undefined;
  const { requests } = await runConformance(
    { ...target, fetch: mock.fetch },
    {
      ...options,
      // Nothing leaves this process, so nothing has to be allowed or kept.
      allowWritesTo: target.customerId,
      partnerTenant: tenantOf(target.token) ?? 'none',
      snapshots: memorySnapshots,
      showBodies: true,
      sleep: () => Promise.resolve(),
      onExchange: (exchange, current) => {
        if (current !== topic) io.out(`\n# ${(topic = current)}\n`);
        io.out(`${formatRequest(exchange)}\n`);
      },
    },
  );
  io.out(`\n${requests} requests, none of them sent.\n`);
  return 0;
}
