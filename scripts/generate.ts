/**
 * Derives everything in generated/ from the contract and the published schemas, the pages of docs/reference/ from the requirements and faults,
 * and the outputs that other pages show from runs of the commands.
 *
 *   npm run generate              writes what is not up to date
 *   npm run generate -- --check   writes nothing; exits 1 and names each file that is stale
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import openapiTS, { astToString } from 'openapi-typescript';
import { bundled } from './contract/bundle.ts';

const root = new URL('../', import.meta.url);
const banner = '// Generated from openapi/billing-profile.yaml by `npm run generate`. Do not edit.\n';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };
interface Contract extends JsonObject {
  info: { version: string };
  components: { schemas: { [name: string]: JsonObject } };
}

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const text = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8');

const openapiJson = bundled(await text('openapi/billing-profile.yaml'));
const contract = JSON.parse(openapiJson) as Contract;

const files: Record<string, string> = {
  'generated/openapi.json': openapiJson,
  'generated/schema.ts': banner + astToString(await openapiTS(structuredClone(contract) as never)),
  'generated/validators.ts': validators(contract.components.schemas),
  'generated/contract.ts': await contractFacts(),
};

const stale = await bringUpToDate(files, 'openapi/billing-profile.yaml gives');
stale.push(...(await bringUpToDate({ 'generated/file-validators.ts': await fileValidators() }, 'schemas/ gives')));
// The pages are made by code that stands on generated/, which therefore has to be right first.
if (!options.check || stale.length === 0) {
  const { referenceDocs } = await import('./reference-docs.ts');
  stale.push(...(await bringUpToDate(await referenceDocs(), 'the requirements, the faults and the commands give')));
}
if (options.check) process.exitCode = stale.length > 0 ? 1 : 0;
else console.log(stale.length > 0 ? `wrote ${stale.join(', ')}` : 'everything is up to date');

/** Writes the files that differ, or only names them; resolves to their paths. */
async function bringUpToDate(wanted: Record<string, string>, source: string): Promise<string[]> {
  const differing: string[] = [];
  for (const [path, content] of Object.entries(wanted)) {
    if ((await text(path).catch(() => undefined)) === content) continue;
    differing.push(path);
    if (options.check) {
      console.error(`${path} is not what ${source}. Run \`npm run generate\` and commit the result.`);
    } else {
      await mkdir(new URL('./', new URL(path, root)), { recursive: true });
      await writeFile(new URL(path, root), content);
    }
  }
  return differing;
}

/** Validators of the bodies of the contract. */
function validators(schemas: Contract['components']['schemas']): string {
  const id = (name: string): string => `contract:///${name}`;
  const withIds = JSON.parse(
    JSON.stringify(schemas).replaceAll('"#/components/schemas/', '"contract:///'),
  ) as Contract['components']['schemas'];
  const exported = ['CustomerBillingProfile', 'CustomerBillingProfileUpdate', 'ErrorResponse', 'ThrottlingResponse'];
  return `${banner}// @ts-nocheck
/** What one keyword of the schema found wrong. \`instancePath\` is a JSON pointer. */
export interface ValidatorError {
  instancePath: string;
  schemaPath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
/** True when the data fits; otherwise \`errors\` says why, until the next call. */
export interface Validator {
  (data: unknown): boolean;
  errors?: ValidatorError[] | null;
}
${compiled(
  Object.entries(withIds).map(([name, schema]) => ({ $id: id(name), ...schema })),
  Object.fromEntries(exported.map((name) => [name, id(name)])),
)}
`;
}

/** Validators of the files whose schemas are published. Apart from those of the contract, so that a client does not carry them. */
async function fileValidators(): Promise<string> {
  const schemas = await Promise.all(
    ['report', 'known', 'fingerprint'].map(async (name) => JSON.parse(await text(`schemas/${name}.schema.json`)) as JsonObject),
  );
  const id = (name: string): string => `urn:partner-center-billing-profile:${name}:1`;
  return `// Generated from schemas/ by \`npm run generate\`. Do not edit.
// @ts-nocheck
import type { Validator } from './validators.ts';
${compiled(schemas, { report: id('report'), known: id('known'), behaviour: `${id('fingerprint')}#/$defs/behaviour` })}
`;
}

/** Validators as plain functions: neither eval nor ajv is needed where they run. */
function compiled(schemas: JsonObject[], exported: Record<string, string>): string {
  const ajv = new Ajv2020({
    code: { source: true, esm: true },
    allErrors: true,
    allowUnionTypes: true,
    strictRequired: false,
    // No schema counts characters beyond one, and counting them would need a run-time module.
    unicode: false,
    logger: false,
    keywords: ['x-swagger-only'],
    schemas,
  });
  const code = standalone
    .default(ajv, exported)
    .replace(/^"use strict";/, '')
    .replace(/export const (\w+) = (\w+);/g, '\nexport const $1: Validator = $2;\n');
  if (code.includes('require(')) throw new Error('The validators need a run-time module of ajv; bundle it or drop the keyword.');
  return code;
}

/** The few facts of the contract that are needed at run time. */
async function contractFacts(): Promise<string> {
  const { version } = JSON.parse(await text('package.json')) as { version: string };
  const members = Object.fromEntries(
    Object.entries(contract.components.schemas)
      .filter(([name]) => !name.endsWith('Update') && !name.endsWith('Response'))
      .map(([name, schema]) => [name, memberSchemas(schema.properties as JsonObject)]),
  );
  return `${banner}
/** Version of this package, from package.json. */
export const packageVersion = ${JSON.stringify(version)};
/** Version of the contract, from its \`info.version\`. */
export const contractVersion = ${JSON.stringify(contract.info.version)};
/** SHA-256 of generated/openapi.json, in hexadecimal. */
export const contractSha256 = ${JSON.stringify(createHash('sha256').update(openapiJson).digest('hex'))};
/** The members of each response schema; for an object, or an array of objects, the name of its schema. */
export const members: Record<string, Record<string, string | null>> = ${JSON.stringify(members, null, 2)};
`;
}

function memberSchemas(properties: JsonObject): { [member: string]: string | null } {
  const nameOf = (schema: JsonObject): string | null => {
    if (typeof schema.$ref === 'string') return schema.$ref.replace('#/components/schemas/', '');
    return schema.items ? nameOf(schema.items as JsonObject) : null;
  };
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, nameOf(schema as JsonObject)]));
}
