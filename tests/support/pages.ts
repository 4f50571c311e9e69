import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { program } from './cli.ts';
import { freePort } from './free-port.ts';
import { readSource } from './source.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Block {
  language: string;
  text: string;
}

/** The fenced blocks of a page, in order. */
export const blocksOf = (page: string): Block[] =>
  [...readSource(page).matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language: language!, text: text! }));

export const blocksIn = (page: string, language: string): string[] =>
  blocksOf(page)
    .filter((block) => block.language === language)
    .map(({ text }) => text);

/** A reader's shell: an empty folder where the package is installed, as far as `npx pc-billing` and the files it brings along go. */
export interface ReadersShell {
  folder: string;
  /** The address that stands in for http://127.0.0.1:4010. */
  url: string;
  /** Runs a script and gives what it prints. Errors: when it ends with another code than 0. */
  run(script: string): Promise<string>;
  /** Runs something while a command that does not end by itself runs, once that has printed. */
  during(script: string, act: (seen: { err: string }) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function openShell(): Promise<ReadersShell> {
  const folder = await mkdtemp(join(tmpdir(), 'pc-billing-page-'));
  const npx = join(folder, 'npx');
  await writeFile(npx, `#!/bin/sh\n[ "$1" = pc-billing ] || exit 127\nshift\nexec "${process.execPath}" "${program()}" "$@"\n`);
  await chmod(npx, 0o755);
  for (const part of ['examples', 'fingerprints', 'openapi']) await symlink(join(root, part), join(folder, part));
  const port = await freePort();
  const onPort = (script: string): string => script.replaceAll('4010', String(port));
  const { PARTNER_CENTER_BASE_URL: _, PARTNER_CENTER_TOKEN: __, PARTNER_CENTER_CUSTOMER_ID: ___, ...inherited } = process.env;
  const env = {
    ...inherited,
    PC_BILLING_STATE_DIR: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'step-summary.md'),
    PATH: `${folder}${delimiter}${process.env.PATH}`,
  };
  return {
    folder,
    url: `http://127.0.0.1:${port}`,
    run: async (script) =>
      (await promisify(execFile)('bash', ['-euc', onPort(script)], { cwd: folder, env })).stdout.replaceAll('\uFEFF', ''),
    async during(script, act) {
      const child = spawn('bash', ['-euc', `exec ${onPort(script)}`], { cwd: folder, env });
      const seen = { err: '' };
      child.stderr.on('data', (text) => (seen.err += String(text)));
      await once(child.stdout, 'data');
      try {
        await act(seen);
      } finally {
        child.kill();
        await once(child, 'exit');
      }
    },
    close: () => rm(folder, { recursive: true }),
  };
}
