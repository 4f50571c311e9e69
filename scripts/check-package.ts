/**
 * Looks at the package from outside: publint and attw on the tarball, then a strict TypeScript project that installs it, compiles
 * against it and uses it. Expects dist/ to be built.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const consumer = mkdtempSync(join(tmpdir(), 'pc-billing-consumer-'));
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

const schemas = ['./report.schema.json', './known.schema.json', './fingerprint.schema.json'];

function run(what: string, command: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: consumer, encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${what} ended with ${status}:\n${stdout}${stderr}`);
  console.log(`ok  ${what}`);
  return stdout;
}

const typeScriptProject = {
  'package.json': { name: 'consumer', private: true, type: 'module' },
  'tsconfig.json': {
    compilerOptions: {
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      module: 'NodeNext',
      target: 'ES2022',
      types: [],
      outDir: 'out',
    },
    files: ['read.ts', 'misuse.ts'],
  },
};

const read = `import { createPartnerClient, type CustomerBillingProfile } from 'partner-center-billing-profile';
import { runConformance } from 'partner-center-billing-profile/conformance';
import { createMockService } from 'partner-center-billing-profile/mock';
import { serve } from 'partner-center-billing-profile/mock/node';
import { validateProfile } from 'partner-center-billing-profile/validate';

const mock = createMockService();
const { url, close } = await serve(mock, { port: 0 });
const [customerId, otherCustomerId] = mock.customers.ids() as [string, string];
const partner = createPartnerClient({ token: mock.token, baseUrl: url });
const profile: CustomerBillingProfile = await partner.customers.byId(customerId).profiles.billing.get();
const report = await runConformance({ baseUrl: url, token: mock.token, customerId, otherCustomerId });
await close();
if (profile.companyName !== 'CompanyName' || !validateProfile(profile).ok || report.summary.fail + report.summary.broken > 0) throw new Error('wrong');
`;

const misuse = `import { createPartnerClient, type CustomerBillingProfile } from 'partner-center-billing-profile';

export async function misuse(profile: CustomerBillingProfile): Promise<void> {
  const { billing } = createPartnerClient({ token: 't' }).customers.byId('x').profiles;
  // @ts-expect-error: a misspelt member
  await billing.update({ ...profile, defaultAddress: { country: 'US', postcode: '98052' } });
  // @ts-expect-error: a misspelt member, read
  profile.emial;
  // @ts-expect-error: a PascalCase member
  await billing.update({ ...profile, defaultAddress: { country: 'US', PostalCode: '98052' } });
  // @ts-expect-error: a PascalCase member, read
  profile.Email;
  // @ts-expect-error: a number as postal code
  await billing.update({ ...profile, defaultAddress: { country: 'US', postalCode: 98052 } });
}
`;

try {
  const [{ filename }] = JSON.parse(
    run('npm pack', 'npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', consumer], { cwd: root }),
  ) as [{ filename: string }];
  const tarball = join(consumer, filename);
  run('publint', bin('publint'), ['run', tarball, '--strict']);
  run('attw', bin('attw'), [tarball, '--profile', 'esm-only', '--exclude-entrypoints', './openapi.json', ...schemas]);

  for (const [file, content] of Object.entries(typeScriptProject)) writeFileSync(join(consumer, file), JSON.stringify(content));
  writeFileSync(join(consumer, 'read.ts'), read);
  writeFileSync(join(consumer, 'misuse.ts'), misuse);
  run('npm install of the tarball', 'npm', ['install', '--no-audit', '--no-fund', `./${filename}`]);
  run('tsc of a strict consumer', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.']);
  run('the consumer reads a profile and runs the suite', process.execPath, ['out/read.js']);
  run('the contract is published', process.execPath, [
    '--input-type=module',
    '--eval',
    `import contract from 'partner-center-billing-profile/openapi.json' with { type: 'json' }; if (contract.openapi !== '3.1.0') throw contract;`,
  ]);
  run('the schemas are published', process.execPath, [
    '--input-type=module',
    '--eval',
    `for (const name of ${JSON.stringify(schemas)}) {
      const { default: schema } = await import(name.replace('.', 'partner-center-billing-profile'), { with: { type: 'json' } });
      if (!schema.$id.startsWith('urn:partner-center-billing-profile:')) throw schema;
    }`,
  ]);
  run('npx pc-billing in a clone', 'npx', ['--no-install', 'pc-billing', '--version'], { cwd: root });
  run('npx pc-billing conformance', 'npx', ['--no-install', 'pc-billing', 'conformance']);
  cpSync(join(root, 'examples/our-client.mjs'), join(consumer, 'our-client.mjs'));
  run('our client scores full marks', 'npx', ['--no-install', 'pc-billing', 'score', '--strict', '--', process.execPath, 'our-client.mjs']);
  await runReadmeClient();
} finally {
  rmSync(consumer, { recursive: true });
}

/** The README's first lines of code, as a user would run them: in a project of their own, on a mock of the command line. */
async function runReadmeClient(): Promise<void> {
  const block = /```ts\n(.*?)```/s.exec(readFileSync(join(root, 'README.md'), 'utf8'))![1]!;
  writeFileSync(join(consumer, 'readme.mts'), block);
  cpSync(join(root, 'node_modules/@types/node'), join(consumer, 'node_modules/@types/node'), { recursive: true });
  cpSync(join(root, 'node_modules/undici-types'), join(consumer, 'node_modules/undici-types'), { recursive: true });
  const flags = ['--strict', '--skipLibCheck', 'false', '--module', 'NodeNext', '--target', 'ES2022', '--types', 'node', 'readme.mts'];
  run("tsc of the README's client", process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...flags]);

  const mock = spawn('npx', ['--no-install', 'pc-billing', 'mock', '--json', '--port', '0'], { cwd: consumer, detached: true });
  try {
    const [line] = (await once(mock.stdout, 'data')) as [Buffer];
    const { url, token, customerIds } = JSON.parse(String(line)) as { url: string; token: string; customerIds: string[] };
    const env = { ...process.env, PARTNER_CENTER_BASE_URL: url, PARTNER_CENTER_TOKEN: token, PARTNER_CENTER_CUSTOMER_ID: customerIds[0] };
    const printed = run("the README's client", process.execPath, ['readme.mjs'], { env });
    if (printed !== 'CompanyName email@sample.com\nCompanyName billing@contoso.com\n')
      throw new Error(`The README's client printed ${JSON.stringify(printed)}.`);
  } finally {
    process.kill(-mock.pid!, 'SIGTERM');
  }
}
