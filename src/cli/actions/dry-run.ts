import { runOn } from '../../conformance/run.ts';
import { memorySnapshots } from '../../conformance/restore/snapshot.ts';
import { tenantOf } from '../../conformance/restore/write-permission.ts';
import { checkTarget } from '../../conformance/target.ts';
import { defaultCustomers } from '../../mock/customers.ts';
import { createMockService } from '../../mock/service.ts';
import type { RunCommandOptions } from '../commands/conformance/run.ts';
import type { Io } from '../io.ts';
import { formatRequest, formatTarget } from '../print/target.ts';
import type { Target } from '../target.ts';
import { runOptionsFrom } from './run-suite.ts';

/**
 * Prints every request of a run and sends none: the answers come from the mock, with the documented profile. What a server answers
 * decides about a few requests, so that a real run may send some more or less.
 */
export async function printPlan(target: Target, options: RunCommandOptions, io: Io): Promise<number> {
  const { customerId, otherCustomerId = customerId, token } = checkTarget(target);
  const runOptions = runOptionsFrom(options, target);
  const [{ profile }] = defaultCustomers as [(typeof defaultCustomers)[0]];
  const mock = createMockService({ token, customers: [customerId, otherCustomerId].map((id) => ({ customerId: id, profile })) });
  io.out(`${formatTarget({ ...target, mode: runOptions.mode }, 'dry run: nothing is sent')}\n`);
  let topic: string | undefined;
  const { requests } = await runOn(
    { ...target, fetch: mock.fetch },
    {
      ...runOptions,
      // Nothing leaves this process, so nothing has to be allowed or kept.
      allowWritesTo: customerId,
      partnerTenant: tenantOf(token) ?? 'none',
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
