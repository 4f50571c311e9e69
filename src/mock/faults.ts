import { members } from '../contract/generated.ts';
import { headerNames } from '../contract/headers.ts';
import { isJsonObject, parseJson } from '../contract/json.ts';
import type { Answer } from './answer.ts';
import type { Conduct, ServiceInside } from './conduct.ts';
import { renewEtag } from './customers.ts';

/** A way in which the mock misbehaves on purpose. */
export interface Fault {
  /** What the service does, in one sentence. */
  does: string;
  /** The requirements of the conformance suite that this makes fail, the cause first. */
  fails: readonly string[];
  /** The requirements that cannot be tested because of it. */
  untestable: readonly string[];
  spoil: (conduct: Conduct, inside: ServiceInside) => Partial<Conduct>;
}

type Json = Record<string, unknown>;

const ofProfile = (change: (profile: Json, request: Parameters<Conduct['answer']>[1]) => unknown): Fault['spoil'] => {
  return (conduct) => ({
    answer: (answer, request) => {
      const given = conduct.answer(answer, request);
      return given.kind === 'profile' && isJsonObject(given.body) ? { ...given, body: change(given.body, request) } : given;
    },
  });
};

const ofRefusal = (change: (answer: Answer) => Answer): Fault['spoil'] => {
  return (conduct) => ({
    answer: (answer, request) => {
      const given = conduct.answer(answer, request);
      return given.kind === 'profile' ? given : change(given);
    },
  });
};

const pascalCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(pascalCase);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.charAt(0).toUpperCase() + name.slice(1), pascalCase(member)]),
  );
};

/** What cannot be tested without a stale write that is refused. */
const afterStale = ['refusal.changes-nothing', 'race.lets-one-writer-win'];
/** What cannot be tested without the PUT of a changed profile. */
const afterWrite = [
  'casing.answers-camel-case-after-write',
  'etag.changes-on-write',
  'etag.refuses-stale-write',
  'write.stores-what-it-answered',
  'write.leaves-other-customer-alone',
  ...afterStale,
];
/** What cannot be tested without a profile of which a good PUT can be made. */
const afterProfile = ['write.takes-pascal-case', ...afterWrite];

/** Every fault, by name. */
export const faults = {
  'answers-collection': {
    does: 'Answers a collection with the profile in it.',
    fails: ['read.answers-one-object'],
    untestable: [
      'read.answers-no-nulls',
      'read.fits-contract',
      'casing.answers-camel-case',
      'etag.carries-etag',
      'etag.stays-between-reads',
      'trace.echoes-ids-on-success',
      ...afterProfile,
    ],
    spoil: ofProfile((profile) => ({ totalCount: 1, items: [profile], attributes: { objectType: 'Collection' } })),
  },
  'answers-pascal-case': {
    does: 'Answers profiles in PascalCase.',
    fails: ['casing.answers-camel-case', 'casing.answers-camel-case-after-write'],
    untestable: [],
    spoil: ofProfile(pascalCase),
  },
  'answers-pascal-case-after-write': {
    does: 'Answers a PUT in the PascalCase that it was sent.',
    fails: ['casing.answers-camel-case-after-write'],
    untestable: [],
    spoil: ofProfile((profile, request) => (request.method === 'PUT' ? pascalCase(profile) : profile)),
  },
  'answers-nulls': {
    does: 'Answers members without a value as null instead of leaving them out.',
    fails: ['read.answers-no-nulls'],
    untestable: [],
    spoil: ofProfile((profile) => {
      const withNulls = (schema: string, value: unknown): Json => ({
        ...Object.fromEntries(Object.keys(members[schema]!).map((name) => [name, null])),
        ...(value as Json),
      });
      return { ...withNulls('CustomerBillingProfile', profile), defaultAddress: withNulls('Address', profile.defaultAddress) };
    }),
  },
  'drops-company-name': {
    does: 'Leaves the company name out of the profile.',
    fails: ['read.fits-contract'],
    untestable: [...afterProfile],
    spoil: ofProfile((profile) => ({ ...profile, companyName: undefined })),
  },
  'answers-number-as-postal-code': {
    does: 'Answers the postal code as a number.',
    fails: ['read.fits-contract'],
    untestable: [...afterProfile],
    spoil: ofProfile((profile) => ({ ...profile, defaultAddress: { ...(profile.defaultAddress as Json), postalCode: 98052 } })),
  },
  'drops-etag': {
    does: 'Leaves the ETag out of the profile.',
    fails: ['etag.carries-etag'],
    untestable: ['read.fits-contract', 'etag.stays-between-reads', ...afterProfile],
    spoil: ofProfile((profile) => ({ ...profile, attributes: { ...(profile.attributes as Json), etag: undefined } })),
  },
  'changes-etag-on-read': {
    does: 'Gives the profile a new ETag whenever it is read.',
    fails: ['etag.stays-between-reads'],
    untestable: [],
    spoil: () => ({ beforeRead: renewEtag }),
  },
  'makes-new-ids-on-success': {
    does: 'Answers a success with ids of its own instead of those that it was sent.',
    fails: ['trace.echoes-ids-on-success'],
    untestable: [],
    spoil: (conduct, { newId }) => ({
      answer: (answer, request) => {
        const given = conduct.answer(answer, request);
        const ids = { [headerNames.requestId]: newId(), [headerNames.correlationId]: newId() };
        return given.kind === 'profile' ? { ...given, headers: { ...given.headers, ...ids } } : given;
      },
    }),
  },
  'drops-ids-on-refusal': {
    does: 'Leaves both ids out of refusals.',
    fails: ['trace.echoes-ids-on-refusal'],
    untestable: [],
    spoil: ofRefusal((answer) => {
      const { [headerNames.requestId]: _, [headerNames.correlationId]: __, ...headers } = answer.headers;
      return { ...answer, headers };
    }),
  },
  'swaps-ids': {
    does: 'Answers the request id as correlation id and the other way round.',
    fails: ['trace.echoes-ids-on-success', 'trace.echoes-ids-on-refusal'],
    untestable: [],
    spoil: (conduct) => ({
      answer: (answer, request) => {
        const given = conduct.answer(answer, request);
        const { [headerNames.requestId]: requestId = '', [headerNames.correlationId]: correlationId = '' } = given.headers;
        return { ...given, headers: { ...given.headers, [headerNames.requestId]: correlationId, [headerNames.correlationId]: requestId } };
      },
    }),
  },
  'serves-anonymous-callers': {
    does: 'Serves requests without a token.',
    fails: ['auth.refuses-anonymous-caller'],
    untestable: [],
    spoil: (conduct, { token }) => ({
      readRequest: (request) => {
        const read = conduct.readRequest(request);
        return { ...read, authorization: read.authorization ?? `Bearer ${token}` };
      },
    }),
  },
  'serves-wrong-tokens': {
    does: 'Serves requests with any token.',
    fails: ['auth.refuses-wrong-token'],
    untestable: [],
    spoil: (conduct, { token }) => ({
      readRequest: (request) => {
        const read = conduct.readRequest(request);
        return { ...read, authorization: read.authorization === null ? null : `Bearer ${token}` };
      },
    }),
  },
  'serves-unknown-customers': {
    does: 'Answers the profile of another customer when it does not know the one asked for.',
    fails: ['customer.refuses-unknown-customer'],
    untestable: ['error.answers-documented-shape', 'trace.echoes-ids-on-refusal'],
    spoil: (conduct, inside) => ({
      readRequest: (request) => {
        const read = conduct.readRequest(request);
        const customer = inside.store.find(read.customerId) ?? inside.store.all()[0];
        return { ...read, customerId: customer?.customerId ?? read.customerId };
      },
    }),
  },
  'answers-errors-as-text': {
    does: 'Answers refusals as plain text.',
    fails: ['error.answers-documented-shape'],
    untestable: [],
    spoil: ofRefusal((answer) => ({ ...answer, contentType: 'text/plain', body: 'Something went wrong.' })),
  },
  'refuses-pascal-case': {
    does: 'Reads only camelCase members of a PUT.',
    fails: ['write.takes-pascal-case'],
    untestable: [...afterWrite],
    spoil: (conduct) => ({
      readRequest: (request) => {
        const read = conduct.readRequest(request);
        return { ...read, body: withoutPascalCase(read.body) };
      },
    }),
  },
  'keeps-etag-on-write': {
    does: 'Stores a write without giving the profile a new ETag.',
    fails: ['etag.changes-on-write'],
    untestable: ['etag.refuses-stale-write', ...afterStale],
    spoil: (conduct) => ({
      store: (customer, update) => {
        const { etag } = customer;
        conduct.store(customer, update);
        customer.etag = etag;
        return customer;
      },
    }),
  },
  'answers-without-storing': {
    does: 'Answers a PUT as if it had been stored, and stores nothing.',
    fails: ['write.stores-what-it-answered'],
    untestable: ['etag.refuses-stale-write', ...afterStale],
    spoil: (conduct) => ({ store: (customer, update) => conduct.store({ ...customer }, update) }),
  },
  'writes-to-every-customer': {
    does: 'Stores the names of a write with every customer.',
    fails: ['write.leaves-other-customer-alone'],
    untestable: [],
    spoil: (conduct, inside) => ({
      store: (customer, update) => {
        const { firstName, lastName } = update.profile;
        for (const other of inside.store.all()) other.profile = { ...other.profile, firstName, lastName };
        return conduct.store(customer, update);
      },
    }),
  },
  'accepts-stale-etag': {
    does: 'Stores a write whose ETag is no longer the current one: a lost update.',
    fails: ['etag.refuses-stale-write'],
    untestable: [...afterStale],
    spoil: (conduct) => ({ judge: (verdict) => (conduct.judge(verdict) === 'missing' ? 'missing' : 'met') }),
  },
  'answers-500-to-stale-etag': {
    does: 'Fails with an internal error when the ETag is stale.',
    fails: ['etag.refuses-stale-write'],
    untestable: [...afterStale],
    spoil: ofRefusal((answer) => (answer.kind === 'stale-refusal' ? { ...answer, status: 500 } : answer)),
  },
  'stores-refused-writes': {
    does: 'Refuses a write whose ETag is stale, and stores it all the same.',
    fails: ['refusal.changes-nothing'],
    untestable: ['race.lets-one-writer-win'],
    spoil: (conduct) => ({ onStaleWrite: (customer, update) => void conduct.store(customer, update) }),
  },
  'lets-racing-writers-win': {
    does: 'Looks at the ETag first and stores a moment later, so that two writers at once both succeed.',
    fails: ['race.lets-one-writer-win'],
    untestable: [],
    spoil: () => ({ beforeStore: () => new Promise((resolve) => setTimeout(resolve, 20)) }),
  },
} as const satisfies Record<string, Fault>;

/** The name of a fault. */
export type FaultName = keyof typeof faults;

function withoutPascalCase(body: string): string {
  const json = parseJson(body);
  if (!isJsonObject(json)) return body;
  return JSON.stringify(Object.fromEntries(Object.entries(json).filter(([name]) => !/^[A-Z]/.test(name))));
}
