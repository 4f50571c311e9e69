#!/usr/bin/env node
import { terminalOf } from './print/terminal.ts';
import { run } from './program.ts';

let isOutputLost = false;

// Output that cannot be written is no reason to stop: a run has a profile to put back. That `head` has seen enough is no error either.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE' || isOutputLost) return;
  isOutputLost = true;
  process.stderr.write(`pc-billing: the output cannot be written: ${code ?? message}. The command goes on to its end without it.\n`);
});
process.stderr.on('error', () => {});
process.on('exit', (exitCode) => void (process.exitCode = isOutputLost ? exitCode || 2 : exitCode));

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  env: process.env,
  ...terminalOf(process.stdout, process.env),
  stopSignal: () => {
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
    return stop.signal;
  },
});
