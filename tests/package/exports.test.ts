import { expect, test } from 'vitest';
import { contractVersion, packageVersion } from '../../src/contract/generated.ts';
import contract from '../../generated/openapi.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };

/** What each entry exports at run time. A change here is a change for users: it wants a line in the changelog. */
const entries: Record<string, string[]> = {
  '.': [
    'CancelledError',
    'ConflictError',
    'ContractError',
    'EnvironmentError',
    'NetworkError',
    'PartnerError',
    'ServiceError',
    'StaleEtagError',
    'ThrottledError',
    'TokenError',
    'clouds',
    'createPartnerClient',
    'isPartnerError',
  ],
  './validate': ['validateProfile', 'validateUpdate'],
  './mock': ['behaviourPresets', 'createMockService', 'faults', 'transportFaults'],
  './mock/node': ['serve'],
  './mock/customers': ['createSeededCustomers'],
  './msw': ['createHandlers'],
  './conformance': ['TargetError', 'discardLeftover', 'exitCodeOf', 'requirements', 'restoreLeftover', 'runConformance', 'withAccepted'],
  './vitest': ['describeConformance'],
};

test.each(Object.entries(entries))('%s exports what it says', async (entry, names) => {
  const { types, default: built } = manifest.exports[entry as './mock'];
  expect(types).toBe(built.replace(/\.js$/, '.d.ts'));
  const source = built.replace('./dist/', '../../').replace(/\.js$/, '.ts');
  expect(Object.keys(await import(source)).toSorted()).toEqual(names.toSorted());
});

test('there are no other entries', () => {
  expect(Object.keys(manifest.exports)).toEqual([
    ...Object.keys(entries),
    './openapi.json',
    './report.schema.json',
    './known.schema.json',
    './fingerprint.schema.json',
    './package.json',
  ]);
});

test('the versions that the code knows are those of the manifest and of the contract', () => {
  expect(packageVersion).toBe(manifest.version);
  expect(contractVersion).toBe(contract.info.version);
});

test('every version is pinned, but for the optional peers', () => {
  for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  for (const peer of Object.keys(manifest.peerDependencies)) expect(manifest.peerDependenciesMeta).toHaveProperty(peer, { optional: true });
});
