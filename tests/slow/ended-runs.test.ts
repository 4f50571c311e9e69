import { execFileSync, spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMockService } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';
import { cli, cliProcess } from '../support/cli.ts';
import { type Ending, endRun, killed, survivable, twice } from '../suites/ended-runs.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const runs = Number(process.env.RUNS ?? 200);

// A disk of its own, to be filled or made read-only, takes a user who may mount.
const mayMount = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'pc-billing-mount-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]).status === 0;
  if (isMounted) spawnSync('umount', [folder]);
  return isMounted;
})();

const ownDisk: NonNullable<Ending['folder']> = {
  make: async () => {
    const disk = mkdtempSync(join(tmpdir(), 'pc-billing-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
    return join(disk, 'state');
  },
  remove: async (folder) => {
    execFileSync('umount', [join(folder, '..')]);
    await rm(join(folder, '..'), { recursive: true, force: true });
  },
};

const fill = (folder: string): Promise<void> => writeFile(join(folder, '..', 'filler'), Buffer.alloc(1024 * 1024)).catch(() => {});

const onOwnDisk: Ending[] = [
  { name: 'state disk full', folder: ownDisk, befall: (_, folder) => fill(folder) },
  {
    name: 'state disk full, then SIGINT',
    folder: ownDisk,
    befall: async ({ child }, folder) => {
      await fill(folder);
      child.kill('SIGINT');
    },
  },
  {
    name: 'state folder read-only',
    folder: ownDisk,
    befall: (_, folder) => void execFileSync('mount', ['-o', 'remount,ro', join(folder, '..')]),
  },
];

/** Two at a time: the runs wait more than they work. */
async function endAll(endings: readonly Ending[], count: number): Promise<Record<string, number>> {
  const made: Record<string, number> = {};
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const ending = endings[index % endings.length]!;
      const { hadSnapshot } = await endRun(ending, seed + index);
      const name = ending.needsRestore === undefined || hadSnapshot ? ending.name : `${ending.name}, without a snapshot`;
      made[name] = (made[name] ?? 0) + 1;
    }
  };
  await Promise.all([worker(), worker()]);
  return made;
}

test.runIf(mayMount)('restore puts a profile back from a folder that it can only read, and says what is left', async () => {
  const folder = await ownDisk.make();
  const mock = createMockService();
  const served = await serve(mock, { port: 0 });
  try {
    const program = cliProcess(`conformance --base-url ${served.url} --state-dir ${folder}`);
    const [id] = mock.customers.ids() as [string];
    await expect.poll(() => mock.customers.get(id)!.firstName, { interval: 1, timeout: 20_000 }).toContain('Probe');
    program.child.kill('SIGKILL');
    await program.ended();
    execFileSync('mount', ['-o', 'remount,ro', join(folder, '..')]);
    const { exitCode, err } = await cli(`conformance restore --state-dir ${folder}`);
    expect(exitCode).toBe(0);
    expect(err).toMatch(/^Note: the snapshot is needed no longer, and cannot be removed: EROFS.*\. Remove it yourself: .*\.jsonl\n$/);
    const content = (service: typeof mock): unknown => ({ ...service.customers.get(id), attributes: undefined });
    expect(content(mock)).toEqual(content(createMockService()));
    const discarded = await cli(`conformance restore --state-dir ${folder} --discard`);
    expect(discarded).toMatchObject({ exitCode: 2, err: expect.stringContaining('cannot be removed: EROFS') });
  } finally {
    await served.close();
    await ownDisk.remove(folder);
  }
});

describe(`seed ${seed}`, () => {
  test(`${runs} runs that are ended or hindered leave the profile as it was`, { timeout: 3_600_000 }, async () => {
    const made = await endAll([...survivable, ...(mayMount ? onOwnDisk : [])], runs);
    expect(Object.values(made).reduce((sum, count) => sum + count, 0)).toBe(runs);
    console.log(made); // oxlint-disable-line no-console
  });

  test(`${runs / 2} runs that are killed are put back by restore, which is killed too`, { timeout: 3_600_000 }, async () => {
    const made = await endAll([killed(0), killed(1), killed(2), killed(3), twice], runs / 2);
    console.log(made); // oxlint-disable-line no-console
  });
});
