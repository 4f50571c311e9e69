import { buildSync } from 'esbuild';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The command line, ready to be started by Node. */
    program: string;
  }
}

/**
 * Makes the command line a few files, once for all tests: loading every source through a compiler would take each process longer than what
 * it does. What is loaded late stays so. They lie where Node finds the packages.
 */
export default function buildProgram({ provide }: TestProject): () => void {
  const outdir = fileURLToPath(new URL(`../../node_modules/.cache/pc-billing-${randomUUID()}`, import.meta.url));
  const entry = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  buildSync({
    entryPoints: [entry],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  provide('program', join(outdir, 'main.mjs'));
  return () => rmSync(outdir, { recursive: true, force: true });
}
