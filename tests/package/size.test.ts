import { build, type Plugin } from 'esbuild';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** Leaves out what is loaded later, as a bundler that splits does. */
const later: Plugin = {
  name: 'later',
  setup(building) {
    building.onResolve({ filter: /./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
  },
};

async function bundled(plugins: Plugin[]) {
  const entryPoints = [new URL('../../src/index.ts', import.meta.url).pathname];
  const { outputFiles, metafile } = await build({ entryPoints, bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, metafile: true, plugins }); // prettier-ignore
  return { sizeBytes: gzipSync(outputFiles[0]!.contents, { level: 9 }).length, inputs: Object.keys(metafile.inputs) };
}

test('the client is 8 kB at most when it is loaded, 11 kB with what it loads to write and to validate', async () => {
  expect((await bundled([later])).sizeBytes).toBeLessThanOrEqual(8_000);
  expect((await bundled([])).sizeBytes).toBeLessThanOrEqual(11_000);
});

test('it has openapi-fetch inside, and neither a validator nor anything of Node', async () => {
  const { inputs } = await bundled([]);
  expect(inputs.filter((path) => path.includes('node_modules'))).toEqual(['node_modules/openapi-fetch/dist/index.mjs']);
  expect(inputs.filter((path) => /validat|^node:|mock|conformance/.test(path))).toEqual([]);
});
