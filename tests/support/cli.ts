import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/program.ts';

/** Runs a command line in this process, and gives back what a user would see. */
export async function cli(args: readonly string[], env: Io['env'] = {}): Promise<{ exitCode: number; out: string; err: string }> {
  const seen = { out: '', err: '' };
  const exitCode = await run(args, {
    out: (text) => (seen.out += text),
    err: (text) => (seen.err += text),
    env,
    color: false,
    // A mock of this process is stopped as soon as it is up; a run goes to its end.
    stopSignal: () => (args[0] === 'mock' ? AbortSignal.abort() : new AbortController().signal),
  });
  return { exitCode, ...seen };
}

/** The command line as a program for Node. */
export const program = (): string => inject('program');

/** Starts the program as a process of its own. `firstOutput` resolves with the first text it prints. */
export function cliProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { PARTNER_CENTER_BASE_URL: _, PARTNER_CENTER_TOKEN: __, PARTNER_CENTER_CUSTOMER_ID: ___, ...inherited } = process.env;
  const child = spawn(process.execPath, [program(), ...args], { env: { ...inherited, ...env } });
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (err += String(text)));
  return {
    child,
    firstOutput: async (): Promise<string> => {
      if (out === '') await once(child.stdout, 'data');
      return out;
    },
    ended: async (): Promise<{ exitCode: number | null; out: string; err: string }> => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      return { exitCode: child.exitCode, out, err };
    },
  };
}
