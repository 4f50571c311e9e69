import { describe, expect, test } from 'vitest';
import { requirements } from '../../src/conformance/index.ts';

const modes = ['read', 'write', 'race'];
const byId = new Map(requirements.map((requirement) => [requirement.id, requirement]));

test('ids are unique', () => {
  expect(byId.size).toBe(requirements.length);
});

describe.each(requirements.map((requirement) => [requirement.id, requirement] as const))(
  '%s',
  (id, { rule, rationale, procedure, sources, needs, mode, level }) => {
    test('is topic.verb-object, without numbers', () => {
      expect(id).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)+$/);
    });

    test('has a rule of one sentence without a modal verb: the level says how much it counts', () => {
      expect(rule).toMatch(/^[A-Z][^\n]*[^.]\.$/);
      expect(rule).not.toMatch(/\b(should|must|may|might|can|could|shall)\b/i);
      expect(rule).not.toMatch(/[.!?] [A-Z]/);
    });

    test('says why it matters and how it is tested, in its own words', () => {
      expect(rationale).toMatch(/^[A-Z][^\n]*[^.]\.$/);
      expect(procedure).toMatch(/^[A-Z][^\n]*[^.]\.$/);
      expect(new Set([rule, rationale, procedure]).size).toBe(3);
      if (mode !== 'read') expect(procedure).toMatch(/PUT|PATCH|[Ww]rite/);
    });

    test('has sources, each with a section and a date', () => {
      expect(sources.length).toBeGreaterThan(0);
      for (const source of sources) expect(source).toMatch(/^(Microsoft|Microsoft Learn|RFC \d+), .+, \d{4}-\d{2}(-\d{2})?$/);
    });

    test('needs only what exists, can be run in its mode and counts no less', () => {
      for (const need of needs) {
        expect(byId.has(need), need).toBe(true);
        expect(modes.indexOf(byId.get(need)!.mode)).toBeLessThanOrEqual(modes.indexOf(mode));
        if (level === 'must') expect(byId.get(need)!.level).toBe('must');
        expect(byId.get(need)!.level).not.toBe('observe');
      }
    });

    test('does not need itself, however long the way', () => {
      const seen = new Set<string>();
      const walk = (at: string): void => {
        for (const need of byId.get(at)!.needs) {
          expect(need).not.toBe(id);
          if (!seen.has(need)) walk((seen.add(need), need));
        }
      };
      walk(id);
      expect(seen.has(id)).toBe(false);
    });
  },
);

test('each id begins with the name of the file that it stands in', async () => {
  for (const topic of new Set(requirements.map(({ id }) => id.split('.')[0]!))) {
    const file: Record<string, unknown> = await import(`../../src/conformance/requirements/${topic}.ts`);
    const inFile = Object.values(file).filter(Array.isArray).flat() as { id: string }[];
    expect(inFile.map(({ id }) => id)).toEqual(requirements.filter(({ id }) => id.startsWith(`${topic}.`)).map(({ id }) => id));
  }
});
