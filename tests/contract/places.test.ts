import { expect, test } from 'vitest';
import { parseContract } from '../../scripts/contract/model.ts';
import { formatPlace, placesToChange } from '../../scripts/contract/places.ts';
import { type Edit, edited, newHeader, newStatus, requestFax, requiredFax, responseFax } from '../support/contract-edits.ts';
import { readSource } from '../support/source.ts';

const placesOf = (edit: Edit): string[] => placesToChange(parseContract(edited(edit))).map(formatPlace);
const filesOf = (places: string[]): string[] => places.map((place) => place.split(': ')[0]!);

test('the contract as it is leaves no place to change', () => {
  expect(placesOf([])).toEqual([]);
});

test('an optional member on the response side only: each place that has to know of it, and how', () => {
  expect(placesOf([responseFax])).toMatchInlineSnapshot(`
    [
      "openapi/billing-profile.yaml: CustomerBillingProfileUpdate has no member FaxNumber. Add it with the type of faxNumber, or null.",
      "openapi/SOURCES.md: No source is given for faxNumber. Write down which document, client or recording shows it.",
      "src/cli/commands/set.ts: \`pc-billing set\` has no flag for faxNumber. Add its row to settableMembers.",
      "src/conformance/requirements/write.ts: No requirement fails when a service loses faxNumber. Add it to storedMembers, and a fault with \`forgets\` to src/mock/faults/promises.ts, or give the reason in scripts/contract/places.ts.",
      "tests/contract/member-table.golden.txt: Not decided yet: faxNumber is merged alone, and reports hide it. If that is wrong, change \`unitOf\` in src/client/change.ts or \`impersonal\` in src/contract/privacy/member-privacy.ts; then run \`npx vitest run tests/contract/member-table.test.ts -u\`.",
    ]
  `);
});

test('written on both sides, the request side is named no more', () => {
  expect(filesOf(placesOf([responseFax, requestFax]))).toEqual([
    'openapi/SOURCES.md',
    'src/cli/commands/set.ts',
    'src/conformance/requirements/write.ts',
    'tests/contract/member-table.golden.txt',
  ]);
});

test('a member on the request side only is missing on the other', () => {
  expect(placesOf([requestFax])[0]).toBe(
    'openapi/billing-profile.yaml: CustomerBillingProfile has no member that is sent as FaxNumber. Add faxNumber there, or remove FaxNumber from CustomerBillingProfileUpdate.',
  );
});

test('a required member: the examples, the profiles that are made up, and what a change may clear as well', () => {
  expect(placesOf(requiredFax)).toMatchInlineSnapshot(`
    [
      "openapi/SOURCES.md: No source is given for faxNumber. Write down which document, client or recording shows it.",
      "openapi/examples/get-response.json: The example does not fit its schema: it lacks faxNumber. Give it a value.",
      "openapi/examples/update-request.json: The example does not fit its schema: it lacks FaxNumber. Give it a value.",
      "openapi/examples/update-response.json: The example does not fit its schema: it lacks faxNumber. Give it a value.",
      "src/mock/customers.ts: A profile that is made up here does not fit the contract: it lacks faxNumber. Give it a value.",
      "src/mock/seeded-customers.ts: A profile that is made up here does not fit the contract: it lacks faxNumber. Give it a value.",
      "tests/support/fake.ts: A profile that is made up here does not fit the contract: it lacks faxNumber. Give it a value.",
      "tests/support/canary.ts: A profile that is made up here does not fit the contract: it lacks faxNumber. Give it a value.",
      "src/cli/commands/set.ts: \`pc-billing set\` has no flag for faxNumber. Add its row to settableMembers.",
      "src/conformance/requirements/write.ts: No requirement fails when a service loses faxNumber. Add it to storedMembers, and a fault with \`forgets\` to src/mock/faults/promises.ts, or give the reason in scripts/contract/places.ts.",
      "src/client/change.ts: faxNumber is required, and a change may clear it. Add it to \`required\`.",
      "tests/contract/member-table.golden.txt: Not decided yet: faxNumber is merged alone, and reports hide it. If that is wrong, change \`unitOf\` in src/client/change.ts or \`impersonal\` in src/contract/privacy/member-privacy.ts; then run \`npx vitest run tests/contract/member-table.test.ts -u\`.",
    ]
  `);
});

test('a header', () => {
  expect(placesOf(newHeader)).toMatchInlineSnapshot(`
    [
      "openapi/SOURCES.md: No source is given for MS-Region. Write down which document, client or recording shows it.",
      "src/conformance/requirements/: Neither a requirement nor the mock knows the response header MS-Region. Add a requirement and a fault that breaks it, and let src/mock/response.ts send it, or remove it from the contract.",
    ]
  `);
});

test('a status', () => {
  expect(placesOf(newStatus)).toMatchInlineSnapshot(`
    [
      "openapi/SOURCES.md: "Statuses" has no row for 423. Add one with its source.",
      "src/conformance/requirements/: Neither a requirement nor the mock knows the status 423. Add a requirement and a fault that breaks it, or remove it from the contract.",
    ]
  `);
});

test.each<[string, Edit, string]>([
  [
    'another type on one side',
    [['        Email: { type: string }', '        Email: { type: integer }']],
    'CustomerBillingProfileUpdate.Email is integer. Make it string, as CustomerBillingProfile.email is.',
  ],
  [
    'a member of an inner schema',
    [['        key: { type: string }\n', '        key: { type: string }\n        kind: { type: string }\n']],
    'KeyValuePairUpdate has no member Kind.',
  ],
  [
    'a required member that becomes optional',
    [['required: [id, email,', 'required: [id,']],
    'email is optional, and no change may clear it.',
  ],
  [
    'an optional member that becomes required',
    [['required: [id, email,', 'required: [id, firstName, email,']],
    'Say `clear: false` in its row of settableMembers.',
  ],
  [
    'an example that no response names',
    [
      [
        '                documented: { externalValue: examples/get-response.json }',
        '                documented: { externalValue: examples/update-response.json }',
      ],
    ],
    'get-response.json: No response or request of the contract has this example.',
  ],
])('%s is named', (_, edit, sentence) => {
  expect(placesOf(edit).join('\n')).toContain(sentence);
});

test('a message is one line of at most 400 characters, without a stack', () => {
  for (const place of [requiredFax, newHeader, newStatus].flatMap(placesOf)) {
    expect(place).not.toMatch(/\n|\bat .*:\d+:\d+|Error:/);
    expect(place.length).toBeLessThan(400);
  }
});

test('"Change the contract" in CONTRIBUTING.md names every file that a message names', () => {
  const [section] = readSource('CONTRIBUTING.md').split('**Change the contract.**')[1]!.split('**Version of the contract.**');
  const files = new Set([[responseFax], requiredFax, newHeader, newStatus].flatMap((edit) => filesOf(placesOf(edit))));
  expect(files.size).toBeGreaterThan(10);
  expect([...files].filter((file) => !section!.includes(`\`${file}\``))).toEqual([]);
});
