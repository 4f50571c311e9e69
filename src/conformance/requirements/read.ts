import { isJsonObject } from '../../contract/json.ts';
import { billingProfilePathOf } from '../../contract/profile.ts';
import { validateProfile } from '../../contract/validate.ts';
import { Failure } from '../probe/check-errors.ts';
import { attributesOf, profileIn, readProfile } from '../probe/profile.ts';
import { expectStatus } from '../probe/expect.ts';
import { sources } from '../../suite/sources.ts';
import type { ServerRequirement } from '../requirement.ts';

const objectType = 'CustomerBillingProfile';

export const readRequirements: readonly ServerRequirement[] = [
  {
    id: 'read.answers-one-object',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: "GET of a customer's billing profile returns 200 with one JSON object.",
    remedy: 'Return the profile itself, not a collection, an envelope or a web page.',
    rationale: 'Every client reads the profile as one object; in any other response it finds neither the invoice recipient nor the ETag.',
    procedure: 'A GET; the status has to be 200 and the body one JSON object that is not a collection with a list named items.',
    sources: [sources.getPage],
    needs: [],
    async check(probe) {
      const response = await probe.send({ method: 'GET' });
      expectStatus(response, [200], 'GET', '200');
      const profile = profileIn(response, 'GET');
      if (Array.isArray(profile.items)) {
        throw new Failure('The response is a collection with the member "items", not one profile.', {
          expected: 'one profile',
          actual: '"items": a collection',
        });
      }
      probe.observe('byteOrderMark', response.bytes[0] === 0xef && response.bytes[1] === 0xbb && response.bytes[2] === 0xbf);
    },
  },
  {
    id: 'read.answers-json-media-type',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'The Content-Type of a profile is a JSON media type.',
    remedy: 'Send Content-Type: application/json; charset=utf-8.',
    rationale: 'Many HTTP libraries parse a body only when its media type is JSON, and otherwise give the caller text or nothing.',
    procedure: 'A GET; the media type in Content-Type has to be application or text, with the subtype json or one that ends in +json.',
    sources: [sources.getPage, sources.contentType],
    needs: ['read.answers-one-object'],
    async check(probe) {
      const { headers } = await probe.send({ method: 'GET' });
      const type = headers.get('Content-Type')?.split(';', 1)[0]!.trim();
      if (type !== undefined && /^(application|text)\/([\w.-]+\+)?json$/i.test(type)) return;
      throw new Failure(`The Content-Type of the response is ${type ? `"${type}"` : 'missing'}, not JSON.`, {
        expected: 'Content-Type: application/json',
        actual: type ? `Content-Type: ${type}` : 'no Content-Type',
      });
    },
  },
  {
    id: 'read.answers-no-nulls',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A profile leaves out members that have no value instead of returning null.',
    remedy: 'Configure the serializer of responses to leave out members that are null.',
    rationale: 'A typed client that expects a text or nothing fails on null, and one that writes back what it read sends the null along.',
    procedure: 'A GET; its body is searched for null at every depth.',
    sources: [sources.getPage],
    needs: ['read.answers-one-object'],
    async check(probe) {
      const nulls = pathsOfNulls(await readProfile(probe));
      if (nulls.length === 0) return;
      const name = nulls[0]!.split('/').at(-1)!;
      throw new Failure(`Null stands at ${nulls.join(', ')}.`, { expected: `no "${name}"`, actual: `"${name}": null` });
    },
  },
  {
    id: 'read.fits-contract',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A profile has the members and the types of the contract.',
    remedy: 'Compare the response with the schema CustomerBillingProfile of the contract.',
    rationale:
      'A client writes back everything that it read. A member that is missing or has another type is lost, or makes the write fail.',
    procedure: 'A GET; the profile, letter case and nulls aside, is validated against the schema CustomerBillingProfile of the contract.',
    sources: [sources.profileResource],
    needs: ['read.answers-one-object', 'etag.carries-etag'],
    async check(probe) {
      const validation = validateProfile(withoutNulls(await readProfile(probe)));
      if (validation.ok) return;
      const [first] = validation.problems;
      throw new Failure(`${validation.problems.map(({ path, message }) => `${path || 'The profile'} ${message}`).join('; ')}.`, {
        expected: `${first!.path || 'the profile'} ${first!.message.replace('is missing', 'is there')}`,
        actual: first!.message === 'is missing' ? 'no such member' : 'another type',
      });
    },
  },
  {
    id: 'read.names-object-type',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: `The object type of a profile is ${objectType}.`,
    remedy: `Return "objectType": "${objectType}" in attributes, whatever a client sent.`,
    rationale: 'Clients that handle several resources choose the type to read into by this name.',
    procedure: 'A GET; attributes.objectType is compared with CustomerBillingProfile.',
    sources: [sources.getPage, sources.resourceAttributes],
    needs: ['read.fits-contract'],
    async check(probe) {
      const attributes = attributesOf(await readProfile(probe));
      if (attributes.objectType === objectType) return;
      throw new Failure('attributes.objectType is another one.', {
        expected: `"objectType": "${objectType}"`,
        actual: `"objectType": ${JSON.stringify(attributes.objectType) ?? 'absent'}`,
      });
    },
  },
  {
    id: 'read.keeps-id',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'Two reads of a profile return the same id.',
    remedy: 'Store the id of the profile; do not make one for each response.',
    rationale: 'A client that knows a profile by its id takes another id for another profile.',
    procedure: 'Two GETs; their ids are compared.',
    sources: [sources.profileResource],
    needs: ['read.fits-contract'],
    async check(probe) {
      const [first, second] = [await readProfile(probe), await readProfile(probe)];
      if (first.id !== second.id) {
        throw new Failure('The second read returns another id than the first.', {
          expected: '"id" as in the first read',
          actual: '"id" with another value',
        });
      }
    },
  },
  {
    id: 'read.links-to-this-customer',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: "The self link of a profile, where there is one, leads to this customer's profile.",
    remedy: 'Make links.self.uri from the customer id of the request, with or without /v1.',
    rationale: 'A client that follows the self link would read, or write, the profile of another customer.',
    procedure: "A GET; links.self.uri, where there is one, has to end in the path of this customer's profile, in any letter case.",
    sources: [sources.getPage, sources.resourceLinks],
    needs: ['read.fits-contract'],
    async check(probe) {
      const { links } = await readProfile(probe);
      const self = isJsonObject(links) ? links.self : undefined;
      const uri = isJsonObject(self) ? self.uri : undefined;
      if (typeof uri !== 'string') return;
      const path = billingProfilePathOf(probe.target.customerId, '');
      if (!uri.toLowerCase().endsWith(path.toLowerCase())) {
        throw new Failure('links.self.uri leads to another place.', {
          expected: `…${path}`,
          actual: withoutIds(uri, probe.target.customerId),
        });
      }
      if (uri.startsWith('/')) probe.observe('linkPrefix', /^\/v1\//i.test(uri) ? '/v1' : '');
    },
  },
];

/** The link with the ids of others left out: a report must not show whom a leak exposes. */
const withoutIds = (uri: string, own: string): string =>
  uri.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, (id) => (id.toLowerCase() === own.toLowerCase() ? id : '<another id>'));

function pathsOfNulls(value: unknown, path = ''): string[] {
  if (value === null) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) => pathsOfNulls(member, `${path}/${name}`));
}

/** Nulls have a requirement of their own; the blame for one is not to fall on the shape too. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, member]) => (member === null ? [] : [[name, withoutNulls(member)]])));
}
