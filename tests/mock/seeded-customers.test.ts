import { describe, expect, test } from 'vitest';
import { isGuid } from '../../src/contract/guid.ts';
import { validateProfile } from '../../src/contract/validate.ts';
import { checkAddress } from '../../src/mock/address-checks.ts';
import { createMockService } from '../../src/mock/index.ts';
import { createSeededCustomers } from '../../src/mock/seeded-customers.ts';

const mockOf = (count: number, seed: number) => createMockService({ customers: [], moreCustomers: createSeededCustomers({ count, seed }) });

describe('made-up customers', () => {
  test('are the same for a seed, whatever their number and order, and others for another', () => {
    const [small, large, other] = [mockOf(20, 7), mockOf(5000, 7), mockOf(20, 8)];
    const ids = small.customers.ids();
    expect(large.customers.ids(20)).toEqual(ids);
    const forwards = ids.map((id) => small.customers.get(id));
    const backwards = ids.toReversed().map((id) => large.customers.get(id));
    expect(backwards.toReversed()).toEqual(forwards);
    expect(other.customers.ids().filter((id) => ids.includes(id))).toEqual([]);
  });

  test('are good profiles with good addresses, of several markets', () => {
    const { customers } = mockOf(300, 1);
    const cultures = new Set<string>();
    for (const id of customers.ids()) {
      const profile = customers.get(id)!;
      expect(isGuid(id)).toBe(true);
      expect(validateProfile(profile)).toMatchObject({ ok: true });
      expect(checkAddress(profile.defaultAddress)).toBeUndefined();
      expect(profile.email).toMatch(/\.example$/);
      cultures.add(profile.culture);
    }
    expect(cultures.size).toBe(5);
    expect(new Set(customers.ids()).size).toBe(300);
  });

  test('are made when they are first asked for: a hundred thousand cost nothing', () => {
    const asked: string[] = [];
    const source = createSeededCustomers({ count: 100_000, seed: 1 });
    const counting = {
      ...source,
      idAt: (index: number) => (asked.push(`id ${index}`), source.idAt(index)),
      find: (customerId: string) => (asked.push('profile'), source.find(customerId)),
    };
    const { customers } = createMockService({ moreCustomers: counting });
    expect(customers.size).toBe(100_003);
    expect(asked).toEqual([]);
    expect(customers.ids(5)).toHaveLength(5);
    expect(asked).toEqual(['id 0', 'id 1']);
    const last = source.idAt(99_999);
    expect(customers.get(last.toUpperCase())).toEqual(customers.get(last));
    expect(asked.filter((one) => one === 'profile')).toHaveLength(1);
  });

  test('can be written and put back, and unknown ids stay unknown', async () => {
    const mock = mockOf(3, 1);
    const id = mock.customers.ids()[2]!;
    const ask = (customerId: string, init: RequestInit = {}) =>
      mock.fetch(
        new Request(`http://x/v1/customers/${customerId}/profiles/billing`, {
          ...init,
          headers: { Authorization: 'Bearer mock-token', 'Content-Type': 'application/json' },
        }),
      );
    const before = mock.customers.get(id)!;
    expect((await ask(id, { method: 'PUT', body: JSON.stringify({ ...before, companyName: 'Changed' }) })).status).toBe(200);
    expect(mock.customers.get(id)!.companyName).toBe('Changed');
    expect(mock.customers.get(id)!.attributes.etag).not.toBe(before.attributes.etag);
    mock.reset();
    expect(mock.customers.get(id)).toEqual(before);
    const beyond = createSeededCustomers({ count: 9, seed: 1 }).idAt(3);
    for (const unknown of [beyond, id.replace(/^./, (digit) => (digit === '0' ? '1' : '0')), '00000000-0000-4000-8000-000000000000']) {
      expect((await ask(unknown)).status).toBe(404);
    }
  });

  test.each([-1, 1.5, Number.NaN])('%s is no number of them', (count) => {
    expect(() => createSeededCustomers({ count, seed: 1 })).toThrow(TypeError);
    expect(() => createSeededCustomers({ count: 1, seed: count })).toThrow(TypeError);
  });
});
