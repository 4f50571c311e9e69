import { faker as german } from '@faker-js/faker/locale/de';
import { faker as american } from '@faker-js/faker/locale/en_US';
import { faker as french } from '@faker-js/faker/locale/fr';
import { faker as japanese } from '@faker-js/faker/locale/ja';
import { faker as portuguese } from '@faker-js/faker/locale/pt_PT';
import { fnv1a64 } from '../contract/bytes.ts';
import type { CustomerSource, SeedCustomer } from './customers.ts';
import { MisuseError } from '../contract/misuse.ts';

/** Where made-up customers are. Numbers are of ranges that are kept for fiction, where a country has one. */
interface Market {
  faker: typeof american;
  /** Ends in the country. */
  culture: string;
  language: string;
  state?: () => string;
  /** Their format; absent where they depend on the state. */
  postalCode?: string;
  phoneNumber: () => string;
}

const markets: readonly Market[] = [
  {
    faker: american,
    culture: 'en-US',
    language: 'en',
    state: () => american.location.state({ abbreviated: true }),
    phoneNumber: () => `${american.helpers.arrayElement(['206', '212', '312', '415', '512', '617'])}55501${american.string.numeric(2)}`,
  },
  { faker: german, culture: 'de-DE', language: 'de', postalCode: '#####', phoneNumber: () => `030 23125 ${german.string.numeric(3)}` },
  { faker: portuguese, culture: 'pt-PT', language: 'pt-PT', postalCode: '####-###', phoneNumber: () => '' },
  {
    faker: french,
    culture: 'fr-FR',
    language: 'fr',
    postalCode: '#####',
    phoneNumber: () => `01 99 00 ${french.string.numeric(2)} ${french.string.numeric(2)}`,
  },
  {
    faker: japanese,
    culture: 'ja-JP',
    language: 'ja',
    state: () => japanese.location.state(),
    postalCode: '###-####',
    phoneNumber: () => `03-5550-01${japanese.string.numeric(2)}`,
  },
];

/**
 * So many made-up customers.
 *
 * Shape: the same seed gives the same customers, whatever their number and in whatever order they are asked for, as long as the version of
 * faker is the same. Nothing is made before it is asked for.
 * Errors: `TypeError` when a number is not a whole one.
 */
export function createSeededCustomers({ count, seed }: { count: number; seed: number }): CustomerSource {
  for (const number of [count, seed]) {
    if (!Number.isSafeInteger(number) || number < 0) throw new MisuseError(`${number} is not a number of customers, or no seed.`);
  }
  return {
    size: count,
    idAt: (index) => idAt(seed, index),
    find: (customerId) => {
      const index = indexOf(seed, customerId);
      return index < count && idAt(seed, index) === customerId ? { customerId, profile: profileAt(seed, index) } : undefined;
    },
  };
}

function profileAt(seed: number, index: number): SeedCustomer['profile'] {
  const market = markets[Number(fnv1a64(`${seed} ${index}`) % BigInt(markets.length))]!;
  const { faker, culture, language } = market;
  faker.seed([seed, index]);
  const id = faker.string.uuid();
  const contact = { firstName: faker.person.firstName(), lastName: faker.person.lastName() };
  const state = market.state?.();
  const postalCode = faker.location.zipCode(market.postalCode ?? { state: state! });
  return {
    id,
    // Source: SOURCES.md#customerbillingprofile: names that were never set are absent.
    ...(faker.datatype.boolean(0.9) ? contact : {}),
    email: `billing@${fnv1a64(`${seed}/${index}`).toString(36)}.example`,
    culture,
    language,
    companyName: faker.company.name(),
    defaultAddress: {
      country: culture.slice(-2),
      ...(state && { state }),
      postalCode,
      city: faker.location.city(),
      addressLine1: faker.location.streetAddress(),
      ...(faker.datatype.boolean(0.2) ? { addressLine2: faker.location.secondaryAddress() } : {}),
      ...contact,
      phoneNumber: market.phoneNumber(),
    },
  };
}

// An id holds its index in its last 48 bits, mixed by a multiplication that can be undone: so any of them is found without a list of all.
const factor = 0x9e3779b97f4bn;
// factor * inverse is 1 modulo 2 ** 48.
const inverse = 0x393dee219263n;

function idAt(seed: number, index: number): string {
  const mixed = BigInt.asUintN(48, BigInt(index) * factor + offsetOf(seed));
  const hash = fnv1a64(`${index} of ${seed}, a made-up customer`).toString(16).padStart(16, '0');
  const variant = '89ab'[Number.parseInt(hash[15]!, 16) % 4];
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(12, 15)}-${variant}${hash.slice(1, 4)}-${mixed.toString(16).padStart(12, '0')}`;
}

function indexOf(seed: number, customerId: string): number {
  const mixed = BigInt(`0x${customerId.slice(24)}`);
  return Number(BigInt.asUintN(48, (mixed - offsetOf(seed)) * inverse));
}

const offsetOf = (seed: number): bigint => fnv1a64(String(seed));
