import { base, en, Faker } from '@faker-js/faker';
import type { CustomerBillingProfile } from '../../src/contract/profile.ts';

/**
 * A profile as the service could answer it, the same for the same seed.
 *
 * A faker of its own, because a global seed makes tests depend on their order. Optional members are there by chance.
 */
export function fakeProfile(seed: number, customerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04'): CustomerBillingProfile {
  const faker = new Faker({ locale: [en, base], seed });
  const maybe = <T>(member: T): T | Record<string, never> => (faker.datatype.boolean() ? member : {});
  return {
    id: faker.string.uuid(),
    ...maybe({ firstName: faker.person.firstName() }),
    ...maybe({ lastName: `${faker.person.lastName()} ${faker.helpers.arrayElement(['', 'Ñandú', '李', '😀', 'O’Neil', '"quoted"'])}` }),
    email: faker.internet.email(),
    culture: faker.helpers.arrayElement(['en-US', 'de-DE', 'pt-PT', 'ja-JP']),
    language: faker.helpers.arrayElement(['en', 'de', 'ja']),
    companyName: faker.company.name(),
    defaultAddress: {
      country: faker.location.countryCode(),
      city: faker.location.city(),
      ...maybe({ state: faker.location.state() }),
      addressLine1: faker.location.streetAddress(),
      ...maybe({ addressLine2: faker.location.secondaryAddress() }),
      postalCode: faker.location.zipCode(),
      ...maybe({ phoneNumber: faker.helpers.arrayElement(['', faker.phone.number()]) }),
    },
    links: { self: { uri: `/v1/customers/${customerId}/profiles/billing`, method: 'GET', headers: [] } },
    attributes: { etag: faker.number.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).toString(), objectType: 'CustomerBillingProfile' },
  };
}

/** Seeds for tests over many profiles; the seed stands in the name of each test. */
export const seeds = Array.from({ length: 25 }, (_, index) => index + 1);
