import { members } from '../../contract/generated.ts';
import { isGuid } from '../../contract/guid.ts';
import { headerNames } from '../../contract/headers.ts';
import { isJsonObject, parseJson } from '../../contract/json.ts';
import { billingProfilePathOf } from '../../contract/profile.ts';
import { renewEtag } from '../customers.ts';
import type { ProfileRequest } from '../request.ts';
import {
  type FaultHooks,
  forgets,
  type Json,
  onAttributes,
  onMembers,
  onPrecondition,
  onProfile,
  onRefusal,
  onRequest,
  onResponse,
  onText,
  onUpdate,
  inPascalCase,
  withoutIds,
} from './hooks.ts';

/** A way in which the mock misbehaves on purpose. */
export interface Fault {
  /** What the service does, in one sentence. */
  does: string;
  /** The requirements of the conformance suite that this makes fail, the cause first. What needs one of them cannot be tested then. */
  fails: readonly string[];
  hooks: FaultHooks;
}

/** Every fault, by name. */
export const faults = {
  'answers-collection': {
    does: 'Returns a collection with the profile in it.',
    fails: ['read.answers-one-object'],
    hooks: onProfile((profile) => ({ totalCount: 1, items: [profile], attributes: { objectType: 'Collection' } })),
  },
  'answers-pascal-case': {
    does: 'Returns profiles in PascalCase.',
    fails: ['casing.answers-camel-case', 'casing.answers-camel-case-after-write'],
    hooks: onProfile(inPascalCase),
  },
  'answers-pascal-case-after-write': {
    does: 'Responds to a PUT in PascalCase, the spelling of the request.',
    fails: ['casing.answers-camel-case-after-write'],
    hooks: onProfile((profile, request) => (request.method === 'PUT' ? inPascalCase(profile) : profile)),
  },
  'answers-nulls': {
    does: 'Returns members without a value as null instead of leaving them out.',
    fails: ['read.answers-no-nulls'],
    hooks: onProfile((profile) => {
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
    hooks: onProfile((profile) => ({ ...profile, companyName: undefined })),
  },
  'answers-number-as-postal-code': {
    does: 'Returns the postal code as a number.',
    fails: ['read.fits-contract'],
    hooks: onProfile((profile) => ({ ...profile, defaultAddress: { ...(profile.defaultAddress as Json), postalCode: 98052 } })),
  },
  'drops-etag': {
    does: 'Leaves the ETag out of the profile.',
    fails: ['etag.carries-etag'],
    hooks: onAttributes({ etag: undefined }),
  },
  'changes-etag-on-read': {
    does: 'Gives the profile a new ETag whenever it is read.',
    fails: ['etag.stays-between-reads'],
    hooks: () => ({ beforeRead: renewEtag }),
  },
  'makes-new-ids-on-success': {
    does: 'Sends a success with ids of its own instead of those of the request.',
    fails: ['trace.echoes-ids-on-success'],
    hooks: onResponse((given, _, { newId }) => {
      const ids = { [headerNames.requestId]: newId(), [headerNames.correlationId]: newId() };
      return given.kind === 'profile' ? { ...given, headers: { ...given.headers, ...ids } } : given;
    }),
  },
  'drops-ids-on-refusal': {
    does: 'Leaves both ids out of refusals.',
    fails: ['trace.echoes-ids-on-refusal'],
    hooks: onRefusal(withoutIds),
  },
  'swaps-ids': {
    does: 'Returns the request id as the correlation id, and the correlation id as the request id.',
    fails: ['trace.echoes-ids-on-success', 'trace.echoes-ids-on-refusal'],
    hooks: onResponse((given) => {
      const { [headerNames.requestId]: requestId = '', [headerNames.correlationId]: correlationId = '' } = given.headers;
      return { ...given, headers: { ...given.headers, [headerNames.requestId]: correlationId, [headerNames.correlationId]: requestId } };
    }),
  },
  'serves-anonymous-callers': {
    does: 'Serves requests without a token.',
    fails: ['auth.refuses-anonymous-caller'],
    hooks: onRequest((read, { token }) => ({ ...read, authorization: read.authorization ?? `Bearer ${token}` })),
  },
  'serves-wrong-tokens': {
    does: 'Serves requests with any token.',
    fails: ['auth.refuses-wrong-token'],
    hooks: onRequest((read, { token }) => ({ ...read, authorization: read.authorization === undefined ? undefined : `Bearer ${token}` })),
  },
  'serves-unknown-customers': {
    does: 'Returns the profile of another customer when it does not know the requested one.',
    fails: ['customer.refuses-unknown-customer'],
    hooks: onRequest((read, context) => {
      const customer = context.store.find(read.customerId) ?? context.store.all()[0];
      return isGuid(read.customerId) && customer !== undefined ? { ...read, customerId: customer.customerId } : read;
    }),
  },
  'answers-errors-as-text': {
    does: 'Sends refusals as plain text.',
    fails: ['error.answers-documented-shape'],
    hooks: onRefusal((response) => ({ ...response, contentType: 'text/plain', body: 'Something went wrong.' })),
  },
  'refuses-pascal-case': {
    does: 'Reads only camelCase members of a PUT.',
    fails: ['write.takes-pascal-case'],
    hooks: onMembers((name) => !/^[A-Z]/.test(name)),
  },
  'keeps-etag-on-write': {
    does: 'Stores a write without giving the profile a new ETag.',
    fails: ['etag.changes-on-write'],
    hooks: (hooks) => ({
      onStore: (customer, update) => {
        const { etag } = customer;
        return Object.assign(hooks.onStore(customer, update), { etag });
      },
    }),
  },
  'answers-without-storing': {
    does: 'Responds to a PUT as if it were stored, and stores nothing.',
    fails: ['write.stores-what-it-answered'],
    hooks: (hooks) => ({ onStore: (customer, update) => hooks.onStore({ ...customer }, update) }),
  },
  'writes-to-every-customer': {
    does: 'Stores the names of a write with every customer.',
    fails: ['write.leaves-other-customer-alone'],
    hooks: (hooks, context) => ({
      onStore: (customer, update) => {
        const { firstName, lastName } = update.profile;
        for (const other of context.store.all()) other.profile = { ...other.profile, firstName, lastName };
        return hooks.onStore(customer, update);
      },
    }),
  },
  'accepts-stale-etag': {
    does: 'Stores a write whose ETag is no longer the current one: a lost update.',
    fails: ['etag.refuses-stale-write'],
    hooks: onPrecondition((given) => (given === 'missing' ? given : 'met')),
  },
  'answers-500-to-stale-etag': {
    does: 'Fails with an internal error when the ETag is stale.',
    fails: ['etag.refuses-stale-write'],
    hooks: onRefusal((response) => (response.kind === 'stale-refusal' ? { ...response, status: 500 } : response)),
  },
  'stores-refused-writes': {
    does: 'Refuses a write whose ETag is stale, and stores it all the same.',
    fails: ['refusal.changes-nothing'],
    hooks: (hooks) => ({ onStaleWrite: (customer, update) => void hooks.onStore(customer, update) }),
  },
  'lets-racing-writers-win': {
    does: 'Checks the ETag first and stores a moment later, so that two writers at the same time both succeed.',
    fails: ['race.lets-one-writer-win'],
    hooks: () => ({ beforeStore: () => new Promise((resolve) => setTimeout(resolve, 8)) }),
  },
  'answers-text-media-type': {
    does: 'Returns profiles as text/plain.',
    fails: ['read.answers-json-media-type'],
    hooks: onResponse((given) => (given.kind === 'profile' ? { ...given, contentType: 'text/plain' } : given)),
  },
  'answers-other-object-type': {
    does: 'Returns the object type of another resource.',
    fails: ['read.names-object-type'],
    hooks: onAttributes({ objectType: 'CustomerCompanyProfile' }),
  },
  'answers-new-id-on-read': {
    does: 'Makes an id for each profile that is read.',
    fails: ['read.keeps-id'],
    hooks: onProfile((profile, _, { newId }) => ({ ...profile, id: newId() })),
  },
  'links-to-another-customer': {
    does: 'Returns a self link that leads to another customer.',
    fails: ['read.links-to-this-customer'],
    hooks: onProfile((profile) => ({
      ...profile,
      links: { self: { uri: billingProfilePathOf('00000000-0000-4000-8000-000000000000'), method: 'GET', headers: [] } },
    })),
  },
  'answers-errors-in-pascal-case': {
    does: 'Sends refusals in PascalCase.',
    fails: ['casing.answers-errors-in-camel-case'],
    hooks: onRefusal((response) => ({ ...response, body: inPascalCase(response.body) })),
  },
  'answers-unquotable-etag': {
    does: 'Returns an ETag with a quote in the middle.',
    fails: ['etag.fits-if-match'],
    hooks: onAttributes({ etag: 'version"1' }),
  },
  'answers-old-etag-after-write': {
    does: 'Responds to a PUT with the ETag from before it.',
    fails: ['etag.answers-stored-etag'],
    hooks: (hooks) => ({
      onStore: (customer, update) => {
        const { etag } = customer;
        return { ...hooks.onStore(customer, update), etag };
      },
    }),
  },
  'forgets-older-etags': {
    does: 'Treats only the ETag that was replaced last as stale, and accepts older ones.',
    fails: ['etag.refuses-older-write'],
    hooks: (hooks) => {
      const history = new Map<string, string[]>();
      return {
        onStore: (customer, update) => {
          history.set(customer.customerId, [...(history.get(customer.customerId) ?? []), customer.etag]);
          return hooks.onStore(customer, update);
        },
        onPrecondition: (verdict, write) => {
          const given = hooks.onPrecondition(verdict, write);
          const older = history.get(write.customer.customerId)?.slice(0, -1) ?? [];
          const isOlder = older.some((etag) => etag === write.update.etag || write.request.ifMatch === `"${etag}"`);
          return given === 'stale' && isOlder ? 'met' : given;
        },
      };
    },
  },
  'accepts-made-up-etag': {
    does: 'Treats an ETag that is not a number as missing, and stores the write.',
    fails: ['etag.refuses-made-up-etag'],
    hooks: onPrecondition((given, write) => (given === 'stale' && !/^-?\d+$/.test(write.update.etag ?? '0') ? 'met' : given)),
  },
  'compares-etags-as-numbers': {
    does: 'Compares ETags as numbers, which hold fewer digits.',
    fails: ['etag.refuses-altered-etag'],
    hooks: onPrecondition((given, { customer, update }) => {
      const isNear = update.etag !== customer.etag && Number(update.etag) === Number(customer.etag);
      return given === 'stale' && isNear ? 'met' : given;
    }),
  },
  'accepts-missing-etag': {
    does: 'Stores a write that carries no ETag.',
    fails: ['etag.refuses-missing-etag'],
    hooks: onPrecondition((given) => (given === 'missing' ? 'met' : given)),
  },
  'renews-etag-on-refusal': {
    does: 'Gives the profile a new ETag when a write is refused.',
    fails: ['etag.stays-after-refusal'],
    hooks: onRefusal((given, request, { store }) => {
      const customer = store.find(request.customerId);
      if (request.method === 'PUT' && customer !== undefined) renewEtag(customer);
      return given;
    }),
  },
  'refuses-camel-case': {
    does: 'Reads only PascalCase members of a PUT.',
    fails: ['write.takes-camel-case'],
    hooks: onMembers((name) => !/^[a-z]/.test(name)),
  },
  'shows-writes-late': {
    does: 'Returns the old profile to the first read after a write.',
    fails: ['write.shows-in-next-read'],
    hooks: (hooks) => {
      const shown = new Map<string, unknown>();
      const late = new Map<string, unknown>();
      return {
        onResponse: (response, request) => {
          const given = hooks.onResponse(response, request);
          if (given.kind !== 'profile') return given;
          if (request.method === 'PUT') {
            late.set(request.customerId, shown.get(request.customerId) ?? given.body);
            return given;
          }
          const old = late.get(request.customerId);
          late.delete(request.customerId);
          if (old !== undefined) return { ...given, body: old };
          shown.set(request.customerId, given.body);
          return given;
        },
      };
    },
  },
  'resets-language-on-write': {
    does: 'Stores a language of its own with every write.',
    fails: ['write.keeps-unchanged-members'],
    hooks: onUpdate((profile) => ({ ...profile, language: profile.language === 'en' ? 'fr' : 'en' })),
  },
  'renews-id-on-write': {
    does: 'Gives the profile a new id with every write.',
    fails: ['write.keeps-identity'],
    hooks: onUpdate((profile, _, { newId }) => ({ ...profile, id: newId() })),
  },
  'reads-utf8-as-latin1': {
    does: 'Reads the UTF-8 of a PUT as Latin-1.',
    fails: ['write.keeps-unicode'],
    hooks: onText((text) => String.fromCharCode(...new TextEncoder().encode(text))),
  },
  'normalizes-unicode': {
    does: 'Composes combining letters before it stores them.',
    fails: ['write.keeps-unicode'],
    hooks: onText((text) => text.normalize('NFC')),
  },
  'cuts-long-values': {
    does: 'Stores the first 48 characters of a name.',
    fails: ['write.keeps-long-values'],
    hooks: onUpdate((profile) => ({
      ...profile,
      lastName: typeof profile.lastName === 'string' ? profile.lastName.slice(0, 48) : undefined,
    })),
  },
  'accepts-missing-email': {
    does: 'Stores a PUT without an e-mail address, keeping the old one.',
    fails: ['write.refuses-missing-email'],
    hooks: onRequest((read, context) => {
      const json = parseJson(read.body);
      const email = context.store.find(read.customerId)?.profile.email;
      if (!isJsonObject(json) || Object.keys(json).some((name) => name.toLowerCase() === 'email')) return read;
      return { ...read, body: JSON.stringify({ ...json, Email: email }) };
    }),
  },
  'accepts-malformed-json': {
    does: 'Repairs a body that lacks its last brace, and stores it.',
    fails: ['refusal.refuses-malformed-json'],
    hooks: onRequest((read) => (parseJson(read.body) === undefined ? { ...read, body: `${read.body}}` } : read)),
  },
  'answers-500-to-malformed-json': {
    does: 'Fails with an internal error when a body is not JSON.',
    fails: ['refusal.refuses-malformed-json'],
    hooks: onResponse((given, request) =>
      request.method === 'PUT' && given.status === 400 && parseJson(request.body) === undefined ? { ...given, status: 500 } : given,
    ),
  },
  'accepts-wrong-types': {
    does: 'Treats a member of the wrong type as missing.',
    fails: ['refusal.refuses-wrong-type'],
    hooks: onMembers((name, value) => name !== 'LastName' || !isJsonObject(value)),
  },
  'accepts-text-plain': {
    does: 'Reads a body whatever its media type is.',
    fails: ['refusal.refuses-text-plain'],
    hooks: onRequest((read) => ({ ...read, mediaType: 'application/json' })),
  },
  'accepts-patch': {
    does: 'Responds to PATCH as if it were GET.',
    fails: ['refusal.refuses-unsupported-method'],
    hooks: onRequest((read) => (read.method === 'PATCH' ? { ...read, method: 'GET' } : read)),
  },
  'serves-anonymous-writes': {
    does: 'Stores a PUT without a token.',
    fails: ['auth.refuses-anonymous-write'],
    hooks: onRequest((read, { token }) =>
      read.method === 'PUT' ? { ...read, authorization: read.authorization ?? `Bearer ${token}` } : read,
    ),
  },
  'serves-writes-with-wrong-tokens': {
    does: 'Stores a PUT with any token.',
    fails: ['auth.refuses-write-with-wrong-token'],
    hooks: onRequest((read, { token }) =>
      read.method === 'PUT' && read.authorization !== undefined ? { ...read, authorization: `Bearer ${token}` } : read,
    ),
  },
  'serves-ids-that-are-no-guid': {
    does: 'Returns a profile for a customer id that is not a GUID.',
    fails: ['customer.refuses-non-guid'],
    hooks: onRequest((read, context) =>
      isGuid(read.customerId) ? read : { ...read, customerId: context.store.all()[0]?.customerId ?? read.customerId },
    ),
  },
  'creates-unknown-customers': {
    does: 'Responds with 200 to a PUT for a customer that it does not know.',
    fails: ['customer.refuses-write-to-unknown-customer'],
    hooks: onResponse((given, request) => {
      if (request.method !== 'PUT' || given.status !== 404) return given;
      return { ...given, kind: 'profile', status: 200, body: parseJson(request.body) };
    }),
  },
  'repeats-token-in-errors': {
    does: 'Repeats the Authorization header in the body of a refusal.',
    fails: ['error.keeps-token-secret'],
    hooks: onRefusal((given, { authorization }) =>
      isJsonObject(given.body) ? { ...given, body: { ...given.body, data: [`Authorization: ${authorization}`] } } : given,
    ),
  },
  'makes-no-ids': {
    does: 'Responds without ids when the request has none.',
    fails: ['trace.makes-missing-ids'],
    hooks: onResponse((given, request) => (request.requestId === undefined ? withoutIds(given) : given)),
  },
  'drops-ids-on-write': {
    does: 'Leaves both ids out of the response to a PUT that succeeds.',
    fails: ['trace.echoes-ids-on-write'],
    hooks: onResponse((given, request) => (given.kind === 'profile' && request.method === 'PUT' ? withoutIds(given) : given)),
  },
  'mixes-ids-up': {
    does: 'Keeps the ids in one place for all requests, so that the latest request overwrites them.',
    fails: ['trace.keeps-ids-apart'],
    hooks: (hooks) => {
      let latest: ProfileRequest | undefined;
      return {
        onRequest: (request) => (latest = hooks.onRequest(request)),
        beforeResponse: () => new Promise((resolve) => setTimeout(resolve, 2)),
        onResponse: (response, request) => {
          const given = hooks.onResponse(response, request);
          if (!latest?.requestId || !latest.correlationId) return given;
          const ids = { [headerNames.requestId]: latest.requestId, [headerNames.correlationId]: latest.correlationId };
          return { ...given, headers: { ...given.headers, ...ids } };
        },
      };
    },
  },
  'gives-in-to-the-third-writer': {
    does: 'Stores a write whose stale ETag it has refused twice before.',
    fails: ['race.lets-one-of-many-win'],
    hooks: (hooks) => {
      const refused = new Map<string, number>();
      return {
        onPrecondition: (verdict, write) => {
          const given = hooks.onPrecondition(verdict, write);
          if (given !== 'stale' || !write.request.ifMatch) return given;
          const times = (refused.get(write.request.ifMatch) ?? 0) + 1;
          refused.set(write.request.ifMatch, times);
          return times > 2 ? 'met' : given;
        },
      };
    },
  },
  'forgets-first-name': forgets('firstName', 'profile', ['write.stores-first-name']),
  'forgets-last-name': forgets('lastName', 'profile', ['write.stores-last-name']),
  'forgets-email': forgets('email', 'profile', ['write.stores-email']),
  'forgets-company-name': forgets('companyName', 'profile', ['write.stores-company-name']),
  'forgets-region': forgets('region', 'address', ['write.stores-region']),
  'forgets-city': forgets('city', 'address', ['write.stores-city']),
  'forgets-state': forgets('state', 'address', ['write.stores-state']),
  'forgets-first-address-line': forgets('addressLine1', 'address', ['write.stores-first-address-line']),
  'forgets-second-address-line': forgets('addressLine2', 'address', ['write.stores-second-address-line']),
  'forgets-postal-code': forgets('postalCode', 'address', ['write.stores-postal-code']),
  'forgets-address-first-name': forgets('firstName', 'address', ['write.stores-address-first-name']),
  'forgets-address-middle-name': forgets('middleName', 'address', ['write.stores-address-middle-name']),
  'forgets-address-last-name': forgets('lastName', 'address', ['write.stores-address-last-name']),
  'forgets-phone-number': forgets('phoneNumber', 'address', ['write.stores-phone-number']),
} as const satisfies Record<string, Fault>;

/** The name of a fault. */
export type FaultName = keyof typeof faults;
