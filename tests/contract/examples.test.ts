import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import contract from '../../generated/openapi.json' with { type: 'json' };
import { validateErrorResponse, validateProfile, validateThrottlingResponse, validateUpdate } from '../../src/contract/validate.ts';
import { defaultCustomers } from '../../src/mock/customers.ts';
import { fakeProfile, seeds } from '../support/fake.ts';

const folder = new URL('../../openapi/', import.meta.url);
const example = (name: string): any => JSON.parse(readFileSync(new URL(`examples/${name}.json`, folder), 'utf8')); // oxlint-disable-line no-explicit-any

/** Every media type of the contract that has examples, with its schema. */
function mediaTypes(node: unknown): { schema: object; examples: Record<string, { externalValue: string }> }[] {
  if (node === null || typeof node !== 'object') return [];
  const here = 'examples' in node && 'schema' in node ? [node as never] : [];
  return [...here, ...Object.values(node).flatMap(mediaTypes)];
}

const yaml = parse(readFileSync(new URL('billing-profile.yaml', folder), 'utf8'), { merge: true });
const referenced = mediaTypes(yaml).flatMap(({ schema, examples }) =>
  Object.values(examples).map(({ externalValue }) => ({ file: externalValue.replace('examples/', ''), schema })),
);

describe('the documented exchanges', () => {
  test('every example file is an example of the contract', () => {
    expect(referenced.map(({ file }) => file).toSorted()).toEqual(readdirSync(new URL('examples', folder)).toSorted());
  });

  // ajv at run time, on the contract itself: an opinion beside the generated validators.
  test.each(referenced)('$file fits its schema', ({ file, schema }) => {
    const ajv = new Ajv2020({ allErrors: true, strict: false });
    ajv.addSchema(contract, 'contract');
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"contract#/')));
    expect(validate(example(file.replace('.json', ''))), JSON.stringify(validate.errors)).toBe(true);
  });

  test('the published contract carries them in full', () => {
    const put = contract.paths['/v1/customers/{customer-tenant-id}/profiles/billing'].put;
    expect(put.requestBody.content['application/json'].examples.documented.value).toEqual(example('update-request'));
    expect(JSON.stringify(contract)).not.toContain('externalValue');
  });

  test('the first customer of the mock is the documented one', () => {
    const { links: _, attributes: __, ...profile } = example('get-response');
    expect(defaultCustomers[0]!.profile).toEqual(profile);
  });
});

describe('the generated validators', () => {
  test.each(seeds)('take a profile that was made up (seed %i)', (seed) => {
    expect(validateProfile(fakeProfile(seed))).toMatchObject({ ok: true });
  });

  test('take the documented bodies', () => {
    expect(validateProfile(example('get-response')).ok).toBe(true);
    expect(validateUpdate(example('update-request')).ok).toBe(true);
    expect(validateErrorResponse(example('stale-response')).ok).toBe(true);
    expect(validateErrorResponse({ code: '900420', description: 'as in 2025' }).ok).toBe(true);
    expect(validateThrottlingResponse(example('throttling-response')).ok).toBe(true);
  });

  test.each([
    ['a missing member', { companyName: undefined }, '/companyName', 'is missing'],
    ['null', { firstName: null }, '/firstName', 'must be string'],
    ['a number', { defaultAddress: { country: 'US', postalCode: 98052 } }, '/defaultAddress/postalCode', 'must be string'],
    ['an address without a country', { defaultAddress: {} }, '/defaultAddress/country', 'is missing'],
    ['an ETag that is a number', { attributes: { etag: 1, objectType: 'CustomerBillingProfile' } }, '/attributes/etag', 'must be string'],
  ])('refuse %s in a profile, and say where', (_, change, path, message) => {
    const profile = JSON.parse(JSON.stringify({ ...example('get-response'), ...change }));
    expect(validateProfile(profile)).toEqual({ ok: false, problems: [{ path, message }] });
  });

  test('allow unknown members', () => {
    expect(validateProfile({ ...example('get-response'), tags: ['a'] }).ok).toBe(true);
  });

  test('do not take a body of one kind for one of another', () => {
    expect(validateUpdate(example('get-response')).ok).toBe(false);
    expect(validateErrorResponse({}).ok).toBe(false);
    expect(validateThrottlingResponse({}).ok).toBe(false);
    expect(validateThrottlingResponse(example('stale-response')).ok).toBe(false);
  });
});
