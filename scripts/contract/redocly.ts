import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A change as `redocly diff --format json` has it. `path` follows the document with all references resolved; `pointer` is where the text stands. */
export interface RedoclyChange {
  path: string;
  typeName: string;
  kind: 'added' | 'removed' | 'modified';
  impact: 'major' | 'minor' | 'patch';
  verdicts: { ruleId: string; message: string }[];
  property?: string;
  base?: { pointer: string; value?: unknown };
  revision?: { pointer: string; value?: unknown };
}

const cli = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');

/** Runs the Redocly CLI, which would phone home otherwise. */
export function redocly(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
}

/** The changes between two files that hold a contract. Errors: `Error` with Redocly's words when it cannot compare them. */
export function redoclyChanges(base: string, revision: string): RedoclyChange[] {
  const config = fileURLToPath(new URL('redocly-diff.yaml', import.meta.url));
  const { stdout, stderr } = redocly(['diff', base, revision, '--format', 'json', '--config', config, '--lint-config', 'off']);
  try {
    return (JSON.parse(stdout) as { changes: RedoclyChange[] }).changes;
  } catch {
    throw new Error(`Redocly cannot compare the two contracts. Run \`npm run lint\` to see what is wrong with this one.\n${stderr}`);
  }
}
