import { readdirSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { settableMembers } from '../../src/cli/commands/set.ts';
import { pascalCase } from '../../src/contract/casing.ts';
import { defaultCustomers } from '../../src/mock/customers.ts';
import { faults } from '../../src/mock/index.ts';
import { createSeededCustomers } from '../../src/mock/seeded-customers.ts';
import { canaryCustomers } from '../../tests/support/canary.ts';
import { fakeProfile } from '../../tests/support/fake.ts';
import { memberTable, memberTablePath } from './member-table.ts';
import { type Contract, contractPath, type MediaType, type Member, responsesOf, type Schema, settableMembersOf, textOf } from './model.ts';

/** A place that does not know yet what the contract says: one sentence for what is wrong, one for the cure. */
export interface Place {
  file: string;
  wrong: string;
  cure: string;
}

export const formatPlace = ({ file, wrong, cure }: Place): string => `${file}: ${wrong} ${cure}`;

/**
 * Finds every hand-written place that has to know of a member, a header or a status of the contract and does not.
 *
 * Shape: in the order in which a person repairs them, the order of "Change the contract" in CONTRIBUTING.md. It reads the contract as it is
 * written, so that it needs no generated file to be up to date.
 */
export function placesToChange(contract: Contract): Place[] {
  return [
    ...bothSides(contract),
    ...sources(contract),
    ...examples(contract),
    ...madeUpProfiles(contract),
    ...settableMembersOf(contract).flatMap((member) => [...flag(member), ...requirement(member)]),
    ...headersAndStatuses(contract),
    ...memberDecisions(contract),
  ];
}

const without = (name: string): string => name.replace(/Update$/, '');
/** What a schema is, without null, and without the difference between a response's and a request's schema. */
function kindOf(schema: Schema): string {
  return kindsOf(schema)
    .filter((kind) => kind !== 'null')
    .toSorted()
    .join(' or ');
}

function kindsOf({ type, $ref, anyOf, items }: Schema): string[] {
  if ($ref !== undefined) return [without($ref.split('/').at(-1)!)];
  if (anyOf !== undefined) return anyOf.flatMap(kindsOf);
  return [type ?? 'anything'].flat().map((kind) => (kind === 'array' && items !== undefined ? `array of ${kindOf(items)}` : kind));
}

/** A response schema and its request schema have the same members, in camelCase and in PascalCase. */
function bothSides({ components: { schemas } }: Contract): Place[] {
  const place = (wrong: string, cure: string): Place => ({ file: contractPath, wrong, cure });
  return Object.entries(schemas).flatMap(([name, request]) => {
    const response = schemas[without(name)];
    if (!name.endsWith('Update') || response === undefined) return [];
    const read = Object.entries(response.properties ?? {});
    const sent = Object.keys(request.properties ?? {});
    const expected = read.map(([member]) => pascalCase(member));
    return [
      ...read.flatMap(([member, schema]) => {
        const twin = request.properties?.[pascalCase(member)];
        if (twin === undefined) {
          return [place(`${name} has no member ${pascalCase(member)}.`, `Add it with the type of ${member}, or null.`)];
        }
        if (kindOf(twin) === kindOf(schema)) return [];
        return [place(`${name}.${pascalCase(member)} is ${kindOf(twin)}.`, `Make it ${kindOf(schema)}, as ${without(name)}.${member} is.`)];
      }),
      ...sent
        .filter((member) => !expected.includes(member))
        .map((member) =>
          place(
            `${without(name)} has no member that is sent as ${member}.`,
            `Add ${member.charAt(0).toLowerCase() + member.slice(1)} there, or remove ${member} from ${name}.`,
          ),
        ),
    ];
  });
}

/** SOURCES.md names each member and header, and has a row for each status. */
function sources(contract: Contract): Place[] {
  const text = textOf('openapi/SOURCES.md');
  const statuses = text.split('\n## Statuses\n')[1]?.split('\n## ')[0] ?? '';
  const names = new Set([
    ...Object.values(contract.components.schemas).flatMap(({ properties }) => Object.keys(properties ?? {})),
    ...responsesOf(contract).flatMap(({ response }) => Object.keys(response.headers ?? {})),
  ]);
  const isNamed = (name: string): boolean => new RegExp(`(?<![\\w-])${name}(?![\\w-])`, 'i').test(text);
  const place = (wrong: string, cure: string): Place => ({ file: 'openapi/SOURCES.md', wrong, cure });
  // A member of a request is the PascalCase of one of a response, and needs no source of its own.
  const unnamed = [...names].filter((name) => {
    const inResponse = name.charAt(0).toLowerCase() + name.slice(1);
    return !isNamed(name) && (inResponse === name || !names.has(inResponse));
  });
  const rowless = new Set(responsesOf(contract).map(({ status }) => status));
  for (const [, status] of statuses.matchAll(/^\| (\d{3}) /gm)) rowless.delete(status!);
  return [
    ...unnamed.map((name) => place(`No source is given for ${name}.`, 'Write down which document, client or recording shows it.')),
    ...[...rowless].map((status) => place(`"Statuses" has no row for ${status}.`, 'Add one with its source.')),
  ];
}

const schemaId = 'contract';

function validatorsOf({ components }: Contract): (schema: Schema) => ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: false, logger: false, validateFormats: false });
  ajv.addSchema({ components }, schemaId);
  return (schema) => ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${schemaId}#/`)) as object);
}

/** One sentence for all that is wrong with a value, or nothing. */
function problemOf(validate: ValidateFunction, value: unknown): string | undefined {
  if (validate(value)) return undefined;
  const missing = (validate.errors ?? []).filter(({ keyword }) => keyword === 'required');
  if (missing.length > 0) return `lacks ${[...new Set(missing.map(({ params }) => String(params.missingProperty)))].join(', ')}`;
  const [first] = validate.errors!;
  return `${first!.instancePath} ${first!.message}`;
}

/** Every media type of the contract that has examples. */
function mediaTypesOf(node: unknown): MediaType[] {
  if (node === null || typeof node !== 'object') return [];
  return [...('examples' in node && 'schema' in node ? [node as MediaType] : []), ...Object.values(node).flatMap(mediaTypesOf)];
}

function examples(contract: Contract): Place[] {
  const validatorOf = validatorsOf(contract);
  const named = mediaTypesOf(contract).flatMap(({ schema, examples: all }) =>
    Object.values(all ?? {}).map(({ externalValue }) => ({ file: `openapi/${externalValue}`, schema })),
  );
  const files = readdirSync(new URL('../../openapi/examples/', import.meta.url)).map((name) => `openapi/examples/${name}`);
  return [
    ...named.flatMap(({ file, schema }) => {
      const problem = problemOf(validatorOf(schema), JSON.parse(textOf(file)));
      return problem === undefined
        ? []
        : [{ file, wrong: `The example does not fit its schema: it ${problem}.`, cure: 'Give it a value.' }];
    }),
    ...files
      .filter((file) => !named.some((one) => one.file === file))
      .map((file) => ({ file, wrong: 'No response or request of the contract has this example.', cure: 'Name it there, or delete it.' })),
  ];
}

/** The profiles that the mock and the tests make up are profiles of the contract. */
function madeUpProfiles(contract: Contract): Place[] {
  const validate = validatorsOf(contract)({ $ref: '#/components/schemas/CustomerBillingProfile' });
  const { attributes, links } = fakeProfile(1);
  const seeded = createSeededCustomers({ seed: 1, count: 1 });
  const madeUp: Record<string, object> = {
    'src/mock/customers.ts': defaultCustomers[0]!.profile,
    'src/mock/seeded-customers.ts': seeded.find(seeded.idAt(0))!.profile,
    'tests/support/fake.ts': fakeProfile(1),
    'tests/support/canary.ts': canaryCustomers[0]!.profile,
  };
  return Object.entries(madeUp).flatMap(([file, profile]) => {
    const problem = problemOf(validate, { links, attributes, ...profile });
    return problem === undefined
      ? []
      : [{ file, wrong: `A profile that is made up here does not fit the contract: it ${problem}.`, cure: 'Give it a value.' }];
  });
}

const isText = ({ schema }: Member): boolean => kindOf(schema) === 'string';

/** `pc-billing set` can change every text. */
function flag(member: Member): Place[] {
  const file = 'src/cli/commands/set.ts';
  const option = settableMembers.find((one) => one.member === member.name && one.in === member.place);
  if (!isText(member)) return [];
  if (option === undefined) {
    return [{ file, wrong: `\`pc-billing set\` has no flag for ${member.path}.`, cure: 'Add its row to settableMembers.' }];
  }
  if (option.clear !== member.isRequired) return [];
  const state = member.isRequired ? 'required' : 'optional';
  return [{ file, wrong: `${member.path} is ${state}.`, cure: `Say \`clear: ${!member.isRequired}\` in its row of settableMembers.` }];
}

/** Members whose value a run cannot change on any service, each with its reason. */
const withoutRequirement: Readonly<Record<string, string>> = {
  culture: 'the values that a service takes are not documented, so another value may be refused',
  language: 'as for culture',
  'defaultAddress.country': 'a customer stays in its market, so another country may be refused',
};

/** A service that loses a member fails a requirement. */
function requirement({ path, name, place }: Member): Place[] {
  if (Object.hasOwn(withoutRequirement, path)) return [];
  const isForgotten = Object.values(faults).some(({ does }) => does.startsWith(`Stores a write except for ${name} of the ${place},`));
  if (isForgotten) return [];
  return [
    {
      file: 'src/conformance/requirements/write.ts',
      wrong: `No requirement fails when a service loses ${path}.`,
      cure: 'Add it to storedMembers, and a fault with `forgets` to src/mock/faults/promises.ts, or give the reason in scripts/contract/places.ts.',
    },
  ];
}

/** Statuses that no check and no part of the mock names, each with its reason. */
const withoutCheck: Readonly<Record<string, string>> = { 406: 'the service falls back to JSON, so that no request brings it about' };

/** The suite, or the mock, knows each header and each status of a response. */
function headersAndStatuses(contract: Contract): Place[] {
  const textBelow = (folder: string): string =>
    readdirSync(new URL(`../../${folder}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => textOf(`${folder}/${path}`))
      .join('\n');
  const code = ['src/conformance', 'src/contract', 'src/mock'].map(textBelow).join('\n').toLowerCase();
  const declared = responsesOf(contract);
  const headers = new Set(declared.flatMap(({ response }) => Object.keys(response.headers ?? {})));
  const statuses = new Set(declared.filter(({ status }) => !Object.hasOwn(withoutCheck, status)).map(({ status }) => status));
  const quoted = (name: string): RegExp => new RegExp(`['"\`.]${name}['"\`]`, 'i');
  const place = (what: string, where: string): Place => ({
    file: 'src/conformance/requirements/',
    wrong: `Neither a requirement nor the mock knows the ${what}.`,
    cure: `Add a requirement and a fault that breaks it${where}, or remove it from the contract.`,
  });
  return [
    ...[...headers]
      .filter((name) => !quoted(name).test(code) && !quoted(name.replaceAll('-', '')).test(code))
      .map((name) => place(`response header ${name}`, ', and let src/mock/response.ts send it')),
    ...[...statuses].filter((status) => !new RegExp(`\\b${status}\\b`).test(code)).map((status) => place(`status ${status}`, '')),
  ];
}

/** What was decided on each member stands in a file that a person takes over: what it is merged with, and whether reports show it. */
function memberDecisions(contract: Contract): Place[] {
  const decided = textOf(memberTablePath).split('\n');
  return memberTable(contract).flatMap(({ path, unit, row, isShown, isClearable, isRequired }) => [
    ...(isRequired && isClearable
      ? [{ file: 'src/client/change.ts', wrong: `${path} is required, and a change may clear it.`, cure: 'Add it to `required`.' }]
      : []),
    ...(!isRequired && !isClearable
      ? [{ file: 'src/client/change.ts', wrong: `${path} is optional, and no change may clear it.`, cure: 'Remove it from `required`.' }]
      : []),
    ...(decided.includes(row)
      ? []
      : [
          {
            file: memberTablePath,
            wrong: `Not decided yet: ${path} is merged ${unit.length === 0 ? 'alone' : `with ${unit.join(', ')}`}, and reports ${isShown ? 'show' : 'hide'} it.`,
            cure: 'If that is wrong, change `unitOf` in src/client/change.ts or `impersonal` in src/contract/privacy/member-privacy.ts; then run `npx vitest run tests/contract/member-table.test.ts -u`.',
          },
        ]),
  ]);
}
