import { beforeEach, expect } from 'vitest';
import { fnv1a64 } from '../../src/contract/bytes.ts';

// Ids that nobody hands in are the same in every run: they follow from the name of the test. Each ends in twelve decimal digits, as one
// GUID in three hundred does: what takes digits for an ETag shows in every run, or in none.
beforeEach(() => {
  const { currentTestName } = expect.getState();
  let count = 0;
  crypto.randomUUID = () => {
    count += 1;
    const hex = fnv1a64(`${currentTestName} ${count}`).toString(16).padStart(16, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(13)}-${String(count).padStart(12, '0')}`;
  };
});
