import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import contract from '../../generated/openapi.json' with { type: 'json' };
import { createMockService } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const modules = join(root, 'scripts/generators/node_modules');
const input = join(root, 'generated/openapi.json');
const customerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';
const { get, put } = contract.paths['/v1/customers/{customer-tenant-id}/profiles/billing'];
const read = get.responses['200'].content['application/json'].examples.documented.value;
const sent = put.requestBody.content['application/json'].examples.documented.value;

let folder: string;
beforeAll(() => {
  if (!existsSync(modules)) throw new Error('The generators are not installed with the project. Run: npm ci --prefix scripts/generators');
  // Below their modules, so that what they write finds zod.
  mkdirSync(join(modules, '.generated'), { recursive: true });
  folder = mkdtempSync(join(modules, '.generated/'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a generator. Errors: fails when it warns of anything, or ends with another code than 0. */
function generate(command: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(modules, command), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', CI: 'true' },
  });
  expect({ status, stderr, warnings: stdout.split('\n').filter((line) => /warn|error|⚠|not supported|ignored/i.test(line)) }).toEqual({
    status: 0,
    stderr: '',
    warnings: [],
  });
}

const load = async (file: string): Promise<Record<string, any>> => import(pathToFileURL(join(folder, file)).href); // oxlint-disable-line no-explicit-any

test("hey-api's client reads and writes on the mock", async () => {
  generate('@hey-api/openapi-ts/bin/run.js', '--input', input, '--output', 'hey', '--no-log-file');
  const sdk = await load('hey/index.ts');
  const { url, close } = await serve(createMockService({ behaviour: { byteOrderMark: false } }), { port: 0 });
  try {
    const call = { baseUrl: url, path: { 'customer-tenant-id': customerId }, auth: 'mock-token' };
    expect((await sdk.getCustomerBillingProfile(call)).data).toMatchObject({ companyName: read.companyName, attributes: read.attributes });
    const written = await sdk.updateCustomerBillingProfile({ ...call, headers: { 'If-Match': `"${read.attributes.etag}"` }, body: sent });
    expect(written.response.status).toBe(200);
    expect(written.data.defaultAddress.addressLine1).toBe(sent.DefaultAddress.AddressLine1);
  } finally {
    await close();
  }
});

test("orval's client of fetch", () => {
  generate('orval/dist/bin/orval.js', '--input', input, '--output', 'orval.ts', '--client', 'fetch');
  const code = readFileSync(join(folder, 'orval.ts'), 'utf8');
  expect(code).toContain('export const getCustomerBillingProfile = async');
  expect(code).toContain('export const updateCustomerBillingProfile = async');
});

test("orval's schemas of zod take the documented bodies, and refuse one without a required member", async () => {
  generate('orval/dist/bin/orval.js', '--input', input, '--output', 'zod.ts', '--client', 'zod');
  const schemas = await load('zod.ts');
  expect(schemas.getCustomerBillingProfileResponse.safeParse(read).success).toBe(true);
  expect(schemas.updateCustomerBillingProfileBody.safeParse(sent).success).toBe(true);
  const { companyName: _, ...without } = read;
  expect(schemas.getCustomerBillingProfileResponse.safeParse(without).success).toBe(false);
});

test('openapi-zod-client', () => {
  generate('openapi-zod-client/bin.js', input, '-o', 'zodios.ts');
  expect(readFileSync(join(folder, 'zodios.ts'), 'utf8')).toContain('const CustomerBillingProfileUpdate = z');
});
