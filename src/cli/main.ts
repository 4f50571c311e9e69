#!/usr/bin/env node
import { closeSync, openSync, writeSync } from 'node:fs';
import { terminalOf } from './print/terminal.ts';
import { run } from './program.ts';
import { endingSignals, sameWishMs, signalNumber } from './signals.ts';

let isOutputLost = false;

// Output that cannot be written is no reason to stop: a run has a profile to put back. That `head` has seen enough is no error either.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE' || isOutputLost) return;
  isOutputLost = true;
  process.stderr.write(`pc-billing: the output cannot be written: ${code ?? message}. The command goes on to its end without it.\n`);
});
process.stderr.on('error', () => {});
// 13 is Node's own, for a command that waits for what never comes.
process.on('exit', (exitCode) => void (process.exitCode = exitCode === 13 ? 2 : isOutputLost ? exitCode || 2 : exitCode));

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  env: process.env,
  ...terminalOf(process.stdout, process.env),
  stopSignal,
  terminal,
  onDefect: (listener) => void process.on('uncaughtException', listener),
});

/** The first signal aborts, the second ends the program: what hangs must not keep it. */
function stopSignal(lastWords: () => string = () => ''): AbortSignal {
  const stop = new AbortController();
  let askedAtMs = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!stop.signal.aborted) {
      askedAtMs = performance.now();
      return stop.abort();
    }
    if (performance.now() - askedAtMs < sameWishMs) return;
    try {
      writeSync(2, lastWords());
    } catch {
      // The output is gone.
    }
    process.exit(128 + signalNumber(signal));
  };
  for (const signal of endingSignals()) process.on(signal, onSignal);
  return stop.signal;
}

/** Writes to the terminal that the program was started from, past every pipe and file. */
function terminal(text: string): boolean {
  try {
    const device = openSync('/dev/tty', 'w');
    writeSync(device, text);
    closeSync(device);
    return true;
  } catch {
    if (process.stderr.isTTY) process.stderr.write(text);
    return process.stderr.isTTY;
  }
}
