import { Command } from 'commander';
import { expect, test } from 'vitest';
import { report } from '../../src/cli/errors.ts';
import { toFlagsOf } from '../../src/cli/flags.ts';
import { UsageError } from '../../src/cli/io.ts';
import { throughSink } from '../../src/cli/sink.ts';
import { OptionError, TargetError } from '../../src/conformance/target.ts';
import { ServiceError } from '../../src/index.ts';
import { define } from '../../src/cli/commands/conformance/run.ts';
import { define as defineGet } from '../../src/cli/commands/get.ts';

const flagsOf = (declare: (command: Command) => void) => {
  const command = new Command();
  declare(command);
  return toFlagsOf(command);
};

test.each([
  ['Give `allowWritesTo`, or `mode` read.', 'Give --allow-writes-to, or --mode read.'],
  ['needs `allMembers` and `partnerTenant`', 'needs --all-members and --partner-tenant'],
  ['`requirementsVersion`, `snapshots`', '--requirements, --state-dir'],
  ['`customerId` is `otherCustomerId`', '--customer is --other-customer'],
  ['allowWritesTo without quotes, and `pc-billing score`', 'allowWritesTo without quotes, and `pc-billing score`'],
  ['`noSuchOption`', '`noSuchOption`'],
  ['Run `restoreLeftover`.', 'Run `pc-billing conformance restore` with the same --base-url, --customer and --state-dir.'],
])('an option of the library is told as the flag of conformance: %s', (text, told) => {
  expect(flagsOf(define)(text)).toBe(told);
});

test('what is no option of the command that runs stays as it is', () => {
  expect(flagsOf(defineGet)('`allowWritesTo`, `customerId`, `baseUrl`')).toBe('`allowWritesTo`, `customerId`, --base-url');
});

test('an error about options is printed in flags, the words of a service or of the user as they are', () => {
  const printed = (error: Error): string => {
    let err = '';
    const world = { out: () => {}, err: (text: string) => void (err = text), env: {}, color: false, stopSignal: () => AbortSignal.abort() };
    report(error, throughSink(world), flagsOf(define));
    return err;
  };
  expect(printed(new OptionError('Give `allowWritesTo`.'))).toBe('pc-billing: Give --allow-writes-to.\n');
  expect(printed(new UsageError('`mode` cannot be read.'))).toBe('pc-billing: `mode` cannot be read.\n');
  expect(printed(new TargetError('401, "no `mode`"'))).toBe('pc-billing: 401, "no `mode`"\n');
  expect(printed(Object.assign(Object.create(ServiceError.prototype) as ServiceError, { message: 'no `mode`' }))).toBe(
    'pc-billing: no `mode`\n',
  );
});
