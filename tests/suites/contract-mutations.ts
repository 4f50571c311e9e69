import type { Impact } from '../../scripts/contract/judge.ts';
import { type Edit, newHeader, newStatus, requestFax, requiredFax, responseFax } from '../support/contract-edits.ts';

/** A change of the contract as a person types it, and what it asks of the version. */
export interface Mutation {
  name: string;
  impact: Impact | 'none';
  edit: Edit;
}

const harmless = (name: string, ...edit: Edit): Mutation => ({ name, impact: 'minor', edit });
const breaking = (name: string, ...edit: Edit): Mutation => ({ name, impact: 'major', edit });
const words = (name: string, ...edit: Edit): Mutation => ({ name, impact: 'patch', edit });

const email = '        email: { type: string, description: E-mail address of the billing contact. }';
const sentEmail = '        Email: { type: string }\n';
const sentFirstName = "        FirstName: { type: [string, 'null'] }\n        LastName";
const code = '          type: [integer, string]\n';
const locale = '      schema: { type: string }\n      example: en-US';
const serverId =
  "        MS-ServerId: { $ref: '#/components/headers/MsServerId' }\n      content:\n        application/json:\n          schema: { $ref: '#/components/schemas/ErrorResponse' }\n          examples:\n            stale";
const apiContent =
  "      content: &apiContent\n        application/json:\n          schema: { $ref: '#/components/schemas/ErrorResponse' }\n";
const sentEmailAs = (schema: string): Edit[number] => [sentEmail, `        Email: ${schema}\n`];
const emailAs = (schema: string): Edit[number] => [email, `        email: ${schema}`];
const cv =
  '      description: Correlation vector of the service, 16 base64 characters and `.0` (**documented** by example).\n      schema: { type: string }';
const update = '    CustomerBillingProfileUpdate:\n      type: object\n';
const throttlingFirst =
  "              - $ref: '#/components/schemas/ThrottlingResponse'\n              - $ref: '#/components/schemas/ErrorResponse'\n";

const bodyExample = '              documented: { externalValue: examples/update-request.json }\n';

/** Every mutation is judged by what it does to a client, a server, or code that uses the generated types. */
export const mutations: readonly Mutation[] = [
  { name: 'nothing', impact: 'none', edit: [] },
  // Members of a response.
  harmless('response: an optional member is new', responseFax),
  harmless('both sides: an optional member is new', responseFax, requestFax),
  harmless('response: a member becomes required', ['required: [id, email,', 'required: [id, firstName, email,']),
  breaking('response: an optional member is removed', [
    '        firstName: { type: string, description: First name of the billing contact. Absent when it was never set. }\n',
    '',
  ]),
  breaking('response: a required member is removed', [`${email}\n`, ''], ['required: [id, email,', 'required: [id,']),
  breaking('response: a member becomes optional', ['required: [id, email,', 'required: [id,']),
  breaking('response: a member of an inner schema becomes optional', ['required: [etag, objectType]', 'required: [objectType]']),
  breaking('response: a member of an inner schema is removed', ['        city: { type: string, description: City. }\n', '']),
  // Members of a request.
  harmless('request: an optional member is new', requestFax),
  harmless('request: a member becomes optional', ['required: [Email, Culture,', 'required: [Culture,']),
  breaking('request: a required member is new', ...requiredFax),
  breaking('request: an optional member becomes required', ['required: [Email, Culture,', 'required: [Id, Email, Culture,']),
  breaking('request: an optional member is removed', ["        Id: { type: [string, 'null'] }\n        FirstName", '        FirstName']),
  // Types and values.
  breaking('response: another type', emailAs('{ type: integer, description: E-mail address of the billing contact. }')),
  breaking('response: null is possible', emailAs("{ type: [string, 'null'], description: E-mail address of the billing contact. }")),
  harmless('response: fewer types', [code, '          type: integer\n']),
  breaking('request: fewer types', [sentFirstName, '        FirstName: { type: string }\n        LastName']),
  harmless('request: more types', sentEmailAs("{ type: [string, 'null'] }")),
  harmless('response: an enum', emailAs('{ type: string, enum: [a, b], description: E-mail address of the billing contact. }')),
  breaking('request: an enum', sentEmailAs('{ type: string, enum: [a, b] }')),
  harmless('response: a format', emailAs('{ type: string, format: email, description: E-mail address of the billing contact. }')),
  breaking('request: a format', sentEmailAs('{ type: string, format: email }')),
  breaking('request: a length', sentEmailAs('{ type: string, maxLength: 5 }')),
  breaking('request: a pattern', sentEmailAs("{ type: string, pattern: '@' }")),
  breaking('request: a constant', sentEmailAs('{ type: string, const: a }')),
  breaking('request: a member becomes read-only', sentEmailAs('{ type: string, readOnly: true }')),
  breaking(
    'response: a member becomes write-only',
    emailAs('{ type: string, writeOnly: true, description: E-mail address of the billing contact. }'),
  ),
  breaking('request: unknown members are refused', [update, `${update}      additionalProperties: false\n`]),
  breaking('request: one member needs another', [update, `${update}      dependentRequired: { FirstName: [LastName] }\n`]),
  breaking('request: something is not allowed', [update, `${update}      not: { required: [Id] }\n`]),
  breaking('request: a condition', [update, `${update}      if: { required: [Id] }\n      then: { required: [FirstName] }\n`]),
  breaking('response: another item of a list', ['items: { type: string } }', 'items: { type: integer } }']),
  breaking('response: one shape more', [
    "            application/json:\n              schema: { $ref: '#/components/schemas/CustomerBillingProfile' }\n              examples:\n                documented: { externalValue: examples/get-response.json }",
    "            application/json:\n              schema:\n                anyOf:\n                  - $ref: '#/components/schemas/CustomerBillingProfile'\n                  - $ref: '#/components/schemas/ErrorResponse'\n              examples:\n                documented: { externalValue: examples/get-response.json }",
  ]),
  harmless('response: one shape less', [throttlingFirst, "              - $ref: '#/components/schemas/ThrottlingResponse'\n"]),
  breaking(
    'a schema gets another name',
    ['    AddressUpdate:\n', '    PostalAddressUpdate:\n'],
    [
      "DefaultAddress: { $ref: '#/components/schemas/AddressUpdate' }",
      "DefaultAddress: { $ref: '#/components/schemas/PostalAddressUpdate' }",
    ],
  ),
  // Headers, those that responses share through aliases included.
  harmless('response: a header is new', ...newHeader),
  breaking('alias: a header of all refusals is removed', [serverId, serverId.slice(serverId.indexOf('      content'))]),
  harmless('alias: a header of all refusals is new', [
    serverId,
    `        MS-Region: { schema: { type: string }, description: The region. }\n${serverId}`,
  ]),
  breaking('response: a shared header has another type', [cv, cv.replace('string', 'integer')]),
  harmless('response: a shared header is always there', [cv, `      required: true\n${cv}`]),
  breaking('response: a shared header loses its format', [
    "(**inferred**).\n      schema: { type: string, format: uuid }\n    MsCorrelationId:\n      description: The request's",
    "(**inferred**).\n      schema: { type: string }\n    MsCorrelationId:\n      description: The request's",
  ]),
  breaking('request: a header is removed', ["      - $ref: '#/components/parameters/XLocale'\n", '']),
  breaking('request: a header becomes required', [
    '      name: X-Locale\n      in: header\n',
    '      name: X-Locale\n      in: header\n      required: true\n',
  ]),
  breaking('request: a header has a format', [locale, '      schema: { type: string, format: uuid }\n      example: en-US']),
  harmless('request: a header becomes optional', [
    '      name: If-Match\n      in: header\n      required: true\n',
    '      name: If-Match\n      in: header\n',
  ]),
  harmless('request: a path parameter loses its format', [
    '      schema: { type: string, format: uuid }\n      example: 4d3cf487',
    '      schema: { type: string }\n      example: 4d3cf487',
  ]),
  // Responses and media types, those behind aliases included.
  harmless('a status is new', ...newStatus),
  breaking('a status is removed', ["        '412': { $ref: '#/components/responses/PreconditionFailed' }\n", '']),
  breaking('alias: the body of many refusals is removed', [apiContent, '      content: &apiContent {}\n']),
  breaking('alias: the body of many refusals has another media type', [apiContent, apiContent.replace('application/json', 'text/json')]),
  harmless('alias: the body of many refusals has one media type more', [
    apiContent,
    `${apiContent}        text/json:\n          schema: { $ref: '#/components/schemas/ErrorResponse' }\n`,
  ]),
  breaking('alias: the body of many refusals has another schema', [apiContent, apiContent.replace('ErrorResponse', 'ThrottlingResponse')]),
  breaking('alias: one response stops sharing its body', [
    "        Allow: { $ref: '#/components/headers/Allow' }\n      content: *apiContent\n",
    "        Allow: { $ref: '#/components/headers/Allow' }\n",
  ]),
  harmless('request: one media type more', [
    bodyExample,
    `${bodyExample}          text/json:\n            schema: { $ref: '#/components/schemas/CustomerBillingProfileUpdate' }\n`,
  ]),
  harmless('request: the body may be left out', ['      requestBody:\n        required: true\n', '      requestBody:\n']),
  // Operations, servers, security.
  breaking('an operation has another id', ['operationId: getCustomerBillingProfile', 'operationId: readProfile']),
  breaking('the path changes', [
    '  /v1/customers/{customer-tenant-id}/profiles/billing:',
    '  /v2/customers/{customer-tenant-id}/profiles/billing:',
  ]),
  harmless('a server is new', ['servers:\n', 'servers:\n  - url: http://127.0.0.1:4999\n']),
  breaking('a server is removed', ['  - url: https://partner.partnercenterapi.microsoftonline.cn\n', '  - url: https://other.example\n']),
  breaking('another kind of token', ['      scheme: bearer\n', '      scheme: basic\n']),
  harmless('an operation is deprecated', [
    '      operationId: getCustomerBillingProfile\n',
    '      operationId: getCustomerBillingProfile\n      deprecated: true\n',
  ]),
  // Words.
  words('the description of the contract', ['    sources; Microsoft did not write', '    sources. Microsoft did not write']),
  words('the description of a member', [email, email.replace('E-mail address', 'The e-mail address')]),
  words('the summary of an operation', ["summary: Read a customer's billing profile", 'summary: Read the billing profile']),
  words('an example of a header', [locale, locale.replace('en-US', 'de-DE')]),
  words('a mark of our own', [email, email.replace('{ type', '{ x-mark: true, type')]),
  // Several at once: the gravest counts.
  breaking(
    'words, an addition and a breaking change at once',
    responseFax,
    ['operationId: getCustomerBillingProfile', 'operationId: readProfile'],
    ["summary: Read a customer's billing profile", 'summary: Read the billing profile'],
  ),
];
