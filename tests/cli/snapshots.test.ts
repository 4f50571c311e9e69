import { chmod, link, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSnapshotFile, snapshotNameOf } from '../../src/cli/files/snapshot-file.ts';
import { fileSnapshots } from '../../src/cli/files/snapshots.ts';
import { run } from '../../src/cli/program.ts';
import type { Snapshot } from '../../src/conformance/restore/snapshot.ts';
import { createMockService, type MockService } from '../../src/mock/index.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';
import { cli, wordsOf } from '../support/cli.ts';
import { serviceOf } from '../support/service-of.ts';

const [customerId, otherCustomerId] = createMockService().customers.ids() as [string, string];
let folder: string;
let mock: MockService;
let served: ServedMock;
/** Takes the place of the mock's response when it gives one. */
let instead: (request: Request) => Response | undefined | void | Promise<Response | undefined | void>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pc-billing-'));
  mock = createMockService();
  instead = () => undefined;
  served = await serve(
    serviceOf(async (request) => (await instead(request)) ?? mock.fetch(request)),
    { port: 0 },
  );
});
afterEach(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

const contentOf = (service: MockService, id = customerId): unknown => ({ ...service.customers.get(id), attributes: undefined });
const restore = (more = '') => cli(`conformance restore --state-dir ${folder} ${more}`);
const snapshotOf = (id = customerId): Snapshot => {
  const profile = createMockService().customers.get(id) as unknown as Snapshot['profile'];
  return { schemaVersion: 1, baseUrl: served.url, customerId: id, runId: 'r', takenAt: '2026-11-23T00:00:00.000Z', profile };
};
const placeOf = (id = customerId): string => join(folder, snapshotNameOf(served.url, id));

/** Leaves the profile changed and the snapshot of it, as a run that died does. */
async function leave(id = customerId): Promise<{ place: string; text: string }> {
  const snapshot = snapshotOf(id);
  const log = await fileSnapshots(folder).open(served.url, id);
  await log.begin(snapshot);
  await log.record({ ...snapshot.profile, firstName: 'Probe' });
  await log.close();
  const url = `${served.url}/v1/customers/${id}/profiles/billing`;
  const { etag } = mock.customers.get(id)!.attributes;
  const headers = { Authorization: `Bearer ${mock.token}`, 'If-Match': `"${etag}"`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ ...snapshot.profile, firstName: 'Probe' });
  expect((await mock.fetch(new Request(url, { method: 'PUT', headers, body }))).status).toBe(200);
  return { place: log.place!, text: await readFile(log.place!, 'utf8') };
}

describe('a snapshot that is damaged', () => {
  const first = (change: object): string => `${JSON.stringify({ ...snapshotOf(), ...change })}\n`;
  const asRoot = process.getuid?.() === 0;

  test.each<[string, (place: string, text: string) => unknown, words: string]>([
    ['empty', (place) => writeFile(place, ''), 'it is empty'],
    ['a line end', (place) => writeFile(place, '\n'), 'its first line, the snapshot, is not JSON or not whole'],
    ['null', (place) => writeFile(place, 'null\n'), 'it is not a JSON object'],
    ['{}', (place) => writeFile(place, '{}\n'), 'its schemaVersion is absent, and this version reads 1'],
    ['of another version', (place) => writeFile(place, first({ schemaVersion: 2 })), 'its schemaVersion is 2, and this version reads 1'],
    ['of no server', (place) => writeFile(place, first({ baseUrl: 'x' })), 'its "baseUrl" is not the address of a server'],
    ['of no customer', (place) => writeFile(place, first({ customerId: '..' })), 'its "customerId" is not a GUID'],
    ['without a time', (place) => writeFile(place, first({ takenAt: 1 })), 'its "takenAt" is not a time'],
    ['without a profile', (place) => writeFile(place, first({ profile: [] })), 'its "profile" is not a JSON object'],
    [
      'of another customer',
      (place) => writeFile(place, first({ customerId: otherCustomerId })),
      'its name is not that of its content. To use it, rename it to OTHER',
    ],
    ['binary', (place) => writeFile(place, Buffer.from([0, 255, 254, 10, 0])), 'its first line, the snapshot, is not JSON or not whole'],
    [
      'with a character that is none',
      (place, text) => writeFile(place, Buffer.from(text.replace('FirstName', 'First\u00ffName'), 'latin1')),
      'its first line, the snapshot, is not JSON or not whole',
    ],
    ['a folder', (place) => rm(place).then(() => mkdir(join(place, 'with something'), { recursive: true })), 'it is a folder'],
    [
      'a link to one that is sound',
      async (place) => {
        await rename(place, join(folder, 'sound'));
        await symlink(join(folder, 'sound'), place);
      },
      'it is a link, and links are not followed',
    ],
    ['that others can write', (place) => chmod(place, 0o666), 'other users can write to it (if it is right, chmod 600)'],
    ...(asRoot ? [] : [['of mode 0', (place: string) => chmod(place, 0), 'it cannot be read, EACCES'] as [string, () => unknown, string]]),
  ])('%s: is named, stops its own customer alone, and can be discarded', async (_, damage, written) => {
    const words = written.replace('OTHER', snapshotNameOf(served.url, otherCustomerId));
    if (process.platform === 'win32') return;
    const { place, text } = await leave();
    await damage(place, text);
    await leave(otherCustomerId);
    const discard = `pc-billing conformance restore --state-dir ${folder} --file ${basename(place)} --discard`;

    const ofOther = await restore();
    expect(ofOther).toMatchObject({ exitCode: 0, err: `Note: ${place} is damaged: ${words}. To discard it: ${discard}\n` });
    expect(contentOf(mock, otherCustomerId)).toEqual(contentOf(createMockService(), otherCustomerId));

    const ofIt = await restore();
    expect(ofIt).toMatchObject({ exitCode: 2, err: `pc-billing: ${place} is damaged: ${words}. To discard it: ${discard}\n` });
    const next = await cli(`conformance --base-url ${served.url} --customer ${customerId} --state-dir ${folder}`);
    expect(next).toMatchObject({ exitCode: 2, out: '' });
    expect(next.err).toContain(`its snapshot is in ${place}, which is damaged: ${words}.`);
    expect(next.err).toContain(`--state-dir ${folder} --discard`);

    expect(await cli(discard.slice('pc-billing '.length))).toMatchObject({ exitCode: 0, err: '', out: expect.stringContaining('is gone') });
    await expect(lstat(place)).rejects.toThrow('ENOENT');
  });

  test('is forgotten by a run on this machine with --discard', async () => {
    await writeFile(placeOf(), '{}\n');
    const { exitCode, err } = await cli(`conformance --base-url ${served.url} --state-dir ${folder} --only write.takes-* --discard`);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('stands in no way of restore, of which several are asked about by file', async () => {
    await writeFile(join(folder, 'a.jsonl'), '');
    await writeFile(join(folder, 'b.jsonl'), 'x');
    const { exitCode, err } = await restore();
    expect(exitCode).toBe(2);
    expect(err).toMatch(/all are damaged:\n.*--file a\.jsonl --discard\n.*--file b\.jsonl --discard\n$/);
    expect((await restore('--file b.jsonl --discard')).exitCode).toBe(0);
    expect(await readdir(folder)).toEqual(['a.jsonl']);
  });
});

test('a last line that is torn in any byte is passed over, and is cut before more is written', async () => {
  const { place, text } = await leave();
  const torn = JSON.stringify({ firstName: 'torn €' });
  for (let length = 1; length < Buffer.byteLength(torn); length += 1) {
    await writeFile(place, Buffer.concat([Buffer.from(text), Buffer.from(torn).subarray(0, length)]));
    expect((await readSnapshotFile(place)).leftover!.writes).toHaveLength(1);
  }
  instead = () => new Response('{}', { status: 503 });
  const failed = await restore();
  expect(failed.exitCode).toBe(2);
  expect(failed.err).toContain('GET got 503 without a profile');
  instead = (request) => (request.method === 'PUT' ? new Response('{}', { status: 503 }) : undefined);
  expect((await restore()).exitCode).toBe(2);
  const lines = (await readFile(place, 'utf8')).trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.every((line) => typeof JSON.parse(line) === 'object')).toBe(true);
  instead = () => undefined;
  expect(await restore()).toMatchObject({ exitCode: 0, err: '' });
  expect(contentOf(mock)).toEqual(contentOf(createMockService()));
});

test('the first line that lacks but its line end is whole', async () => {
  await leave();
  await writeFile(placeOf(), JSON.stringify(snapshotOf()), { mode: 0o600 });
  expect(await restore()).toMatchObject({ exitCode: 2, err: expect.stringContaining('another writer changed firstName') });
  expect(await restore('--force')).toMatchObject({ exitCode: 0, err: '' });
  expect(await readdir(folder)).toEqual([]);
});

describe('the file of a snapshot', () => {
  test.each([
    ['is there already', (place: string) => writeFile(place, 'theirs', { mode: 0o666 }), /EEXIST/],
    ['is a link', async (place: string) => symlink(join(folder, 'target'), place), /EEXIST/],
  ])('that %s when the first write comes is not written: nothing is written to the profile', async (_, make, code) => {
    await writeFile(join(folder, 'target'), 'theirs');
    let isMade = false;
    instead = async () => {
      if (isMade) return;
      isMade = true;
      await make(placeOf());
    };
    const { exitCode, out } = await cli(`conformance --base-url ${served.url} --state-dir ${folder}`);
    expect(exitCode).toBe(2);
    expect(out).toMatch(code);
    expect(await readFile(placeOf(), 'utf8')).toBe('theirs');
    expect(mock.customers.get(customerId)).toEqual(createMockService().customers.get(customerId));
  });

  test('that was taken for another one in the middle of a run is made anew, 0600, and the other one is not written', async () => {
    const log = await fileSnapshots(folder).open(served.url, customerId);
    await log.begin(snapshotOf());
    await link(placeOf(), join(folder, 'first'));
    await rm(placeOf());
    await writeFile(join(folder, 'target'), 'theirs');
    await symlink(join(folder, 'target'), placeOf());
    await Promise.all([log.record({ firstName: 'a' }), log.record({ firstName: 'b' })]);
    expect(await readFile(join(folder, 'target'), 'utf8')).toBe('theirs');
    expect((await readFile(join(folder, 'first'), 'utf8')).trimEnd().split('\n')).toHaveLength(1);
    expect((await stat(placeOf())).mode & 0o777).toBe(0o600);
    expect((await readSnapshotFile(placeOf())).leftover!.writes).toEqual([{ firstName: 'a' }, { firstName: 'b' }]);
    await log.close();
  });

  test('takes the writes of racers that come at the same time, each once, in order', async () => {
    const log = await fileSnapshots(folder).open(served.url, customerId);
    await log.begin(snapshotOf());
    const { ino } = await stat(placeOf());
    const writes = Array.from({ length: 30 }, (_, index) => ({ firstName: String(index) }));
    await Promise.all(writes.map((write) => log.record(write)));
    expect((await readSnapshotFile(placeOf())).leftover!.writes).toEqual(writes);
    expect((await stat(placeOf())).ino).toBe(ino);
    await Promise.all([log.record({ firstName: 'last' }), log.remove()]);
    expect(await readdir(folder)).toEqual([basename(`${placeOf()}.lock`)]);
    await log.close();
  });

  test('and its folder that are removed in the middle of a run are made anew', async () => {
    const log = await fileSnapshots(join(folder, 'state')).open(served.url, customerId);
    await log.begin(snapshotOf());
    await rm(join(folder, 'state'), { recursive: true });
    await log.record({ firstName: 'a' });
    expect((await readSnapshotFile(log.place!)).leftover!.writes).toEqual([{ firstName: 'a' }]);
    await log.remove();
    await log.close();
    expect(await readdir(join(folder, 'state'))).toEqual([]);
  });
});

describe('a profile that cannot be put back', () => {
  const down = (): Response => new Response('{}', { status: 503 });

  /** A run whose server is down from a PUT on, and whose state folder is made unusable by then; with what its terminal shows. */
  async function lostRun(unuse: (state: string) => Promise<unknown>, tmp: string) {
    const state = join(folder, 'state');
    let puts = 0;
    instead = async ({ method }) => {
      if (method === 'PUT') puts += 1;
      if (puts === 5) await unuse(state).catch(() => {});
      return puts >= 5 ? down() : undefined;
    };
    const seen = { out: '', err: '', terminal: '' };
    const before = process.env.TMPDIR;
    process.env.TMPDIR = tmp;
    try {
      const exitCode = await run(wordsOf(`conformance --base-url ${served.url} --state-dir ${state} --json ${folder}/report.json`), {
        out: (text) => (seen.out += text),
        err: (text) => (seen.err += text),
        terminal: (text) => ((seen.terminal += text), true),
        env: {},
        color: false,
        stopSignal: () => new AbortController().signal,
      });
      return { exitCode, ...seen };
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  }

  const replace = async (state: string): Promise<void> => {
    await rename(state, `${state}-before`);
    await writeFile(state, '');
  };

  test('and whose state folder is gone is kept elsewhere, from where restore puts it back', async () => {
    const tmp = join(folder, 'tmp');
    await mkdir(tmp);
    const { err, terminal } = await lostRun(replace, tmp);
    const place = /The snapshot is kept in (.*)\./.exec(err)![1]!;
    expect(place.startsWith(tmp)).toBe(true);
    expect((await stat(place)).mode & 0o777).toBe(0o600);
    expect(terminal).toBe('');
    instead = () => undefined;
    const command = /To put it back: +pc-billing (.*)/.exec(err)![1]!;
    expect(await cli(command)).toMatchObject({ exitCode: 0, err: '' });
    expect(contentOf(mock)).toEqual(contentOf(createMockService()));
  });

  test('and that is kept nowhere is shown on the terminal, and in nothing else', async () => {
    const { exitCode, out, err, terminal } = await lostRun(replace, join(folder, 'no such folder'));
    expect(exitCode).not.toBe(0);
    expect(err).toContain('The snapshot could be kept nowhere.');
    const { profile } = snapshotOf();
    expect(JSON.parse(terminal.slice(terminal.indexOf('{')))).toMatchObject({ firstName: profile.firstName, email: profile.email });
    expect(`${out}${err}${await readFile(join(folder, 'report.json'), 'utf8')}`).not.toContain(profile.email);
  });
});
