import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { snapshotNameOf } from '../../src/cli/files/snapshot-file.ts';
import { fileSnapshots } from '../../src/cli/files/snapshots.ts';
import { TargetError } from '../../src/conformance/index.ts';
import { createPartnerClient } from '../../src/index.ts';
import { createMockService, type MockService } from '../../src/mock/index.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';
import { cli, cliProcess } from '../support/cli.ts';
import { serviceOf } from '../support/service-of.ts';

const [customerId] = createMockService().customers.ids() as [string];
let folder: string;
let mock: MockService;
let served: ServedMock;
/** Told of each PUT before it is answered. */
let onPut: () => void | Promise<void>;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'pc-billing-')), 'state');
  mock = createMockService();
  onPut = () => {};
  served = await serve(
    serviceOf(async (request) => (request.method === 'PUT' && (await onPut()), mock.fetch(request))),
    { port: 0 },
  );
});
afterEach(async () => {
  await served.close();
  await rm(join(folder, '..'), { recursive: true });
});

const contentOf = (service: MockService): unknown => ({ ...service.customers.get(customerId), attributes: undefined });
const restore = (more = '') => cli(`conformance restore --state-dir ${folder} ${more}`);

/** A run in a process of its own that is killed at its nth PUT, with what it sees of the world. */
async function killedRun(signal: NodeJS.Signals = 'SIGKILL', nth = 9): Promise<{ exitCode: number | null; out: string; err: string }> {
  let count = 0;
  const program = cliProcess(`conformance --base-url ${served.url} --mode write --state-dir ${folder}`);
  onPut = () => {
    count += 1;
    if (count !== nth) return;
    program.child.kill(signal);
    // As of a terminal that closes, of which the system and the shell tell: one wish.
    if (signal !== 'SIGKILL') setTimeout(() => program.child.kill(signal), 20);
  };
  const ended = await program.ended();
  onPut = () => {};
  return ended;
}

describe('a run that is killed', () => {
  test('leaves the snapshot and the lock of a dead process; restore puts the profile back', async () => {
    await killedRun();
    expect(contentOf(mock)).not.toEqual(contentOf(createMockService()));
    const [snapshot, lock] = (await readdir(folder)).toSorted() as [string, string];
    expect(snapshot).toMatch(/^127\.0\.0\.1_\d+-[0-9a-f-]{36}-[0-9a-f]{8}\.jsonl$/);
    expect(lock).toBe(`${snapshot}.lock`);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of [snapshot, lock]) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    const [first, ...writes] = (await readFile(join(folder, snapshot), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ schemaVersion: 1, baseUrl: served.url, customerId, profile: { firstName: 'FirstName' } });
    expect(writes.length).toBeGreaterThan(9);
    expect(JSON.stringify(first)).not.toContain('mock-token');

    const { exitCode, out, err } = await restore();
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain(`Snapshot  ${join(folder, snapshot)}\n`);
    expect(out).toContain('The profile is as it was before the run.\n');
    expect(contentOf(mock)).toEqual(contentOf(createMockService()));
    expect(await readdir(folder)).toEqual([]);
    // Of a process that was killed after it had removed its snapshot.
    await writeFile(join(folder, 'some.jsonl.lock'), '999999999 id - -\n');
    expect(await restore()).toMatchObject({ exitCode: 0, out: expect.stringContaining('There is nothing to put back') });
    expect(await readdir(folder)).toEqual([]);
  });

  test('and whose profile an admin has changed since is left alone: the three versions, the file, the command, exit 2', async () => {
    await killedRun();
    const billing = createPartnerClient({ token: mock.token, baseUrl: served.url }).customers.byId(customerId).profiles.billing;
    await billing.update({ ...(await billing.get()), email: 'admin@contoso.example' });
    const theirs = contentOf(mock);
    const { exitCode, err } = await restore();
    expect(exitCode).toBe(2);
    expect(err).toContain('because another writer changed email. Nothing of theirs was overwritten.');
    expect(err).toContain(
      '  email\n    before the run   <string, 16 characters>\n    as the run wrote <string, 16 characters>\n    now              <string, 21 characters>\n',
    );
    expect(err).toContain(`The snapshot is kept in ${folder}`);
    expect(err).toContain(`pc-billing conformance restore --base-url ${served.url} --customer ${customerId} --state-dir ${folder} --force`);
    expect(err).not.toContain('contoso');
    expect(contentOf(mock)).toEqual(theirs);

    expect((await restore('--show-bodies')).err).toContain('now              admin@contoso.example\n');
    expect(contentOf(mock)).toEqual(theirs);
    expect((await restore('--force')).exitCode).toBe(0);
    expect(contentOf(mock)).toEqual(contentOf(createMockService()));
    expect(await readdir(folder)).toEqual([]);
  });

  test('is forgotten with --discard, without a request', async () => {
    await killedRun();
    const theirs = mock.customers.get(customerId);
    expect(await restore('--discard')).toMatchObject({ exitCode: 0, err: '' });
    expect(mock.customers.get(customerId)).toEqual(theirs);
    expect(await readdir(folder)).toEqual([]);
  });

  test('is put back by the next run on this machine', async () => {
    await killedRun();
    const { exitCode } = await cli(`conformance --base-url ${served.url} --only write.takes-* --state-dir ${folder}`);
    expect(exitCode).toBe(0);
    expect(contentOf(mock)).toEqual(contentOf(createMockService()));
    expect(await readdir(folder)).toEqual([]);
  });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('%s ends a run, which puts the profile back first', async (signal) => {
  const { exitCode, out, err } = await killedRun(signal);
  expect(exitCode).toBe(2);
  expect(err).toBe('\nStopping, to put the profile back. A second signal ends at once.\n');
  expect(out).toContain('The run is not valid. The run was stopped.\n');
  expect(contentOf(mock)).toEqual(contentOf(createMockService()));
  expect(await readdir(folder)).toEqual([]);
});

// Only Linux has a file that is always full.
describe.runIf(existsSync('/dev/full'))('with no space for its output', () => {
  const lost = 'pc-billing: the output cannot be written: ENOSPC. The command goes on to its end without it.\n';

  test('a run puts the profile back, writes its report, and ends with 2', async () => {
    const report = join(folder, '..', 'report.json');
    const { ended } = cliProcess(
      `conformance --base-url ${served.url} --mode write --state-dir ${folder} --json ${report}`,
      {},
      '/dev/full',
    );
    expect(await ended()).toEqual({ exitCode: 2, out: '', err: lost });
    expect(contentOf(mock)).toEqual(contentOf(createMockService()));
    expect(await readdir(folder)).toEqual([]);
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({ summary: { fail: 0, broken: 0 } });
  });

  test('a run that fails keeps its exit code', async () => {
    mock = createMockService({ faults: ['drops-etag'] });
    const { ended } = cliProcess(`conformance --base-url ${served.url} --only etag.carries-etag --state-dir ${folder}`, {}, '/dev/full');
    expect(await ended()).toEqual({ exitCode: 1, out: '', err: lost });
  });
});

describe('restore', () => {
  const leave = async (baseUrl: string, customer = customerId): Promise<void> => {
    const log = await fileSnapshots(folder).open(baseUrl, customer);
    await log.begin({
      schemaVersion: 1,
      baseUrl,
      customerId: customer,
      runId: 'r',
      takenAt: '2026-11-23T00:00:00.000Z',
      profile: { firstName: 'x' },
    });
    await log.close();
  };

  test('asks which one when there are several', async () => {
    await leave('http://127.0.0.1:1');
    await leave('http://127.0.0.1:2');
    const { exitCode, err } = await restore();
    expect(exitCode).toBe(2);
    expect(err).toContain('There are several snapshots. Say which:\n  --base-url http://127.0.0.1:');
    const other = await restore('--base-url http://127.0.0.1:3');
    expect(other.exitCode).toBe(2);
    expect(other.err).toMatch(/No snapshot in \S+ fits\. There are:\n {2}--base-url http:\/\/127\.0\.0\.1:\d/);
    expect((await restore('--base-url http://127.0.0.1:2/v1/ --discard')).exitCode).toBe(0);
    expect(await readdir(folder)).toHaveLength(1);
  });

  test('of a server that does not answer is exit 2, and keeps the snapshot', async () => {
    await leave('http://127.0.0.1:9');
    const { exitCode, err } = await restore();
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^pc-billing: http:\/\/127\.0\.0\.1:9 does not respond: /);
    expect(await readdir(folder)).toHaveLength(1);
  });

  test('of a folder that is a file is exit 2', async () => {
    await mkdir(join(folder, '..'), { recursive: true });
    await writeFile(folder, '');
    const { exitCode, err } = await restore();
    expect(exitCode).toBe(2);
    expect(err).toContain('of --state-dir cannot be read: ENOTDIR');
  });

  test("sends a token of the user's to the server that the user names, and to no other that a file names", async () => {
    await leave(served.url);
    onPut = () => expect.unreachable();
    const env = { PARTNER_CENTER_TOKEN: 'canary-token-8d1f' };
    const { exitCode, err } = await cli(`conformance restore --state-dir ${folder}`, env);
    expect({ exitCode, seen: mock.journal.length }).toEqual({ exitCode: 2, seen: 0 });
    expect(err).toBe(
      `pc-billing: Your token would be sent to ${served.url}, which only the snapshot names. Nothing was sent. If it is right, name it:\n` +
        `  pc-billing conformance restore --base-url ${served.url} --customer ${customerId} --state-dir ${folder}\n`,
    );
    expect((await cli(`conformance restore --state-dir ${folder} --base-url ${served.url}`, env)).err).toContain('refuses the token');
  });
});

describe('the lock of a customer', () => {
  test('is held by one run at a time, and names its process', async () => {
    const store = fileSnapshots(folder);
    const log = await store.open(served.url, customerId);
    await expect(store.open(served.url, customerId.toUpperCase())).rejects.toBeInstanceOf(TargetError);
    await expect(store.open(served.url, customerId)).rejects.toThrow(`process ${process.pid}`);
    const { exitCode, err } = await cli(`conformance --base-url ${served.url} --state-dir ${folder}`);
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining('Another run, process') });
    await (await store.open('http://127.0.0.1:1', customerId)).close();
    await log.close();
    await (await store.open(served.url, customerId)).close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('of a process that has ended is taken over, though another one died while it took it over', async () => {
    const store = fileSnapshots(folder);
    await (await store.open(served.url, customerId)).close();
    const ended = cliProcess('--version');
    await ended.ended();
    const dead = `${ended.child.pid} x\n`;
    const path = join(folder, `${snapshotNameOf(served.url, customerId)}.lock`);
    const takeover = `${path}.${createHash('sha256').update(dead).digest('hex').slice(0, 8)}`;
    for (const lock of [path, takeover, `${path}.y`, `${takeover}.z`]) await writeFile(lock, dead);
    await (await store.open(served.url, customerId)).close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('of a process that has ended is taken over by exactly one of several', async () => {
    const store = fileSnapshots(folder);
    await (await store.open(served.url, customerId)).close();
    const ended = cliProcess('--version');
    await ended.ended();
    for (let round = 0; round < 20; round += 1) {
      const log = await store.open(served.url, customerId);
      const [lock] = await readdir(folder);
      await log.close();
      await writeFile(join(folder, lock!), `${ended.child.pid}\n`);
      const opened = await Promise.allSettled(Array.from({ length: 5 }, () => store.open(served.url, customerId)));
      const held = opened.filter((one) => one.status === 'fulfilled');
      expect(held).toHaveLength(1);
      await held[0]!.value.close();
      expect(await readdir(folder)).toEqual([]);
    }
  });
});

describe('a server that cannot be put back to what it was', () => {
  const only = '--only write.stores-address-middle-name';
  const commands = (url: string): string[] => {
    const target = `--base-url ${url} --customer ${customerId} --state-dir ${folder}`;
    return [
      `To put it back:          pc-billing conformance restore ${target}`,
      `To overwrite even so:    pc-billing conformance restore ${target} --force`,
      `To leave it as it is:    pc-billing conformance restore ${target} --discard`,
      `To run all the same:     pc-billing conformance ${target} --discard`,
    ];
  };

  test('is told last, with the members that differ, the file and every way out, by run, restore and the next run', async () => {
    const stuck = await serve(createMockService({ behaviour: { nullMember: 'kept', omittedMember: 'kept' } }), { port: 0 });
    const first = await cli(`conformance --base-url ${stuck.url} --state-dir ${folder} ${only}`);
    expect(first).toMatchObject({ exitCode: 2, out: expect.stringContaining('1 passed') });
    const file = join(folder, (await readdir(folder))[0]!);
    const reason = 'the service accepted the write, but defaultAddress.middleName is not as before';
    const why = `The profile of ${customerId} was not put back: ${reason}.`;
    const member = [
      '  defaultAddress.middleName',
      '    before the run   absent',
      expect.stringMatching(/^ {4}as the run wrote Probe /),
      expect.stringMatching(/^ {4}now {14}Probe /),
    ];
    const told = [why, ...member, `The snapshot is kept in ${file}.`, ...commands(stuck.url)];
    expect(first.err.trim().split('\n')).toEqual(told);

    // What has just failed is not offered again.
    const untried = (...names: string[]) =>
      told.filter((line) => !(typeof line === 'string' && names.some((name) => line.startsWith(name))));
    const again = await restore();
    expect({ ...again, err: again.err.trim().split('\n') }).toMatchObject({ exitCode: 2, err: untried('To put it back') });
    const forced = await restore('--force');
    expect({ ...forced, err: forced.err.trim().split('\n') }).toMatchObject({
      exitCode: 2,
      err: untried('To put it back', 'To overwrite'),
    });

    const next = await cli(`conformance --base-url ${stuck.url} --state-dir ${folder} ${only}`);
    expect(next.exitCode).toBe(2);
    expect(next.err.split('\n')[0]).toMatch(
      / did not end, and its snapshot is in .*\. It was not put back: the service accepted the write, but defaultAddress.middleName is not as before\.$/,
    );
    expect(next.err.trim().split('\n').slice(1)).toEqual([...member, ...commands(stuck.url).slice(1)]);

    expect((await cli(`conformance --base-url ${stuck.url} --state-dir ${folder} --only read.* --discard`)).exitCode).toBe(0);
    expect(await readdir(folder)).toEqual([]);
    await stuck.close();
  });

  test('--discard is for this machine, and for a run that writes', async () => {
    const live = `--base-url https://api.partnercenter.microsoft.com --customer ${customerId} --mode write`;
    const permission = `--allow-writes-to ${customerId} --partner-tenant none --discard`;
    expect(await cli(`conformance ${live} ${permission}`, { PARTNER_CENTER_TOKEN: 'opaque' })).toMatchObject({
      exitCode: 2,
      out: '',
      err: expect.stringContaining('`pc-billing conformance restore --discard`'),
    });
    expect((await cli(`conformance --base-url ${served.url} --mode read --discard`)).err).toContain('--mode read does not');
  });
});

describe('no snapshot can be kept: exit 2 before anything is sent or printed, with the option and the ways out', () => {
  test.each([
    ['below a file', () => writeFile(join(folder, '..', 'file'), '').then(() => join(folder, '..', 'file', 'state')), 'ENOTDIR'],
    // Where Node's own recursive mkdir never returns.
    ['where a folder takes no other', async () => '/proc/pc-billing', 'ENOENT'],
    ['in a file', () => writeFile(folder, '').then(() => folder), 'ENOTDIR'],
  ])('%s', async (_, make, code) => {
    if (process.platform !== 'linux') return;
    const { exitCode, out, err } = await cli(`conformance --base-url ${served.url} --state-dir ${await make()}`);
    expect({ exitCode, out, seen: mock.journal.length }).toEqual({ exitCode: 2, out: '', seen: 0 });
    expect(err).toMatch(
      new RegExp(
        `^pc-billing: No snapshot can be kept: ${code}: .*\\. Nothing was sent. Give another place as --state-dir, or use --mode read.\\n$`,
      ),
    );
  });
});
