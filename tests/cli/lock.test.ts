import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lock } from '../../src/cli/files/lock.ts';
import { thisProcess } from '../../src/cli/files/process-state.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pc-billing-lock-'));
  path = join(folder, 'profile.jsonl.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const held = (holder: Partial<ReturnType<typeof thisProcess>>): Promise<void> => {
  const { pid, startedAt, space } = { ...thisProcess(), ...holder };
  return writeFile(path, `${pid} some-id ${startedAt} ${space}\n`);
};

test('a lock is held while its process lives, and given back', async () => {
  const release = await lock(path);
  await expect(lock(path)).rejects.toThrow(`Another run, process ${process.pid}, is writing`);
  await release();
  await (
    await lock(path)
  )();
});

test('a lock of a number that another process has now is taken over', async () => {
  await held({ startedAt: '1' });
  await (
    await lock(path)
  )();
});

test.runIf(process.platform === 'linux')(
  'a lock of a process that has ended, and that its parent has not looked at, is taken over',
  async () => {
    // The shell becomes a program that never waits for the child that it began.
    const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(String(line));
      await held({ pid, startedAt: '-' });
      await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /);
      // Without its start nothing more than its state is known.
      await held({ pid, startedAt: '12345' });
      await (
        await lock(path)
      )();
    } finally {
      parent.kill('SIGKILL');
    }
  },
);

test('a lock from another container is held until it has given no sign of life for 20 s', async () => {
  await held({ pid: 1, space: 'pid:[1]' });
  await expect(lock(path)).rejects.toThrow('Another run, process 1, is writing');
  const long = new Date(Date.now() - 21_000);
  await utimes(path, long, long);
  await (
    await lock(path)
  )();
});
