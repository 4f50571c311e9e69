import { build } from 'esbuild';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

async function bundled() {
  const entryPoints = [new URL('../../src/index.ts', import.meta.url).pathname];
  const { outputFiles, metafile } = await build({ entryPoints, bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, metafile: true }); // prettier-ignore
  return { sizeBytes: gzipSync(outputFiles[0]!.contents, { level: 9 }).length, inputs: metafile.inputs };
}

test('the client is 15 kB at most, as one file', async () => {
  expect((await bundled()).sizeBytes).toBeLessThanOrEqual(15_000);
});

test('it loads nothing later', async () => {
  const imports = Object.values((await bundled()).inputs).flatMap((input) => input.imports);
  expect(imports.filter(({ kind }) => kind !== 'import-statement')).toEqual([]);
});

test('it has openapi-fetch inside, and neither a validator nor anything of Node', async () => {
  const paths = Object.keys((await bundled()).inputs);
  expect(paths.filter((path) => path.includes('node_modules'))).toEqual(['node_modules/openapi-fetch/dist/index.mjs']);
  expect(paths.filter((path) => /validators|contract\/validate|^node:|mock|conformance/.test(path))).toEqual([]);
});
