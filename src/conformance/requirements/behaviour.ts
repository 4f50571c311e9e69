import type { ServiceBehaviour } from '../../contract/behaviour.ts';
import { toIfMatch } from '../../contract/etag.ts';
import { Untestable } from '../probe/check-errors.ts';
import {
  addressOf,
  attributesOf,
  expectWritten,
  type GoodPut,
  inventNames,
  prepareWrite,
  putRequest,
  type ReadProfile,
  readProfile,
  wireBody,
  writeChange,
} from '../probe/profile.ts';
import { describe } from '../probe/expect.ts';
import { sources } from '../../suite/sources.ts';
import type { Probe } from '../probe/probe.ts';
import type { ProbeResponse, ProbeRequest } from '../probe/exchange.ts';
import type { ServerRequirement } from '../requirement.ts';
import { withoutEtag } from './etag.ts';

type Json = Record<string, unknown>;

/** An open question, looked at. It never fails a run: `untestable` when the service cannot be made to give an answer. */
const question = (
  given: Pick<ServerRequirement, 'id' | 'rule' | 'rationale' | 'procedure' | 'sources' | 'check'> &
    Partial<Pick<ServerRequirement, 'touchesMore' | 'needs'>>,
): ServerRequirement => ({
  level: 'observe',
  mode: 'write',
  since: '0.1.0',
  remedy: 'No repair is needed; the documents leave it open.',
  needs: ['etag.refuses-stale-write'],
  ...given,
});

export const behaviourRequirements: readonly ServerRequirement[] = [
  question({
    id: 'behaviour.shows-precondition',
    rule: 'The responses show where the ETag of a PUT counts.',
    rationale: 'A client has to know where the ETag counts, or its write is not guarded.',
    procedure: 'A PUT without an ETag, one with the current ETag in the body alone, and one with a stale ETag there.',
    sources: [sources.updateHeaders],
    async check(probe) {
      const { put, response } = await sendWith(probe, () => ({}), { bodyEtag: null });
      if (isDone(response)) return probe.observe('precondition', 'optional');
      const inBody = await sendWith(probe, () => ({}), { bodyEtag: 'current' });
      if (isRefused(inBody.response)) return probe.observe('precondition', 'header');
      await expectWritten(probe, inBody.response);
      // A service that takes any body has not looked at the ETag in it.
      const stale = await sendWith(probe, () => ({}), { bodyEtag: put.etag });
      if (isDone(stale.response)) throw unsettled('a PUT with a stale ETag in the body alone gets 200');
      probe.observe('precondition', 'header-or-body');
    },
  }),
  question({
    id: 'behaviour.shows-disagreement',
    rule: 'The responses show what counts when If-Match and the body carry different ETags.',
    rationale: 'A client that renews one of the two ETags and forgets the other is refused, or overwrites.',
    procedure: 'A PUT with the current ETag in If-Match and a stale one in the body, then one the other way round.',
    sources: [sources.updateHeaders, sources.updateBody],
    async check(probe) {
      const { etag: stale } = await writeChange(probe);
      const headerCurrent = await sendWith(probe, ifMatchCurrent, { bodyEtag: stale });
      const bodyCurrent = await sendWith(probe, () => ({ ifMatch: toIfMatch(stale) }), { bodyEtag: 'current' });
      const seen = [headerCurrent, bodyCurrent].map(({ response }) => isDone(response));
      if (seen[0] && !seen[1]) return probe.observe('disagreement', 'header-wins');
      if (!seen[0] && seen[1]) return probe.observe('disagreement', 'body-wins');
      if (!seen[0] && !seen[1]) return probe.observe('disagreement', 'refused');
      throw unsettled('either ETag will do');
    },
    needs: ['etag.refuses-older-write'],
  }),
  ifMatchQuestion('behaviour.shows-wildcard', 'The responses show what If-Match: * does.', 'wildcard', () => '*'),
  ifMatchQuestion('behaviour.shows-weak-tag', 'The responses show what a weak ETag in If-Match does.', 'weakTag', (etag) =>
    etag.includes('"') ? undefined : `W/"${etag}"`,
  ),
  ifMatchQuestion('behaviour.shows-bare-tag', 'The responses show what an ETag without quotes in If-Match does.', 'bareTag', (etag) =>
    /[",\s]/.test(etag) ? undefined : etag,
  ),
  ifMatchQuestion(
    'behaviour.shows-tag-list',
    'The responses show what several ETags in If-Match do.',
    'tagList',
    (etag, made) => `"${made}", ${toIfMatch(etag)}`,
  ),
  question({
    id: 'behaviour.shows-empty-if-match',
    rule: 'The responses show what an empty If-Match does.',
    rationale: 'A client that fills the header from an empty variable believes that its write is guarded.',
    procedure: 'A PUT with an empty If-Match and without an ETag in the body.',
    sources: [sources.ifMatch],
    async check(probe) {
      const { response } = await sendWith(probe, () => ({ ifMatch: '' }), { bodyEtag: null });
      probe.note(`empty If-Match, no ETag in the body: ${outcomeOf(response)}`);
    },
  }),
  memberQuestion('behaviour.shows-omitted-member', 'The responses show what happens to a member that a PUT leaves out.', 'omittedMember'),
  memberQuestion('behaviour.shows-null-member', 'The responses show what happens to a member that a PUT sends as null.', 'nullMember'),
  question({
    id: 'behaviour.shows-missing-members',
    rule: 'The responses show which members, beside the e-mail address, a PUT has to carry.',
    rationale: 'Which members can be left out decides what a client has to know before it writes.',
    procedure: 'PUTs that leave out Culture, Language, CompanyName and DefaultAddress, one of them each.',
    sources: [sources.createFields],
    async check(probe) {
      const seen = new Map<string, string[]>();
      for (const name of ['Culture', 'Language', 'CompanyName', 'DefaultAddress']) {
        const { request } = await prepareWrite(probe);
        const body = Object.fromEntries(Object.entries(request.body).filter(([member]) => member !== name));
        const outcome = outcomeOf(await probe.send({ ...request, body, takesRefusal: true }));
        seen.set(outcome, [...(seen.get(outcome) ?? []), name]);
      }
      for (const [outcome, names] of seen) probe.note(`without ${names.join(', ')}: ${outcome}`);
    },
    touchesMore: true,
  }),
  question({
    id: 'behaviour.shows-unknown-member',
    rule: 'The responses show what happens to a member that the contract does not know.',
    rationale: 'A client that keeps members that it does not know relies on the service to store them.',
    procedure: "A PUT with a member of the suite's own, then a GET.",
    sources: [sources.profileResource],
    async check(probe) {
      const name = 'pcBillingProbe';
      const { request } = await prepareWrite(probe);
      const response = await probe.send({ ...request, body: { ...request.body, [name]: probe.invent() }, takesRefusal: true });
      if (isRefused(response)) throw unsettled(`a PUT with one gets ${outcomeOf(response)}`);
      await expectWritten(probe, response);
      const stored = Object.keys(await readProfile(probe)).some((member) => member.toLowerCase() === name.toLowerCase());
      probe.observe('unknownMember', stored ? 'kept' : 'dropped');
    },
    touchesMore: true,
  }),
  question({
    id: 'behaviour.shows-identity-change',
    rule: 'The responses show what another id and object type in a PUT do.',
    rationale: 'A client that mixes two profiles up may give one of them the id of the other.',
    procedure: 'A PUT with another id and another object type, then a GET.',
    sources: [sources.profileResource],
    async check(probe) {
      const { before, request } = await prepareWrite(probe);
      const [id, objectType] = [probe.show(probe.newId()), probe.show('BillingProfile')];
      const body = { ...request.body, Id: id, Attributes: { ...(request.body.Attributes as Json), ObjectType: objectType } };
      const response = await probe.send({ ...request, body, takesRefusal: true });
      if (isRefused(response)) return probe.observe('identityChange', 'refused');
      await expectWritten(probe, response);
      const after = await readProfile(probe);
      const stored = [after.id === id, objectTypeOf(after) === objectType];
      const kept = [after.id === before.id, objectTypeOf(after) === objectTypeOf(before)];
      if (stored.every(Boolean)) return probe.observe('identityChange', 'stored');
      if (kept.every(Boolean)) return probe.observe('identityChange', 'ignored');
      throw unsettled('the id and the object type are treated differently');
    },
    touchesMore: true,
    needs: ['etag.refuses-stale-write', 'write.keeps-identity'],
  }),
  question({
    id: 'behaviour.shows-country-change',
    rule: 'The responses show what another country in a PUT does.',
    rationale: 'Taxes and the rules for addresses depend on the country; whether it can be changed here is not documented.',
    procedure: 'A PUT with another country, then a GET.',
    sources: [sources.address],
    async check(probe) {
      const { response, after } = await sendOther(probe, (before) => ({
        defaultAddress: { ...addressOf(before), country: addressOf(before).country === 'CA' ? 'US' : 'CA' },
      }));
      probe.note(`other country: ${outcomeOf(response)}, then ${String(addressOf(after).country)}`);
    },
    touchesMore: true,
  }),
  question({
    id: 'behaviour.shows-culture-change',
    rule: 'The responses show what another culture in a PUT does.',
    rationale: 'A client that compares what it wrote with what it reads has to know which spelling is stored.',
    procedure: 'A PUT with another culture, in upper case, then a GET.',
    sources: [sources.profileResource],
    async check(probe) {
      const { response, after } = await sendOther(probe, ({ culture }) => ({ culture: culture === 'de-DE' ? 'EN-US' : 'DE-DE' }));
      probe.note(`other culture, in upper case: ${outcomeOf(response)}, then ${String(after.culture)}`);
    },
    touchesMore: true,
  }),
  question({
    id: 'behaviour.shows-request-id-replay',
    rule: 'The responses show what a PUT with the MS-RequestId of an earlier one does.',
    rationale: 'A client that got no response sends the same request again. What that does decides whether it may.',
    procedure: 'Two PUTs of different names, each with the current ETag, both with the same MS-RequestId; then a GET.',
    sources: [sources.headersPage],
    async check(probe) {
      const requestId = probe.newId();
      const first = await prepareWrite(probe);
      await expectWritten(probe, await probe.send({ ...first.request, requestId }));
      const second = await prepareWrite(probe);
      const response = await probe.send({ ...second.request, requestId, takesRefusal: true });
      if (!isDone(response)) throw unsettled(`the second PUT gets ${outcomeOf(response)}`);
      const after = await readProfile(probe);
      const isStored = ({ change }: GoodPut): boolean => Object.entries(change).some(([member, value]) => after[member] === value);
      if (isStored(second)) return probe.observe('requestIdReplay', 'executed');
      if (isStored(first)) return probe.observe('requestIdReplay', 'answered-again');
      throw unsettled('neither PUT is stored');
    },
  }),
  question({
    id: 'behaviour.shows-address-checks',
    rule: 'The responses show whether a PUT is checked against the documented rules for addresses.',
    rationale: 'The service reports a wrong address at once, or the reseller learns of it when the invoice comes back.',
    procedure: 'PUTs with a first address line of 201 characters and, in the United States, with letters as the postal code.',
    sources: [sources.address],
    async check(probe) {
      const tooLong = { addressLine1: probe.show('A'.repeat(201)) };
      const badPostalCode = { postalCode: probe.show('ABCDE') };
      const { before } = await prepareWrite(probe);
      const changes = [tooLong, ...(addressOf(before).country === 'US' ? [badPostalCode] : [])];
      const seen: boolean[] = [];
      for (const change of changes) {
        const put = await prepareWrite(probe, (read) => ({ defaultAddress: { ...addressOf(read), ...change } }));
        const response = await probe.send({ ...put.request, takesRefusal: true });
        seen.push(isRefused(response));
        // The next one is to differ in one thing too.
        if (isDone(response)) await writeChange(probe, { defaultAddress: addressOf(put.before) });
      }
      if (seen.every(Boolean)) return probe.observe('addressChecks', 'documented');
      if (!seen.some(Boolean)) return probe.observe('addressChecks', 'none');
      throw unsettled('some rules are checked and others are not');
    },
    touchesMore: true,
  }),
];

/**
 * What one spelling of If-Match does. The ETag in the body is left out, so that only the header can count; whether it counts at all is
 * looked at first.
 */
function ifMatchQuestion(
  id: string,
  rule: string,
  name: 'wildcard' | 'weakTag' | 'bareTag' | 'tagList',
  spell: (etag: string, made: string) => string | undefined,
): ServerRequirement {
  return question({
    id,
    rule,
    rationale: 'Clients spell If-Match in different ways; which spellings the service accepts decides whether a guarded write succeeds.',
    procedure:
      'A PUT with the current ETag in If-Match alone and one with a stale ETag there, to see that the header counts; then one with this spelling.',
    sources: [sources.ifMatch],
    async check(probe) {
      const control = await sendWith(probe, ifMatchCurrent, { bodyEtag: null });
      if (!isDone(control.response)) throw unsettled(`a PUT with the current ETag in If-Match alone gets ${outcomeOf(control.response)}`);
      const stale = await sendWith(probe, () => ({ ifMatch: toIfMatch(control.put.etag) }), { bodyEtag: null });
      if (isDone(stale.response)) throw unsettled('a PUT with a stale ETag in If-Match alone gets 200');
      const { response } = await sendWith(
        probe,
        ({ etag }) => {
          const spelled = spell(etag, `pc-billing-${probe.newId()}`);
          if (spelled === undefined) throw unsettled('the ETag of this service cannot be written like that');
          return { ifMatch: spelled };
        },
        { bodyEtag: null },
      );
      probe.observe(name, acceptedOrRefused(response));
    },
  });
}

/** What becomes of a last name that is left out, or null. */
function memberQuestion(id: string, rule: string, name: 'omittedMember' | 'nullMember'): ServerRequirement {
  return question({
    id,
    rule,
    rationale: 'It decides whether a client that does not send a value clears it or leaves it alone.',
    procedure: `A PUT with a last name, then one ${name === 'omittedMember' ? 'without it' : 'with null in its place'}, then a GET.`,
    sources: [sources.updateBody],
    needs: ['write.stores-last-name', 'etag.refuses-stale-write'],
    async check(probe) {
      const written = await writeChange(probe);
      const { request } = await prepareWrite(probe, { firstName: probe.invent() });
      const { LastName: _, ...others } = request.body;
      const body = name === 'omittedMember' ? others : { ...others, LastName: null };
      const response = await probe.send({ ...request, body, takesRefusal: true });
      if (isRefused(response)) return probe.observe(name, 'refused');
      await expectWritten(probe, response);
      const { lastName } = await readProfile(probe);
      if (lastName === undefined || lastName === null || lastName === '') return probe.observe(name, 'cleared');
      if (lastName === written.change.lastName) return probe.observe(name, 'kept');
      throw unsettled('it has become something else');
    },
  });
}

/** Sends a PUT of new names with the ETags that the question is about. `bodyEtag: null` leaves it out. */
async function sendWith(
  probe: Probe,
  headers: (put: GoodPut) => Partial<ProbeRequest>,
  { bodyEtag }: { bodyEtag: 'current' | null | (string & {}) },
): Promise<{ put: GoodPut; response: ProbeResponse }> {
  const put = await prepareWrite(probe);
  const { before, change, etag } = put;
  const profile = { ...before, ...change };
  const body = bodyEtag === null ? wireBody(withoutEtag(profile)) : putRequest(profile, {}, bodyEtag === 'current' ? etag : bodyEtag).body;
  return { put, response: await probe.send({ method: 'PUT', body, ...headers(put), takesRefusal: true }) };
}

/** Sends a PUT with another value somewhere, and reads what is there then. */
async function sendOther(probe: Probe, change: (before: ReadProfile) => Json): Promise<{ response: ProbeResponse; after: ReadProfile }> {
  const { request } = await prepareWrite(probe, (before) => ({ ...inventNames(probe), ...change(before) }));
  const response = await probe.send({ ...request, takesRefusal: true });
  return { response, after: await readProfile(probe) };
}

const ifMatchCurrent = ({ etag }: GoodPut): Partial<ProbeRequest> => ({ ifMatch: toIfMatch(etag) });
const objectTypeOf = (profile: ReadProfile): unknown => attributesOf(profile).objectType;
const isDone = ({ status }: ProbeResponse): boolean => status === 200;
const isRefused = ({ status }: ProbeResponse): boolean => status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status);
const outcomeOf = (response: ProbeResponse): string => (isDone(response) ? 'accepted' : describe(response));
const unsettled = (why: string): Untestable => new Untestable(`It cannot be told: ${why}.`);

function acceptedOrRefused(response: ProbeResponse): ServiceBehaviour['wildcard'] {
  if (isDone(response)) return 'accepted';
  if (isRefused(response)) return 'refused';
  throw unsettled(`the PUT gets ${outcomeOf(response)}`);
}
