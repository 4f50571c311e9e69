import { Command } from 'commander';
import { expect, test } from 'vitest';
import { report } from '../../src/cli/errors.ts';
import { toFlagsOf } from '../../src/cli/flags.ts';
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
  ['longer than `maxWaitMs`', 'longer than --max-wait-seconds'],
  ['`requirementsVersion`, `snapshots`', '--requirements, --state-dir'],
  ['`customerId` is `otherCustomerId`', '--customer is --other-customer'],
  ['allowWritesTo without quotes, and `pc-billing score`', 'allowWritesTo without quotes, and `pc-billing score`'],
  ['`noSuchOption`', '`noSuchOption`'],
  ['Run `restoreLeftover`.', 'Run `pc-billing conformance restore` with the same --base-url, --customer and --state-dir.'],
])('an option of the library is told as the flag of conformance: %s', (text, told) => {
  expect(flagsOf(define)(text)).toBe(told);
});

test('what is no option of the command that runs stays as it is', () => {
  expect(flagsOf(defineGet)('`allowWritesTo`, `maxWaitMs`, `customerId`, `baseUrl`')).toBe(
    '`allowWritesTo`, `maxWaitMs`, `customerId`, --base-url',
  );
});

test('an error of the library is printed in flags, the words of a service as they are', () => {
  const printed = (error: Error): string => {
    let err = '';
    const io = { out: () => {}, err: (text: string) => void (err = text), env: {}, color: false, stopSignal: () => AbortSignal.abort() };
    report(error, io, flagsOf(define));
    return err;
  };
  expect(printed(new TypeError('Give `allowWritesTo`.'))).toBe('pc-billing: Give --allow-writes-to.\n');
  expect(printed(Object.assign(Object.create(ServiceError.prototype) as ServiceError, { message: 'no `mode`' }))).toBe(
    'pc-billing: no `mode`\n',
  );
});
