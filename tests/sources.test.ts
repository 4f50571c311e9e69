import { expect, test } from 'vitest';
import { filesBelow, readSource } from './support/source.ts';

const text = readSource('openapi/SOURCES.md');
const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) =>
  heading!
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-'),
);

test('every place that names a heading of SOURCES.md names one that is there', () => {
  const named = [...filesBelow('src', '.ts'), ...filesBelow('docs', '.md'), 'README.md', 'CONTRIBUTING.md'].flatMap((path) =>
    [...readSource(path).matchAll(/SOURCES\.md#([\w-]+)/g)].map(([, heading]) => `${path}: ${heading}`),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((place) => !headings.includes(place.split(': ')[1]!))).toEqual([]);
});

test('every status of the contract has its row', () => {
  const statuses = [...readSource('openapi/billing-profile.yaml').matchAll(/^ {8}'(\d{3})':/gm)].map(([, status]) => status!);
  const section = text.split('## Statuses')[1]!.split('\n## ')[0]!;
  expect(new Set(statuses).size).toBeGreaterThan(10);
  for (const status of statuses) expect(section).toContain(status);
});

test('every question of a behaviour has its row', async () => {
  const { behaviourQuestions } = await import('../src/contract/behaviour.ts');
  const section = text.split('## Open questions')[1]!;
  for (const question of Object.keys(behaviourQuestions)) expect(section).toMatch(new RegExp(`^\\| ${question} +\\|`, 'm'));
});
