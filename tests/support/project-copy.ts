import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** A copy of the project that may be changed. */
export interface ProjectCopy {
  folder: string;
  /** Runs Node in it. */
  node(...args: string[]): Promise<{ exitCode: number; output: string }>;
  generate(...args: string[]): Promise<{ exitCode: number; output: string }>;
  remove(): Promise<void>;
}

/** Copies the project as far as generation and the type proof need it. */
export async function copyProject(): Promise<ProjectCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'pc-billing-project-'));
  for (const part of [
    'openapi',
    'schemas',
    'generated',
    'scripts',
    'src',
    'docs',
    'examples',
    'tests/support',
    'tests/types',
    'README.md',
    'package.json',
    '.prettierrc.json',
    'tsconfig.json',
  ]) {
    // The peers of the benchmarks may be installed below scripts.
    await cp(join(root, part), join(folder, part), { recursive: true, filter: (from) => basename(from) !== 'node_modules' });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const node: ProjectCopy['node'] = (...args) =>
    execute(process.execPath, args, { cwd: folder }).then(
      ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({ exitCode: error.code, output: error.stdout + error.stderr }),
    );
  return {
    folder,
    node,
    generate: (...args) => node('--import', 'tsx', 'scripts/generate.ts', ...args),
    remove: () => rm(folder, { recursive: true }),
  };
}
