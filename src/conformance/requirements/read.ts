import { isJsonObject } from '../../contract/json.ts';
import { validateProfile } from '../../contract/validate.ts';
import { Failure } from '../outcome.ts';
import { describe, profileIn, readProfile } from '../profile-probe.ts';
import { sources } from '../sources.ts';
import type { Requirement } from '../types.ts';

export const readRequirements: readonly Requirement[] = [
  {
    id: 'read.answers-one-object',
    level: 'must',
    mode: 'read',
    rule: "GET of a customer's billing profile answers 200 with one JSON object.",
    sources: [sources.getPage],
    needs: [],
    async check(probe) {
      const answer = await probe.send({ method: 'GET' });
      if (answer.status !== 200) throw new Failure(`GET was answered ${describe(answer)}, not 200.`);
      const type = answer.headers.get('Content-Type') ?? '';
      if (!/^(application|text)\/([\w.-]+\+)?json\b/i.test(type)) {
        throw new Failure(`The Content-Type of the answer is ${type === '' ? 'missing' : `"${type.split(';', 1)[0]}"`}, not JSON.`);
      }
      const profile = profileIn(answer, 'GET');
      if (Array.isArray(profile.items)) throw new Failure('The answer is a collection with the member "items", not one profile.');
      probe.observe('byteOrderMark', answer.bytes[0] === 0xef && answer.bytes[1] === 0xbb && answer.bytes[2] === 0xbf);
      const uri = (profile.links as { self?: { uri?: unknown } } | undefined)?.self?.uri;
      if (typeof uri === 'string' && uri.startsWith('/')) probe.observe('linkPrefix', uri.startsWith('/v1/') ? '/v1' : '');
    },
  },
  {
    id: 'read.answers-no-nulls',
    level: 'must',
    mode: 'read',
    rule: 'A profile leaves out the members that have no value instead of answering null.',
    sources: [sources.getPage],
    needs: ['read.answers-one-object'],
    async check(probe) {
      const nulls = pathsOfNulls(await readProfile(probe));
      if (nulls.length > 0) throw new Failure(`Null stands at ${nulls.join(', ')}.`);
    },
  },
  {
    id: 'read.fits-contract',
    level: 'must',
    mode: 'read',
    rule: 'A profile has the members and the types of the contract.',
    sources: [sources.profileResource],
    needs: ['read.answers-one-object', 'etag.carries-etag'],
    async check(probe) {
      const validation = validateProfile(withoutNulls(await readProfile(probe)));
      if (!validation.ok)
        throw new Failure(`${validation.problems.map(({ path, message }) => `${path || 'The profile'} ${message}`).join('; ')}.`);
    },
  },
];

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
