import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { inject } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/program.ts';

/** A command line as the words that a shell makes of it: quotes keep what is in them together. Nothing is expanded. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let end = 0;
  for (const { 0: part, 1: space, 2: single, 3: double, 4: escaped } of line.matchAll(/(\s+)|'([^']*)'|"([^"]*)"|\\(.)|[^\s'"\\]+/gs)) {
    end += part.length;
    if (space === undefined) word = (word ?? '') + (single ?? double ?? escaped ?? part);
    else if (word !== undefined) words.push(word);
    if (space !== undefined) word = undefined;
  }
  if (end < line.length) throw new TypeError(`A quote is not closed: ${line}`);
  return word === undefined ? words : [...words, word];
}

/** Runs a command line in this process, and gives back what a user would see. */
export async function cli(line: string, env: Io['env'] = {}): Promise<{ exitCode: number; out: string; err: string }> {
  const seen = { out: '', err: '' };
  const words = wordsOf(line);
  const exitCode = await run(words, {
    out: (text) => (seen.out += text),
    err: (text) => (seen.err += text),
    env,
    color: false,
    // No test waits.
    sleep: () => Promise.resolve(),
    // A mock of this process is stopped as soon as it is up; a run goes to its end.
    stopSignal: () => (words[0] === 'mock' ? AbortSignal.abort() : new AbortController().signal),
  });
  return { exitCode, ...seen };
}

/** What was printed with every sentence and every command in one line, as it was before it was made to fit the screen. */
export const unwrapped = (text: string): string => text.replaceAll(/ \\\n +/g, ' ').replaceAll(/\n {10,}(?=\S)/g, ' ');

/** The command line as a program for Node. */
export const program = (): string => inject('program');

/** Starts the program as a process of its own. `firstOutput` resolves with the first text it prints; none when that goes to a file. */
export function cliProcess(line: string, env: NodeJS.ProcessEnv = {}, outFile?: string) {
  const { PARTNER_CENTER_BASE_URL: _, PARTNER_CENTER_TOKEN: __, PARTNER_CENTER_CUSTOMER_ID: ___, ...inherited } = process.env;
  const file = outFile === undefined ? undefined : openSync(outFile, 'w');
  const child = spawn(process.execPath, [program(), ...wordsOf(line)], {
    env: { ...inherited, ...env },
    stdio: ['pipe', file ?? 'pipe', 'pipe'],
  });
  if (file !== undefined) closeSync(file);
  let out = '';
  let err = '';
  child.stdout?.on('data', (text) => (out += String(text)));
  child.stderr!.on('data', (text) => (err += String(text)));
  return {
    child,
    firstOutput: async (): Promise<string> => {
      if (out === '') await once(child.stdout!, 'data');
      return out;
    },
    ended: async (): Promise<{ exitCode: number | null; out: string; err: string }> => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      return { exitCode: child.exitCode, out, err };
    },
  };
}
