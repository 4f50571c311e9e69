import { defaultCustomerIds } from '../../src/mock/customers.ts';
import type { SeedCustomer } from '../../src/mock/index.ts';

/** Values that must turn up in no report, output or log. */
export const canaryToken = 'canary-token-8d1f';
export const canaryPerson = 'Canary-Person-77aa';
export const canaries = [canaryToken, canaryPerson, 'id-canary', '4255550199'] as const;

/** Two customers made of canaries; of them a good PUT can be made. */
export const canaryCustomers: readonly SeedCustomer[] = defaultCustomerIds.map((customerId) => ({
  customerId,
  profile: {
    id: 'id-canary',
    firstName: canaryPerson,
    lastName: canaryPerson,
    email: `${canaryPerson}@example.com`,
    culture: 'en-US',
    language: 'en',
    companyName: canaryPerson,
    defaultAddress: {
      country: 'US',
      city: 'Redmond',
      state: 'WA',
      postalCode: '98052',
      addressLine1: canaryPerson,
      phoneNumber: '4255550199',
    },
  },
}));
