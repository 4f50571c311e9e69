import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { filesBelow, readSource } from '../support/source.ts';

const packedPages = [
  'README.md',
  ...manifest.files.flatMap((part) =>
    part.endsWith('.md') ? [part] : part.includes('.') || part === 'dist' ? [] : filesBelow(part, '.md'),
  ),
];
const pages = [...new Set([...packedPages, 'CHANGELOG.md', 'CONTRIBUTING.md', ...filesBelow('src', '.md')])];

/** What a page says outside of its code blocks. */
const proseOf = (page: string): string => readSource(page).replaceAll(/^```.*?^```$/gms, '');

/** The links of a page within the project: paths from its root, and the heading that is meant, if one is. */
const linksOf = (page: string): { path: string; heading: string | undefined }[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path, heading] = link.split('#') as [string, string?];
      return { path: path === '' ? page : posix.join(posix.dirname(page), path), heading };
    });

/** The anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const isThere = (path: string): boolean => existsSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)));
const isPacked = (path: string): boolean =>
  ['README.md', 'LICENSE', 'package.json', ...manifest.files].some((part) => path === part || path.startsWith(`${part}/`));

test.each(pages)('%s links to files and headings that there are', (page) => {
  const dead = linksOf(page).filter(
    ({ path, heading }) => !isThere(path) || (heading !== undefined && !(path.endsWith('.md') && anchorsOf(path).includes(heading))),
  );
  expect(dead).toEqual([]);
});

test.each(packedPages)('%s links to nothing outside of the package', (page) => {
  const outside = linksOf(page).filter(({ path }) => !isPacked(path));
  expect(outside).toEqual([]);
});

test('links and headings are found', () => {
  expect(packedPages.length).toBeGreaterThan(30);
  expect(linksOf('README.md')).toContainEqual({ path: 'docs/conformance.md', heading: 'what-is-safe' });
  expect(linksOf('docs/mock.md')).toContainEqual({ path: 'docs/mock.md', heading: 'in-c' });
  expect(anchorsOf('docs/mock.md')).toContain('in-c');
});

test('every decision is in the list of decisions, with its title', () => {
  const list = readSource('docs/decisions/README.md');
  for (const page of filesBelow('docs/decisions', '.md').filter((path) => !path.endsWith('README.md'))) {
    const [, number, title] = /^# (\d{3}) (.+)$/m.exec(readSource(page))!;
    expect(list).toContain(`- [${number}](${posix.basename(page)}) ${title}\n`);
  }
});
