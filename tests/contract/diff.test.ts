import { expect, test } from 'vitest';
import { bundled } from '../../scripts/contract/bundle.ts';
import { annotationsOf, bundledAt, compare, formatComparison, versionSentence } from '../../scripts/contract/diff.ts';
import { isAtLeast, judge, nextVersion } from '../../scripts/contract/judge.ts';
import { contractPath, textOf } from '../../scripts/contract/model.ts';
import type { RedoclyChange } from '../../scripts/contract/redocly.ts';
import { type Edit, edited, requiredFax } from '../support/contract-edits.ts';

const base = bundled(textOf(contractPath));
const { version: current } = (JSON.parse(base) as { info: { version: string } }).info;
const [major, minor, patch] = current.split('.').map(Number) as [number, number, number];
const versioned = (version: string): Edit[number] => [`  version: ${current}\n`, `  version: ${version}\n`];

test('a breaking change among harmless ones: what it breaks, in words, and the version that has to follow', () => {
  const summary = ["summary: Read a customer's billing profile", 'summary: Read the billing profile'] as const;
  const comparison = compare(base, bundled(edited([...requiredFax, summary])));
  expect(formatComparison(comparison, false)).toBe(`1 breaking change.

Breaking
- CustomerBillingProfileUpdate requires FaxNumber now. Clients that do not send the member are refused.

Added or loosened
- CustomerBillingProfile requires faxNumber now.
- CustomerBillingProfile.faxNumber is new.
- CustomerBillingProfileUpdate.FaxNumber is new.

Words and examples
- The summary of GET changed.

info.version is ${current}. Write ${major + 1}.0.0 or a later version into ${contractPath}, then run \`npm run generate\`.
`);
  expect(formatComparison(comparison, true)).toContain(
    '## Contract\n\n1 breaking change.\n\n### Breaking\n\n- CustomerBillingProfileUpdate',
  );
  expect(annotationsOf(comparison)).toEqual([
    `::warning file=${contractPath}::Breaking: CustomerBillingProfileUpdate requires FaxNumber now. Clients that do not send the member are refused.`,
    `::error file=${contractPath}::${versionSentence(comparison)}`,
  ]);
});

test.each([
  ['the same version', current, false],
  ['too low a one', `${major}.${minor}.${patch + 1}`, false],
  ['the next minor one', `${major}.${minor + 1}.0`, true],
  ['a higher one', `${major + 1}.0.0`, true],
])('an addition and %s', (_, version, isSaid) => {
  const servers = ['servers:\n', 'servers:\n  - url: http://127.0.0.1:4999\n'] as const;
  const comparison = compare(base, bundled(edited(version === current ? [servers] : [servers, versioned(version)])));
  expect(comparison).toMatchObject({ was: current, is: version, needed: `${major}.${minor + 1}.0`, isSaid });
  expect(annotationsOf(comparison)).toHaveLength(isSaid ? 0 : 1);
});

test('nothing changed, only the version changed, and a version that goes back', () => {
  expect(versionSentence(compare(base, base))).toBe(`Nothing changed; the version stays ${current}.`);
  expect(versionSentence(compare(base, bundled(edited([versioned('9.0.0')]))))).toBe(`Only the version changed, from ${current} to 9.0.0.`);
  expect(compare(base, bundled(edited([versioned('0.9.0')]))).isSaid).toBe(false);
});

test('versions are compared as numbers', () => {
  expect(isAtLeast('1.10.0', '1.9.9')).toBe(true);
  expect(isAtLeast('1.9.9', '1.10.0')).toBe(false);
  expect(isAtLeast('2.0.0', '2.0.0')).toBe(true);
  expect(nextVersion('1.4.2', [{ impact: 'patch', what: '' }])).toBe('1.4.3');
  expect(nextVersion('1.4.2', [])).toBeUndefined();
  expect(() => nextVersion('1.4', [{ impact: 'patch', what: '' }])).toThrow('Write three numbers, such as 1.0.0.');
});

const modified = (property: string): RedoclyChange => ({
  path: '#/paths/~1v1/put/requestBody/content/application~1json/schema',
  typeName: 'Schema',
  kind: 'modified',
  impact: 'patch',
  verdicts: [],
  property,
  base: { pointer: '#/components/schemas/Link', value: 1 },
  revision: { pointer: '#/components/schemas/Link', value: 2 },
});

test('a keyword that no rule judges is breaking, because it may be; words are not', () => {
  expect(judge([modified('keywordOfTomorrow')])).toEqual([
    {
      impact: 'major',
      what: '`keywordOfTomorrow` of Link changed from 1 to 2.',
      why: 'No rule judges `keywordOfTomorrow`; it is taken as breaking, because it may be.',
    },
  ]);
  expect(judge([modified('description')])).toMatchObject([{ impact: 'patch' }]);
});

test('a name of the contract cannot begin a line of a log, where it could be a command', () => {
  const [change] = judge([
    {
      ...modified('type'),
      base: { pointer: '#/components/schemas/A\n::error::B' },
      revision: { pointer: '#/components/schemas/A\n::error::B' },
    },
  ]);
  expect(change!.what).not.toContain('\n');
});

test.each(['no-such-revision', '--output=x'])('a revision that cannot be read says how to get one: %s', (revision) => {
  expect(() => bundledAt(revision)).toThrow(/^There is no generated\/openapi\.json at ".*": .*git fetch origin/);
});
