import { expect, test } from 'vitest';
import { problemsOf } from '../../scripts/workflows/rules.ts';
import { filesBelow, readSource } from '../support/source.ts';

const files = filesBelow('.github/workflows', '.yml');
const good = readSource('.github/workflows/regenerate.yml');
const changed = (was: string, is: string): string[] => {
  expect(good.split(was).length).toBeGreaterThan(1);
  return problemsOf(good.replace(was, is));
};

test.each(files)('%s interpolates nothing into a shell, pins its actions, and begins without permissions', (file) => {
  expect(problemsOf(readSource(file))).toEqual([]);
});

test('there are the four workflows', () => {
  expect(files.map((file) => file.split('/').at(-1))).toEqual(['check.yml', 'contract.yml', 'drift.yml', 'regenerate.yml']);
});

test.each([
  ['an input in a shell', '- run: npm ci', "- run: 'npm ci ${{ github.head_ref }}'", 'jobs.push.steps.2.run'],
  ['a secret in a shell', '- run: npm ci', "- run: 'npm ci ${{ secrets.X }}'", 'jobs.push.steps.2.run'],
  [
    'an expression that chooses the shell',
    '- run: npm ci',
    "- run: npm ci\n        shell: '${{ github.head_ref }}'",
    'jobs.push.steps.2.shell',
  ],
  [
    'an expression in the place of a folder',
    '- run: npm ci',
    "- run: npm ci\n        working-directory: '${{ github.head_ref }}'",
    'working-directory',
  ],
  [
    'an action by its tag',
    /actions\/checkout@\S+ # v7.0.1/.exec(good)![0],
    'actions/checkout@v7',
    '`uses: actions/checkout@v7` is not pinned.',
  ],
  ['permissions for all jobs', 'permissions: {}', 'permissions: { contents: write }', 'Write `permissions: {}` at the top'],
  ['no word on permissions', 'permissions: {}\n', '', 'Write `permissions: {}` at the top'],
  ['the permissions of this repository for the code of a fork', '  pull_request:\n', '  pull_request_target:\n', 'pull_request_target'],
])('%s is found', (_, was, is, problem) => {
  expect(changed(was, is).join('\n')).toContain(problem);
});
