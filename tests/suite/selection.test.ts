import { describe, expect, test } from 'vitest';
import { requirements } from '../../src/conformance/index.ts';
import { clientRequirements } from '../../src/score/requirements/index.ts';
import { nearestTo } from '../../src/suite/nearest.ts';
import { selectRequirements, topicOf, topicsOf } from '../../src/suite/selection.ts';

const chosen = (only: string): string[] => selectRequirements(requirements, only).map(({ id }) => id);

describe('a selection', () => {
  test.each(topicsOf(requirements))('takes the topic %s as it takes a pattern', (topic) => {
    expect(chosen(topic)).toEqual(chosen(`${topic}.*`));
    expect(chosen(topic).length).toBeGreaterThan(0);
    expect(chosen(topic).every((id) => topicOf(id) === topic)).toBe(true);
  });

  test('takes the topic of a suite that has one', () => {
    expect(selectRequirements(clientRequirements, 'client')).toEqual(clientRequirements);
  });

  test.each([
    ['raec', 'Did you mean:\n  race'],
    ['Race', 'Did you mean:\n  race'],
    ['etags', 'Did you mean:\n  etag'],
    ['refuses-stale-write', 'Did you mean:\n  etag.refuses-stale-write'],
    ['etag.refuses-stale-wirte', 'Did you mean:\n  etag.refuses-stale-write'],
    ['zebra', 'Available:\n  read\n  casing\n'],
    ['*.zebra', 'Available:\n'],
    ['', 'Available:\n'],
  ])('that fits nothing says what was meant, or what there is: "%s"', (only, words) => {
    expect(() => chosen(only)).toThrow(TypeError);
    expect(() => chosen(only)).toThrow(`No requirement fits "${only}". ${words}`);
  });

  test('shows nothing that a terminal would obey', () => {
    expect(() => chosen('\u001b[2J')).toThrow('No requirement fits "\ufffd[2J"');
  });
});

test('the nearest names come first, and five at most', () => {
  expect(nearestTo('red', ['read', 'red', 'blue', 'reed'])).toEqual(['red', 'read', 'reed']);
  expect(
    nearestTo(
      'name',
      Array.from({ length: 9 }, (_, index) => `name${index}`),
    ),
  ).toHaveLength(5);
  expect(nearestTo('', ['a'])).toEqual([]);
});

test('several topics and patterns, separated by commas, name all of theirs in the order of all', () => {
  const ids = ['read.a', 'etag.b', 'race.c', 'race.d'];
  const all = ids.map(
    (id) => ({ id, level: 'must', since: '0.1.0', rule: '', remedy: '', rationale: '', sources: [], needs: [] }) as never,
  );
  const selected = (only: string): string[] => selectRequirements(all as never[], only).map(({ id }: { id: string }) => id);
  expect(selected('race,etag')).toEqual(['etag.b', 'race.c', 'race.d']);
  expect(selected('*.d, read.*')).toEqual(['read.a', 'race.d']);
  expect(() => selected('race,nope')).toThrow('No requirement fits "nope"');
});
