import { expect, test } from 'vitest';
import { foldTests, foldTypes } from '../../scripts/check-output.ts';

test('errors of the compiler are one sentence for each file, without the types', () => {
  const output = [
    "src/mock/customers.ts(116,5): error TS2741: Property 'faxNumber' is missing in type '{ id: string; email: string }' but required in type '{ … }'.",
    "src/mock/customers.ts(138,5): error TS2741: Property 'faxNumber' is missing in type '{ id: string }' but required in type '{ … }'.",
    "  Types of property 'a' are incompatible.",
    "tests/types/casing.test-d.ts(23,7): error TS2344: Type 'false' does not satisfy the constraint 'true'.",
  ].join('\n');
  expect(foldTypes(output)).toBe(
    [
      "src/mock/customers.ts: 2 type errors; line 116, Property 'faxNumber' is missing",
      "tests/types/casing.test-d.ts: 1 type error; line 23, Type 'false' does not satisfy the constraint 'true'.",
      'See them with `npm run typecheck`.',
    ].join('\n'),
  );
  expect(foldTypes('error TS18003: No inputs were found.')).toBe('error TS18003: No inputs were found.');
});

const failedFile = (name: string, ...messages: string[]) => ({
  name: `/project/${name}`,
  status: 'failed',
  assertionResults: messages.map((message) => ({ status: 'failed', failureMessages: [message] })),
});

test('failed tests are one sentence for each file; golden files have a cure of their own', () => {
  const testResults = [
    failedFile('tests/a.test.ts', 'Error: Snapshot `known 1` mismatched\n    at stack'),
    failedFile('tests/b.test.ts', 'AssertionError: expected\n    at stack', 'Error: Snapshot `x 1` mismatched'),
    failedFile('tests/c.test.ts'),
    { name: '/project/tests/d.test.ts', status: 'passed', assertionResults: [] },
  ];
  expect(foldTests({ testResults }, '/project')).toBe(
    [
      'tests/a.test.ts: A golden file is not what the code gives. Run `npx vitest run tests/a.test.ts -u`, and read the diff.',
      'tests/b.test.ts: 2 tests fail.',
      'tests/c.test.ts: it does not load.',
      'See them with `npx vitest run FILE`.',
    ].join('\n'),
  );
});

test('many files are counted, and what is no report is shown as it is', () => {
  const testResults = Array.from({ length: 60 }, (_, index) => failedFile(`tests/${index}.test.ts`, 'AssertionError'));
  const lines = foldTests({ testResults }, '/project').split('\n');
  expect(lines).toHaveLength(10);
  expect(lines[8]).toBe('… and 52 more files.');
  expect(foldTests('vitest did not start', '/project')).toBe('vitest did not start');
});
