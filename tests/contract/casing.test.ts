import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findMiscasedNames, fromWire, toWire } from '../../src/contract/casing.ts';
import type { WritableProfile } from '../../src/contract/profile.ts';
import { validateUpdate } from '../../src/contract/validate.ts';
import { fakeProfile, seeds } from '../support/fake.ts';

const profile = (json: string): WritableProfile => JSON.parse(json);
const example = (name: string): string => readFileSync(new URL(`../../openapi/examples/${name}.json`, import.meta.url), 'utf8');

describe('toWire', () => {
  test('makes the documented request of the documented profile', () => {
    const read = JSON.parse(example('get-response'));
    const changed = {
      ...read,
      defaultAddress: { ...read.defaultAddress, addressLine1: 'One Microsoft Way', region: null, addressLine2: null },
    };
    expect(toWire(changed)).toEqual(JSON.parse(example('update-request')));
  });

  test.each(seeds)('makes a body that fits the request schema, and the way back gives the profile (seed %i)', (seed) => {
    const read = fakeProfile(seed);
    expect(validateUpdate(toWire(read)).ok).toBe(true);
    expect(fromWire(toWire(read))).toEqual(read);
  });

  test('renames at every depth, in arrays too, and keeps the order', () => {
    const wire = toWire(profile('{"links":{"self":{"headers":[{"key":"a","value":"b"}],"uri":"u"}},"email":"e"}'));
    expect(JSON.stringify(wire)).toBe('{"Links":{"Self":{"Headers":[{"Key":"a","Value":"b"}],"Uri":"u"}},"Email":"e"}');
  });

  test.each([
    '{"tags":["a",{"email":"kept"}],"X-Odd":1,"__Links":{"self":{"uri":"u"}},"":0}',
    '{"etag":"only known inside attributes","addressLine1":"only inside defaultAddress"}',
    '{"__proto__":{"email":"x"},"constructor":1,"toString":null}',
    '{"iD":1,"EMAIL":2}',
  ])('leaves unknown members as they are, names included: %s', (json) => {
    expect(JSON.stringify(toWire(profile(json)))).toBe(json);
  });

  test('leaves values alone, whatever they are', () => {
    const json = '{"Email":{"email":1},"DefaultAddress":["x",[{"city":"y"}]],"Links":7,"Attributes":null}';
    expect(JSON.stringify(toWire(profile(json)))).toBe(json);
  });

  test('takes a name that is in PascalCase already, and what stands in it', () => {
    expect(toWire(profile('{"DefaultAddress":{"city":"x"}}'))).toEqual({ DefaultAddress: { City: 'x' } });
  });

  test.each(['{"email":"a","Email":"b"}', '{"defaultAddress":{"City":"a","city":"b"}}', '{"Attributes":{},"attributes":{}}'])(
    'refuses both spellings in one object: %s',
    (json) => {
      expect(() => toWire(profile(json))).toThrow(TypeError);
    },
  );

  test('does not change its argument', () => {
    const read = Object.freeze(fakeProfile(1));
    const before = JSON.stringify(read);
    toWire(read);
    expect(JSON.stringify(read)).toBe(before);
  });
});

describe('fromWire', () => {
  test('reads names in any letter case; of two the last one counts', () => {
    expect(fromWire({ EMAIL: 'a', DefaultAddress: { cITY: 'x' }, email: 'b' })).toEqual({ email: 'b', defaultAddress: { city: 'x' } });
  });
});

describe('findMiscasedNames', () => {
  test('points at known names only', () => {
    expect(findMiscasedNames({ Email: 1, Tags: 1, defaultAddress: { City: 1 }, links: { self: { headers: [{ Key: 1 }] } } })).toEqual([
      '/Email',
      '/defaultAddress/City',
      '/links/self/headers/0/Key',
    ]);
    expect(findMiscasedNames(fakeProfile(1))).toEqual([]);
  });
});

test('names that are not in PascalCase are found on request, in lists too', () => {
  const body = { Email: 'x', companyName: 'x', DefaultAddress: { city: 'x' }, Links: { Self: { Headers: [{ key: 'x' }] } }, other: 1 };
  expect(findMiscasedNames(body, 'PascalCase')).toEqual(['/companyName', '/DefaultAddress/city', '/Links/Self/Headers/0/key']);
});
