import { once } from 'node:events';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { endingSignals, sameWishMs } from '../../src/cli/signals.ts';
import { createMockService, type MockService } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';
import { cli, cliProcess } from '../support/cli.ts';
import { serviceOf } from '../support/service-of.ts';

type Program = ReturnType<typeof cliProcess>;

/** What befalls a run while it goes, and the state folder that it has. */
export interface Ending {
  name: string;
  /** Where the standard output goes, when it is no pipe. */
  outFile?: string;
  befall(program: Program, folder: string): void | Promise<void>;
  /** The process ends at once, so that `restore` has to put the profile back. `kills`: how often that is killed too. */
  needsRestore?: { kills: number };
  /** Makes the state folder, and takes it away again. Default: below a new folder for temporary files. */
  folder?: { make(): Promise<string>; remove(folder: string): Promise<void> };
}

const closeBoth = ({ child }: Program): void => {
  child.stdout?.destroy();
  child.stderr?.destroy();
};

/** Everything that a process can survive, but for what needs a disk of its own. */
export const survivable: readonly Ending[] = [
  ...endingSignals().map((signal) => ({ name: signal, befall: ({ child }: Program) => void child.kill(signal) })),
  { name: 'stdout closed', befall: ({ child }) => void child.stdout!.destroy() },
  { name: 'stderr closed', befall: ({ child }) => void child.stderr!.destroy() },
  { name: 'both outputs closed', befall: closeBoth },
  {
    name: 'both outputs closed, then SIGINT, as when `tee` dies first',
    befall: (program) => {
      closeBoth(program);
      program.child.kill('SIGINT');
    },
  },
  { name: 'output full', outFile: '/dev/full', befall: () => {} },
  { name: 'output full, then SIGHUP', outFile: '/dev/full', befall: ({ child }) => void child.kill('SIGHUP') },
  { name: 'state folder removed', befall: (_, folder) => rm(folder, { recursive: true, force: true }) },
  {
    name: 'state folder removed, then SIGTERM',
    befall: async ({ child }, folder) => {
      await rm(folder, { recursive: true, force: true });
      child.kill('SIGTERM');
    },
  },
  {
    name: 'a file in the place of the state folder',
    befall: async (_, folder) => {
      await rename(folder, `${folder}-before`);
      await writeFile(folder, '');
    },
  },
];

/** The process is killed, and so is `restore`, as often as it says. */
export const killed = (kills: number): Ending => ({
  name: `SIGKILL, then ${kills} times while restoring`,
  befall: ({ child }) => void child.kill('SIGKILL'),
  needsRestore: { kills },
});

/** Two signals end a run at once; the service answers nothing in between. */
export const twice: Ending = {
  name: 'two signals',
  befall: async ({ child }) => {
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 1.2 * sameWishMs));
    child.kill('SIGINT');
    await once(child, 'exit');
  },
  needsRestore: { kills: 0 },
};

const inTemporaryFolder: NonNullable<Ending['folder']> = {
  make: async () => join(await mkdtemp(join(tmpdir(), 'pc-billing-')), 'state'),
  remove: (folder) => rm(join(folder, '..'), { recursive: true, force: true }),
};

/** Numbers from 0 to 1 that follow from a seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const contentOf = (mock: MockService): unknown => {
  const [customerId] = mock.customers.ids() as [string];
  return { ...mock.customers.get(customerId), attributes: undefined };
};

/** A slow mock, and what it tells of each request before it answers. */
async function slowMock(random: () => number, mode: { latencyMs: number }) {
  const mock = createMockService();
  const seen: { onRequest: (count: number) => void | Promise<void>; count: number } = { onRequest: () => {}, count: 0 };
  const served = await serve(
    serviceOf(async (request) => {
      seen.count += 1;
      await seen.onRequest(seen.count);
      if (mode.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, random() * mode.latencyMs));
      return mock.fetch(request);
    }),
    { port: 0 },
  );
  return { mock, served, seen };
}

// From the request after which there is a snapshot to the end of a run.
const requests = { from: 12, to: 220 };

/** Ends one run of mode `race` at a moment that the seed gives, and expects the profile to be as before. Resolves to whether it was in time. */
export async function endRun(ending: Ending, seed: number, latencyMs = 4): Promise<{ endedAt: number; hadSnapshot: boolean }> {
  const random = randomOf(seed);
  const { make, remove } = ending.folder ?? inTemporaryFolder;
  const folder = await make();
  const { mock, served, seen } = await slowMock(random, { latencyMs });
  const before = contentOf(mock);
  const endedAt = requests.from + Math.floor(random() * (requests.to - requests.from));
  const about = `${ending.name}, seed ${seed}, at request ${endedAt}`;
  try {
    const program = cliProcess(`conformance --base-url ${served.url} --state-dir ${folder}`, {}, ending.outFile);
    let befallen: Promise<void> | undefined;
    seen.onRequest = (count) => {
      if (count === endedAt) befallen = Promise.resolve(ending.befall(program, folder));
      return befallen;
    };
    const end = await program.ended();
    expect(befallen, about).toBeDefined();
    let hadSnapshot = false;
    if (ending.needsRestore !== undefined) {
      hadSnapshot = (await readdir(folder)).some((name) => name.endsWith('.jsonl'));
      await restoreAfterKills(folder, ending.needsRestore.kills, seen, random, about);
    }
    expect(contentOf(mock), `${about}\n${end.err}`).toEqual(before);
    return { endedAt, hadSnapshot };
  } finally {
    await served.close();
    await remove(folder);
  }
}

async function restoreAfterKills(
  folder: string,
  kills: number,
  seen: { onRequest: (count: number) => void; count: number },
  random: () => number,
  about: string,
): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    const program = cliProcess(`conformance restore --state-dir ${folder}`);
    const at = seen.count + 1 + Math.floor(random() * 4);
    seen.onRequest = (count) => void (count === at && program.child.kill('SIGKILL'));
    await program.ended();
  }
  seen.onRequest = () => {};
  const { exitCode, err } = await cli(`conformance restore --state-dir ${folder}`);
  expect({ exitCode, err }, about).toEqual({ exitCode: 0, err: '' });
  expect(await readdir(folder), about).toEqual([]);
}
