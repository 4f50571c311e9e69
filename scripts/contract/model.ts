import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A schema of the contract, as far as the scripts look into it. */
export interface Schema {
  type?: string | string[];
  $ref?: string;
  anyOf?: Schema[];
  items?: Schema;
  required?: string[];
  properties?: Record<string, Schema>;
  'x-swagger-only'?: boolean;
}

export interface MediaType {
  schema: Schema;
  examples?: Record<string, { externalValue: string }>;
}

interface Response {
  $ref?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, MediaType>;
}

/** The contract as it is written by hand: examples are names of files. */
export interface Contract {
  info: { version: string };
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, MediaType> }; responses?: Record<string, Response> }>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, Response> };
}

export const root = new URL('../../', import.meta.url);
export const contractPath = 'openapi/billing-profile.yaml';
export const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8');

export const parseContract = (text: string): Contract => parse(text, { merge: true }) as Contract;

/** A member of the profile that a write can set. */
export interface Member {
  /** As `editsOf` names it, such as `defaultAddress.city`. */
  path: string;
  name: string;
  place: 'profile' | 'address';
  schema: Schema;
  isRequired: boolean;
}

const served = ['id', 'links', 'attributes', 'defaultAddress'];

/** The members that a write can set, those aside that only the swagger knows. */
export function settableMembersOf({ components: { schemas } }: Contract): Member[] {
  const of = (schemaName: string, place: Member['place'], prefix: string): Member[] =>
    Object.entries(schemas[schemaName]!.properties!)
      .filter(([name, schema]) => schema['x-swagger-only'] !== true && !(place === 'profile' && served.includes(name)))
      .map(([name, schema]) => ({
        path: prefix + name,
        name,
        place,
        schema,
        isRequired: schemas[schemaName]!.required?.includes(name) ?? false,
      }));
  return [...of('CustomerBillingProfile', 'profile', ''), ...of('Address', 'address', 'defaultAddress.')];
}

/** Every response of the contract, with the place where it stands. */
export function responsesOf({ paths, components }: Contract): { status: string; method: string; response: Response }[] {
  return Object.values(paths).flatMap((item) =>
    Object.entries(item).flatMap(([method, { responses }]) =>
      Object.entries(responses ?? {}).map(([status, response]) => ({
        status,
        method: method.toUpperCase(),
        response: response.$ref === undefined ? response : components.responses[response.$ref.split('/').at(-1)!]!,
      })),
    ),
  );
}
