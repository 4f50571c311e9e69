#!/usr/bin/env node
import { run } from './program.ts';

// A reader such as `head` that has seen enough is no error, and no reason to stop either: a run has a profile to put back.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  env: process.env,
  color: process.stdout.isTTY && !process.env.NO_COLOR,
  // Erases the line, writes the text and goes back to its beginning.
  progress: process.stdout.isTTY ? (text) => void process.stdout.write(`\r\u001b[2K${text}\r`) : undefined,
  stopSignal: () => {
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    return stop.signal;
  },
});
