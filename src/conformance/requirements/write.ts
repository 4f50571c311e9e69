import { pascalCase } from '../../contract/casing.ts';
import { Failure, Skip, Untestable } from '../probe/check-errors.ts';
import {
  addressOf,
  anotherContent,
  attributesOf,
  contentOf,
  differences,
  expectWritten,
  type GoodPut,
  prepareWrite,
  profileIn,
  type ReadProfile,
  readProfile,
  writeChange,
} from '../probe/profile.ts';
import { describe, expectStatus, isStale } from '../probe/expect.ts';
import { sources } from '../../suite/sources.ts';
import type { Probe } from '../probe/probe.ts';
import type { ProbeResponse } from '../probe/exchange.ts';
import type { ServerRequirement } from '../requirement.ts';

type Json = Record<string, unknown>;

export const writeRequirements: readonly ServerRequirement[] = [
  {
    id: 'write.takes-pascal-case',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT of the full resource in PascalCase returns 200 with the change that was sent.',
    remedy: 'Read PascalCase names, ignoring letter case, as the documents and the .NET SDK send them.',
    rationale: "It is the documented way to change where a customer's invoices go.",
    procedure:
      'A GET, then a PUT of the full profile in PascalCase with new first and last names and the ETag in If-Match and in the body; it has to return 200 with at least one of the two names.',
    sources: [sources.updateBody],
    // A good PUT can only be made of a good profile.
    needs: ['etag.fits-if-match', 'read.fits-contract', 'read.keeps-id'],
    async check(probe) {
      expectChange(await writeChange(probe));
    },
  },
  {
    id: 'write.takes-camel-case',
    level: 'should',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT of the full resource in camelCase returns 200 with the change that was sent.',
    remedy: 'Ignore the letter case of names: the Java SDK and the PowerShell cmdlets send camelCase.',
    rationale: 'Clients that write back the JSON that they read send camelCase.',
    procedure:
      'A GET, then a PUT of the full profile in camelCase with new first and last names; it has to return 200 with at least one of the two names.',
    sources: [sources.powershell],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      const { before, change, etag, request } = await prepareWrite(probe);
      const body = { ...before, ...change, attributes: { ...attributesOf(before), etag } };
      const response = await probe.send({ ...request, body });
      expectStatus(response, [200], 'The PUT in camelCase', '200');
      expectChange({ change, response });
    },
  },
  {
    id: 'write.stores-what-it-answered',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'The profile in the response to a PUT is the one that GET returns from then on.',
    remedy: 'Make the response from what was stored, after it was stored.',
    rationale: 'A client shows the response as what was saved. When something else is stored, the invoice differs from the screen.',
    procedure:
      'A PUT of new first and last names, then a GET; the members of the contract in both responses are compared. When the read lags behind, it is repeated twice within half a second.',
    sources: [sources.updateResponse],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      const returned = profileIn((await writeChange(probe)).response, 'PUT');
      const stored = await readProfile(probe);
      if (contentOf(returned) !== contentOf(stored))
        throw new Failure(
          `GET returns other values than the PUT before it: ${differences(returned, stored)}.`,
          anotherContent(returned, stored),
        );
    },
  },
  {
    id: 'write.shows-in-next-read',
    level: 'should',
    mode: 'write',
    since: '0.1.0',
    rule: 'The very next GET returns what a PUT stored.',
    remedy: 'Read from the store that was written, or wait for its replicas. A client that reads the old profile writes it back.',
    rationale: 'A client that reads right after a write sees the old profile, and writes it back.',
    procedure: 'A PUT of new first and last names, then one GET at once; the members of the contract in both responses are compared.',
    sources: [sources.updateResponse],
    needs: ['write.stores-what-it-answered'],
    async check(probe) {
      const returned = profileIn((await writeChange(probe)).response, 'PUT');
      const next = profileIn(await probe.send({ method: 'GET' }), 'GET');
      if (contentOf(returned) !== contentOf(next)) {
        throw new Failure(`The GET after the PUT is behind: ${differences(returned, next)}.`, anotherContent(returned, next));
      }
    },
  },
  {
    id: 'write.keeps-unchanged-members',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A member that a PUT sends as it was read, the country among them, is stored as it was.',
    remedy: 'Map every member that is sent to what is stored.',
    rationale: 'A PUT carries the full profile. A member that the service does not map is lost although no writer changed it.',
    procedure:
      'A PUT that changes the first and last name alone, then a GET; every other member of the contract is compared with the read before, the letter case of the culture aside.',
    sources: [sources.updateBody, sources.profileResource, sources.address],
    needs: ['write.stores-what-it-answered'],
    async check(probe) {
      const { before } = await writeChange(probe);
      const [was, now] = [before, await readProfile(probe)].map(unchangedMembers) as [ReadProfile, ReadProfile];
      const lost = differences(was, now);
      if (lost !== '') throw new Failure(`Changed although it was sent as it was read: ${lost}.`, anotherContent(was, now));
    },
  },
  {
    id: 'write.keeps-identity',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A write leaves the id and the object type of the profile as they were.',
    remedy: 'Update the stored profile; do not put a new one in its place.',
    rationale: 'A client that knows a profile by its id takes another id for another profile.',
    procedure: 'A PUT of new first and last names; the id and the object type in the GETs before and after it are compared.',
    sources: [sources.profileResource, sources.resourceAttributes],
    needs: ['write.stores-what-it-answered'],
    async check(probe) {
      const { before } = await writeChange(probe);
      const after = await readProfile(probe);
      if (before.id !== after.id) {
        throw new Failure('The id is another one after the write.', { expected: '"id" as it was', actual: '"id" with another value' });
      }
      const [was, is] = [before, after].map((profile) => attributesOf(profile).objectType);
      if (was !== is)
        throw new Failure('The object type is another one after the write.', {
          expected: `"objectType": ${JSON.stringify(was)}`,
          actual: `"objectType": ${JSON.stringify(is)}`,
        });
    },
  },
  {
    id: 'write.keeps-unicode',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'Letters of every script, combining ones too, are returned as they were sent.',
    remedy: 'Use UTF-8 from the wire to the store, a column of Unicode text, and no normalization.',
    rationale: 'Names are written in many scripts, and a company that is misspelt on its invoice may refuse to pay it.',
    procedure:
      'A PUT with a last name of several scripts, combining letters, an emoji and what text formats escape; its response and the GET after it have to carry it character for character.',
    sources: [sources.json, sources.updateBody],
    needs: ['write.stores-last-name'],
    // Composed and decomposed, three scripts, beyond the first plane, and what text formats escape. 40 characters.
    check: (probe) => expectKept(probe, 'Probe Ñandú e\u0301 李 שלום 😀 "q" \\ <b>&\u2019 x'),
  },
  {
    id: 'write.keeps-long-values',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A last name of 50 characters is returned as it was sent.',
    remedy: 'Store in full what is accepted. Refuse with 400 what is too long; never cut it.',
    rationale: 'A name that is cut silently is wrong on every invoice from then on.',
    procedure: 'A PUT with a last name of 50 characters; its response and the GET after it have to carry it character for character.',
    sources: [sources.address, sources.updateBody],
    needs: ['write.stores-last-name'],
    check: (probe) => expectKept(probe, `Probe ${'Abcdefghi '.repeat(5)}`.slice(0, 49) + 'z'),
  },
  {
    id: 'write.refuses-missing-email',
    level: 'should',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT without an e-mail address is refused with 400 or 422.',
    remedy: 'Require the members that a new customer needs. Invoices are announced to this address.',
    rationale: 'Invoices are announced to this address. Without it the customer is not notified.',
    procedure: 'A PUT that leaves out the e-mail address; the status has to be 400 or 422.',
    sources: [sources.createFields],
    needs: ['write.takes-pascal-case'],
    touchesMore: true,
    async check(probe) {
      const { request } = await prepareWrite(probe);
      const { Email: _, ...body } = request.body;
      expectStatus(await probe.send({ ...request, body, takesRefusal: true }), [400, 422], 'The PUT without Email', '400');
    },
  },
  ...storedMembers(),
  {
    id: 'write.leaves-other-customer-alone',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: "A write of one customer's profile leaves that of another customer as it is.",
    remedy: 'Put the customer id into the condition of the update statement.',
    rationale: 'A change that also reaches another customer sends the invoices of that customer to the wrong address.',
    procedure:
      "A GET of the other customer's profile before and after a PUT of this one's; the members of the contract in both are compared.",
    sources: [sources.updateUri],
    needs: ['write.takes-pascal-case'],
    async check(probe) {
      const other = probe.target.otherCustomerId;
      if (other === undefined) throw new Skip('no other customer was given');
      const before = await readOther(probe, other);
      await writeChange(probe);
      const after = await readOther(probe, other);
      if (contentOf(before) !== contentOf(after))
        throw new Failure(`The other customer's profile has changed: ${differences(before, after)}.`, anotherContent(before, after));
    },
  },
];

/** Two addresses that exist and are public: both are Microsoft's. */
const addressesInUS = [
  { addressLine1: '1 Microsoft Way', city: 'Redmond', state: 'WA', postalCode: '98052', phoneNumber: '4255555555' },
  { addressLine1: '1045 La Avenida St', city: 'Mountain View', state: 'CA', postalCode: '94043', phoneNumber: '6505555555' },
] as const;

/** A value for the member, or the members that it has to be written with. */
type ValueFor = (probe: Probe, before: ReadProfile) => unknown;

/** One requirement for each member that a user can set, so that a lost one is named. */
function storedMembers(): ServerRequirement[] {
  const requirement = (id: string, place: '' | 'address ', member: string, value: ValueFor): ServerRequirement => {
    const inAddress = place !== '';
    const touchesMore = inAddress || !['firstName', 'lastName'].includes(member);
    return {
      id,
      level: 'must',
      mode: 'write',
      since: '0.1.0',
      rule: `The ${place}member ${member} is stored as it was sent.`,
      remedy: `Map ${inAddress ? 'DefaultAddress.' : ''}${pascalCase(member)} of the request to the member that is stored and returned.`,
      rationale: `The service reports success, and the ${place}member ${member} that was to be corrected stays as it was; the client is not told.`,
      procedure: `A PUT with another ${member}${inAddress ? ' in the address' : ''}, together with the members that have to fit it, then a GET; the two values are compared.`,
      sources: [inAddress ? sources.address : sources.profileResource, sources.updateBody],
      needs: ['write.stores-what-it-answered'],
      ...(touchesMore ? { touchesMore: true } : {}),
      check: (probe) => expectStored(probe, member, inAddress, value),
    };
  };
  const invented = (probe: Probe): string => probe.invent();
  const inUS =
    (member: keyof (typeof addressesInUS)[0]) =>
    (probe: Probe, before: ReadProfile): Json => {
      const address = addressOf(before);
      if (address.country !== 'US') throw new Skip('legal values are known for the United States only');
      const other = addressesInUS.find((one) => one[member] !== address[member])!;
      for (const text of Object.values(other)) probe.show(text);
      return other;
    };
  return [
    requirement('write.stores-first-name', '', 'firstName', invented),
    requirement('write.stores-last-name', '', 'lastName', invented),
    requirement('write.stores-email', '', 'email', (probe) => probe.show(`probe-${probe.newId().slice(0, 8)}@example.com`)),
    requirement('write.stores-company-name', '', 'companyName', invented),
    requirement('write.stores-region', 'address ', 'region', inUSRegion),
    requirement('write.stores-city', 'address ', 'city', inUS('city')),
    requirement('write.stores-state', 'address ', 'state', inUS('state')),
    requirement('write.stores-first-address-line', 'address ', 'addressLine1', invented),
    requirement('write.stores-second-address-line', 'address ', 'addressLine2', invented),
    requirement('write.stores-postal-code', 'address ', 'postalCode', inUS('postalCode')),
    requirement('write.stores-address-first-name', 'address ', 'firstName', invented),
    requirement('write.stores-address-middle-name', 'address ', 'middleName', invented),
    requirement('write.stores-address-last-name', 'address ', 'lastName', invented),
    requirement('write.stores-phone-number', 'address ', 'phoneNumber', inUS('phoneNumber')),
  ];
}

/** Whether a region is legal beside a state is not documented; a service that refuses it is not blamed. */
function inUSRegion(probe: Probe, before: ReadProfile): unknown {
  const { country, region } = addressOf(before);
  if (country !== 'US') throw new Skip('legal values are known for the United States only');
  return probe.show(region === 'WA' ? 'CA' : 'WA');
}

/** Writes one member, with those that have to fit it, and looks at it in the next read. */
async function expectStored(probe: Probe, member: string, inAddress: boolean, valueFor: ValueFor): Promise<void> {
  const { request, change } = await prepareWrite(probe, (before) => {
    const value = valueFor(probe, before);
    if (!inAddress) return { [member]: value };
    return { defaultAddress: { ...addressOf(before), ...(typeof value === 'object' ? value : { [member]: value }) } };
  });
  const response = await probe.send(request);
  skipRefusedValue(probe, response, member === 'region');
  await expectWritten(probe, response);
  const of = (profile: ReadProfile): unknown => (inAddress ? addressOf(profile) : profile)[member];
  const [sent, stored] = [of(change), of(await readProfile(probe))];
  if (sent !== stored) {
    throw new Failure(`${member} is not what was sent.`, {
      expected: `"${member}": ${JSON.stringify(sent)}`,
      actual: stored === undefined ? `no "${member}"` : `"${member}" with another value`,
    });
  }
}

/** Writes a last name and compares it, character for character, with the response and with the next read. */
async function expectKept(probe: Probe, lastName: string): Promise<void> {
  const put = await prepareWrite(probe, { lastName: probe.show(lastName) });
  const response = await probe.send(put.request);
  skipRefusedValue(probe, response, false);
  await expectWritten(probe, response);
  for (const [where, profile] of [
    ['PUT', profileIn(response, 'PUT')],
    ['GET', await readProfile(probe)],
  ] as const) {
    if (profile.lastName === lastName) continue;
    const actual = typeof profile.lastName === 'string' ? profile.lastName : '';
    throw new Failure(`lastName in the response to ${where} is not what was sent.`, {
      expected: JSON.stringify(lastName),
      // A part of what was sent is ours to show; anything else may be a person's name.
      actual: lastName.startsWith(actual) ? JSON.stringify(actual) : `another text of ${[...actual].length} characters`,
    });
  }
}

/** A live service may refuse a value for reasons of its own: an address that is vetted, a name it takes for a test. */
function skipRefusedValue(probe: Probe, response: ProbeResponse, isDoubtful: boolean): void {
  if ((response.status !== 400 && response.status !== 422) || isStale(response)) return;
  if (isDoubtful || !probe.target.isThisMachine) throw new Skip(`value refused: ${describe(response)}`);
}

/** The members that the suite's writes of names leave alone. */
function unchangedMembers(profile: ReadProfile): ReadProfile {
  const { firstName: _, lastName: __, id: ___, ...rest } = profile;
  // The service normalizes the letter case of a culture.
  return { ...rest, culture: String(rest.culture).toLowerCase() };
}

/** Errors: `Failure` when nothing of the change is in the response. That every member is stored has requirements of its own. */
function expectChange({ change, response }: Pick<GoodPut, 'change'> & { response: ProbeResponse }): void {
  const profile = profileIn(response, 'PUT');
  if (Object.entries(change).some(([member, value]) => profile[member] === value)) return;
  const [member, value] = Object.entries(change)[0]!;
  throw new Failure(`The response to the PUT has nothing of the change of ${Object.keys(change).join(' and ')}.`, {
    expected: `"${member}": ${JSON.stringify(value)}`,
    actual: profile[member] === undefined ? `no "${member}"` : `"${member}" with another value`,
  });
}

async function readOther(probe: Probe, customerId: string): Promise<ReadProfile> {
  try {
    return await readProfile(probe, customerId);
  } catch (error) {
    if (error instanceof Failure) throw new Untestable(`The other customer's profile cannot be read. ${error.message}`);
    throw error;
  }
}
