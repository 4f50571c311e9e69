import { beforeEach, describe, expect, test } from 'vitest';
import { createPartnerClient, ServiceError, StaleEtagError } from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';

const observed = createMockService();
const documented = createMockService({ behaviour: 'documented', token: 'documented-token' });

describe.each([
  { behaviour: 'observed', mock: observed, stale: { status: 400, code: 2055 } },
  { behaviour: 'documented', mock: documented, stale: { status: 412, code: '412' } },
])('two readers, one stale writer, on a service that behaves as $behaviour', ({ mock, stale }) => {
  const [customerId] = mock.customers.ids() as [string];
  const billingOf = () => createPartnerClient({ token: mock.token, fetch: mock.fetch }).customers.byId(customerId).profiles.billing;
  beforeEach(() => mock.reset());

  test('the second writer is told, and the first one’s change stays', async () => {
    const [anna, boris] = [billingOf(), billingOf()];
    const [readByAnna, readByBoris] = [await anna.get(), await boris.get()];
    const written = await anna.update({ ...readByAnna, email: 'anna@contoso.example' });

    const error: unknown = await boris.update({ ...readByBoris, companyName: 'Boris Ltd' }).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(StaleEtagError);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ ...stale, description: 'Etag is no longer valid' });
    expect(await boris.get()).toEqual(written);
  });

  test('the second writer succeeds once it has read again', async () => {
    const [anna, boris] = [billingOf(), billingOf()];
    const stalelyRead = await boris.get();
    await anna.update({ ...(await anna.get()), email: 'anna@contoso.example' });
    await expect(boris.update({ ...stalelyRead, companyName: 'Boris Ltd' })).rejects.toBeInstanceOf(StaleEtagError);

    const written = await boris.update({ ...(await boris.get()), companyName: 'Boris Ltd' });

    expect(written).toMatchObject({ email: 'anna@contoso.example', companyName: 'Boris Ltd' });
  });

  test('of ten writers at once one succeeds, nine are told', async () => {
    const billing = billingOf();
    const read = await billing.get();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => billing.update({ ...read, companyName: `Writer ${index}` })),
    );
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(won).toHaveLength(1);
    expect(lost.map(({ reason }) => (reason as Error).name)).toEqual(Array.from({ length: 9 }, () => 'StaleEtagError'));
    expect((await billing.get()).companyName).toBe(won[0]!.value.companyName);
  });
});
