import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readSource } from './source.ts';

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
const validators = new Map<string, ValidateFunction>();

/** What a published schema finds wrong; empty when a value fits. */
export function problemsWith(schema: 'report' | 'known' | 'fingerprint', value: unknown): string[] {
  let validate = validators.get(schema);
  if (validate === undefined)
    validators.set(schema, (validate = ajv.compile(JSON.parse(readSource(`schemas/${schema}.schema.json`)) as object)));
  return validate(value)
    ? []
    : validate.errors!.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}
