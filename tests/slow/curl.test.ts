import { expect, test } from 'vitest';
import { type FaultName, faults } from '../../src/mock/index.ts';
import { expectCurlRepeats } from '../suites/curl-repeats.ts';

const names = Object.keys(faults) as FaultName[];

test.each(names)('%s: the curl of its failure sees the same once more', (name) => expectCurlRepeats(name));

test('there are faults', () => expect(names.length).toBeGreaterThan(60));
