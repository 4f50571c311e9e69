import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { parseKnown } from '../../src/cli/files/known-file.ts';
import { exitCodeOf, type Mode, runConformance, withAccepted } from '../../src/conformance/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { problemsWith } from '../support/report-schema.ts';
import { targetOf } from '../support/target.ts';

const good = `deviations:
  # A comment, as people write them.
  - requirement: read.answers-no-nulls
    reason: The serializer is shared with an older API.
    owner: team billing
    expires: 2027-01-31
  - { requirement: etag.refuses-missing-etag, reason: Old scripts., owner: team api, expires: "2026-12-24" }
`;

test('a file is read, comments, quotes and flow style too, and fits its schema', () => {
  expect(parseKnown(good, 'known.yaml')).toEqual([
    {
      requirement: 'read.answers-no-nulls',
      reason: 'The serializer is shared with an older API.',
      owner: 'team billing',
      expires: '2027-01-31',
    },
    { requirement: 'etag.refuses-missing-etag', reason: 'Old scripts.', owner: 'team api', expires: '2026-12-24' },
  ]);
  expect(problemsWith('known', parse(good))).toEqual([]);
  expect(parseKnown('deviations: []\n', 'known.yaml')).toEqual([]);
  const folded = good.replace('The serializer', '>\n      The\n      serializer').replace('Old scripts.', '"Old\\e[2J scripts."');
  expect(parseKnown(folded, 'known.yaml').map(({ reason }) => reason)).toEqual([
    'The serializer is shared with an older API.',
    'Old\ufffd[2J scripts.',
  ]);
  const spaced = good.replace('2027-01-31', "' 2027-01-31 '").replace('read.answers-no-nulls', '"read.answers-no-nulls "');
  expect(parseKnown(spaced, 'known.yaml')[0]).toMatchObject({ requirement: 'read.answers-no-nulls', expires: '2027-01-31' });
});

describe('what is wrong is said with its line, and the schema finds it too', () => {
  const replaced = (from: string, to: string): string => good.replace(from, to);
  test.each([
    [
      'an unknown requirement',
      replaced('read.answers-no-nulls', 'read.answers-nothing'),
      3,
      'no requirement "read.answers-nothing"',
      'beyond the schema',
    ],
    ['no reason', replaced('    reason: The serializer is shared with an older API.\n', ''), 3, 'no "reason"'],
    ['an empty owner', replaced('team billing', "''"), 5, 'no "owner"'],
    ['no date', replaced('    expires: 2027-01-31\n', ''), 3, 'no "expires"'],
    ['a date that is none', replaced('2027-01-31', '31.1.2027'), 6, '"31.1.2027" is not a date'],
    ['a day that is none', replaced('2027-01-31', '2027-02-30'), 6, '"2027-02-30" is not a date', 'beyond the schema'],
    ['a number', replaced('team billing', '7'), 5, 'no "owner"'],
    ['a member that is misspelt', replaced('reason:', 'reson:'), 4, '"reson" is not known here'],
    ['two entries for one', replaced('etag.refuses-missing-etag', 'read.answers-no-nulls'), 7, 'has an entry already', 'beyond the schema'],
    ['bad YAML', replaced('    owner: team', '   - owner: [team'), 5, 'this is not YAML'],
    ['a list at the top', '- requirement: x\n', 1, 'expected "deviations:"'],
    ['something else beside', `${good}version: 1\n`, 8, '"version" is not known here'],
    ['an entry that is a text', 'deviations:\n  - read.answers-no-nulls\n', 2, 'this is none'],
    ['an empty file', '', 1, 'expected "deviations:"'],
  ])('%s', (_, text, line, words, reach = 'within the schema') => {
    expect(() => parseKnown(text, 'known.yaml')).toThrow(new RegExp(`^known\\.yaml, line ${line}: `));
    expect(() => parseKnown(text, 'known.yaml')).toThrow(words);
    if (words === 'this is not YAML') return;
    expect(problemsWith('known', parse(text)).length > 0).toBe(reach === 'within the schema');
  });
});

describe('a known deviation', () => {
  const sleep = (): Promise<void> => Promise.resolve();
  const run = (options: Parameters<typeof createMockService>[0] = {}, mode: Mode = 'read') =>
    runConformance(targetOf(createMockService(options)), { mode, sleep });
  const entry = (requirement: string, expires = '2027-01-31') => ({ requirement, reason: 'because', owner: 'us', expires });
  const on = (day: string): number => Date.parse(day);

  test('stays a failure, is counted as known, and does not count; nor does what is untestable because of it', async () => {
    const report = withAccepted(
      await run({ faults: ['accepts-stale-etag'] }, 'write'),
      [entry('etag.refuses-stale-write')],
      on('2027-01-31T23:59:59Z'),
    );
    expect(report.results.find(({ id }) => id === 'etag.refuses-stale-write')).toMatchObject({
      verdict: 'fail',
      accepted: { reason: 'because', owner: 'us', expires: '2027-01-31', expired: false },
    });
    expect(report.summary).toMatchObject({ fail: 0, accepted: 1 });
    expect(report.summary.untestable).toBeGreaterThan(20);
    expect(Object.values(report.summary).reduce((sum, count) => sum + count)).toBe(report.results.length);
    expect(exitCodeOf(report, { strict: true })).toBe(0);
    expect(problemsWith('report', report)).toEqual([]);
  });

  test('counts again the day after its last', async () => {
    const report = withAccepted(await run({ faults: ['answers-nulls'] }), [entry('read.answers-no-nulls')], on('2027-02-01T00:00:00Z'));
    expect(report.results.find(({ id }) => id === 'read.answers-no-nulls')).toMatchObject({ accepted: { expired: true } });
    expect(report.summary).toMatchObject({ fail: 1, accepted: 0 });
    expect(exitCodeOf(report)).toBe(1);
  });

  test('is stale when its requirement passes, expired or not, and fails the run', async () => {
    for (const expires of ['2027-01-31', '2020-01-01']) {
      const report = withAccepted(await run(), [entry('read.answers-no-nulls', expires)], on('2026-11-23'));
      expect(report.resolved).toEqual([entry('read.answers-no-nulls', expires)]);
      expect(exitCodeOf(report)).toBe(1);
    }
  });

  test('hides nothing else: another failure counts as before', async () => {
    const report = withAccepted(
      await run({ faults: ['answers-nulls', 'serves-wrong-tokens'] }),
      [entry('read.answers-no-nulls')],
      on('2026-11-23'),
    );
    expect(exitCodeOf(report)).toBe(1);
  });

  test('says nothing of what was not tested', async () => {
    const report = await runConformance(targetOf(createMockService()), { mode: 'read', sleep });
    const marked = withAccepted(report, [entry('etag.refuses-stale-write')], on('2026-11-23'));
    expect(marked.resolved).toBeUndefined();
    expect(exitCodeOf(marked)).toBe(0);
  });
});
