import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { RunClient } from '../../score/run.ts';
import { hasStopped, statOf } from '../files/process-state.ts';
import { UsageError } from '../io.ts';

/** How much of what a client prints is kept. */
const keptOutput = 4096;
// A shell that ends together with the last process of its group leaves that one a moment to end too.
const graceMs = 200;
const marker = 'PC_BILLING_SCORE_RUN';

/**
 * Makes a client of a command.
 *
 * Shape: it runs once, without input, in a process group of its own, which is killed at the limit, and after it has ended. On Linux a
 * process that has left the group is found by its environment; elsewhere it is not found.
 * Errors: `UsageError` when the command cannot be started; the reason of the signal, when that is aborted.
 */
export function commandClient(command: readonly string[], options: { env: NodeJS.ProcessEnv; timeoutMs: number }): RunClient {
  const [file, ...args] = command as [string, ...string[]];
  return async (env, signal) => {
    signal.throwIfAborted();
    const id = crypto.randomUUID();
    const child = spawn(file, args, {
      env: { ...options.env, ...env, [marker]: id },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const output = keepOutput(child);
    const closed = new Promise((resolve) => child.once('close', resolve));
    let isTimedOut = false;
    const kill = (): void => killAll(child, id);
    const limit = setTimeout(() => {
      isTimedOut = true;
      kill();
    }, options.timeoutMs);
    signal.addEventListener('abort', kill, { once: true });
    try {
      const [exitCode, signalName] = (await once(child, 'exit').catch((error: NodeJS.ErrnoException) => {
        const why = error.code === 'ENOENT' ? 'there is no such program' : (error.code ?? error.message);
        throw new UsageError(`The command "${file}" cannot be started: ${why}.`);
      })) as [number | null, NodeJS.Signals | null];
      signal.throwIfAborted();
      const leftBehind = isTimedOut ? 0 : await leftBehindBy(child, id);
      kill();
      // What it printed last may still be on its way.
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
      return { exitCode, ...(signalName === null ? {} : { signal: signalName }), isTimedOut, leftBehind, ...output() };
    } finally {
      clearTimeout(limit);
      signal.removeEventListener('abort', kill);
      kill();
      child.stdout?.destroy();
      child.stderr?.destroy();
    }
  };
}

function keepOutput(child: ChildProcess): () => { output: string; outputBytes: number } {
  let kept = Buffer.alloc(0);
  let outputBytes = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length;
      kept = Buffer.concat([kept, chunk.subarray(-keptOutput)]).subarray(-keptOutput);
    });
  }
  return () => ({ output: kept.toString('utf8'), outputBytes });
}

/** How many processes of a client are still there. */
async function leftBehindBy(child: ChildProcess, id: string): Promise<number> {
  for (const end = Date.now() + graceMs; ;) {
    const count = livingOf(child, id).length;
    if (count === 0 || Date.now() > end) return count;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function killAll(child: ChildProcess, id: string): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') return void spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
  // One of them may start another while they are looked for.
  for (let round = 0; round < 10; round += 1) {
    const living = livingOf(child, id);
    if (living.length === 0) return;
    for (const one of living) isSent('SIGKILL', one);
  }
}

/** What `kill` takes to end those that still run: on Linux each process of the group, or with the id in its environment. */
function livingOf({ pid }: ChildProcess, id: string): number[] {
  if (pid === undefined || process.platform === 'win32') return [];
  if (process.platform === 'linux')
    return readdirSync('/proc')
      .filter((name) => isOfRun(name, pid, id))
      .map(Number);
  return isSent(0, -pid) ? [-pid] : [];
}

/** Sends a signal, 0 to send none, and says whether there was still something to take it. */
function isSent(signal: 'SIGKILL' | 0, pid: number): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function isOfRun(name: string, group: number, id: string): boolean {
  if (!/^\d+$/.test(name)) return false;
  const stat = statOf(name);
  if (stat === undefined || hasStopped(stat)) return false;
  try {
    return Number(stat[2]) === group || readFileSync(`/proc/${name}/environ`, 'utf8').includes(`${marker}=${id}`);
  } catch {
    return false; // ended meanwhile, or another user's
  }
}
