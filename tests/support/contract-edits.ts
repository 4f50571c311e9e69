import { contractPath, textOf } from '../../scripts/contract/model.ts';

/** A change of the contract as a person types it: texts that stand there exactly once, and what they become. */
export type Edit = readonly (readonly [was: string, is: string])[];

/** The contract after the changes. Errors: `Error` when a text does not stand there exactly once. */
export function edited(edit: Edit, yaml = textOf(contractPath)): string {
  return edit.reduce((text, [was, is]) => {
    if (text.split(was).length !== 2) throw new Error(`Not exactly once in ${contractPath}: ${JSON.stringify(was)}`);
    return text.replace(was, () => is);
  }, yaml);
}

const beforeCompanyName = '        companyName: { type';
const beforeCompanyNameSent = '        CompanyName: { type';
export const responseFax = [
  beforeCompanyName,
  `        faxNumber: { type: string, description: Fax number. }\n${beforeCompanyName}`,
] as const;
export const requestFax = [beforeCompanyNameSent, `        FaxNumber: { type: [string, 'null'] }\n${beforeCompanyNameSent}`] as const;
export const requiredFax: Edit = [
  responseFax,
  [beforeCompanyNameSent, `        FaxNumber: { type: string }\n${beforeCompanyNameSent}`],
  ['[id, email, culture, language, companyName,', '[id, email, culture, language, faxNumber, companyName,'],
  ['[Email, Culture, Language, CompanyName,', '[Email, Culture, Language, FaxNumber, CompanyName,'],
];
export const newHeader: Edit = [
  ['    RetryAfter:\n', '    MsRegion:\n      description: The region.\n      schema: { type: string }\n    RetryAfter:\n'],
  [
    "            MS-ServerId: { $ref: '#/components/headers/MsServerId' }\n          content:\n            application/json:\n              schema: { $ref: '#/components/schemas/CustomerBillingProfile' }\n              examples:\n                documented: { externalValue: examples/get-response.json }",
    "            MS-ServerId: { $ref: '#/components/headers/MsServerId' }\n            MS-Region: { $ref: '#/components/headers/MsRegion' }\n          content:\n            application/json:\n              schema: { $ref: '#/components/schemas/CustomerBillingProfile' }\n              examples:\n                documented: { externalValue: examples/get-response.json }",
  ],
];
export const newStatus: Edit = [
  ["        '412': {", "        '423': { $ref: '#/components/responses/Locked' }\n        '412': {"],
  [
    '    ContentTooLarge:\n',
    '    Locked:\n      description: Locked.\n      headers: *apiHeaders\n      content: *apiContent\n    ContentTooLarge:\n',
  ],
];
