import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { filesBelow, readSource } from '../support/source.ts';

const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...['docs', 'openapi', 'fingerprints', 'src'].flatMap((folder) => filesBelow(folder, '.md')),
];

/** The links of a page to other files, as paths from the project's root. A code block has none. */
const linksOf = (page: string): string[] =>
  [
    ...readSource(page)
      .replaceAll(/^```.*?^```$/gms, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, link]) => link!.replace(/#.*$/, ''))
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
    .map((link) => posix.join(posix.dirname(page), link));

test.each(pages)('%s links to files that there are', (page) => {
  const dead = linksOf(page).filter((path) => !existsSync(fileURLToPath(new URL(`../../${path}`, import.meta.url))));
  expect(dead).toEqual([]);
});

test('links are found', () => {
  expect(linksOf('README.md')).toContain('docs/detection.md');
});
