import { describe, expect, test, vi } from 'vitest';
import {
  discardLeftover,
  exitCodeOf,
  type Leftover,
  restoreLeftover,
  runConformance,
  type SnapshotStore,
  type Target,
  TargetError,
} from '../../src/conformance/index.ts';
import { createMockService, type MockService } from '../../src/mock/index.ts';
import { canaryPerson } from '../support/canary.ts';
import { createLedger, isSameProfile } from '../../src/conformance/restore/ledger.ts';
import { targetOf } from '../support/target.ts';

type Json = Record<string, unknown>;
const sleep = (): Promise<void> => Promise.resolve();
const [customerId] = createMockService().customers.ids() as [string];
const contentOf = (mock: MockService): unknown => ({ ...mock.customers.get(customerId), attributes: undefined });

/** A store that outlives a run, as the files of the command line do. */
function outliving(): SnapshotStore & { leftover: Leftover | undefined; locked: boolean; events: string[] } {
  const store = {
    leftover: undefined as Leftover | undefined,
    locked: false,
    events: [] as string[],
    open: async () => {
      if (store.locked) throw new TargetError('locked');
      store.locked = true;
      const writes: unknown[] = [...(store.leftover?.writes ?? [])];
      return {
        place: 'the store',
        leftover: store.leftover,
        begin: async (snapshot: Leftover['snapshot']) => {
          store.events.push('snapshot');
          store.leftover = { snapshot, writes };
        },
        record: async (write: unknown) => {
          store.events.push('record');
          writes.push(structuredClone(write));
        },
        remove: async () => {
          store.events.push('remove');
          store.leftover = undefined;
        },
        close: async () => {
          store.locked = false;
        },
      };
    },
  };
  return store;
}

/** Runs until a requirement is to be checked, then dies as with kill -9: nothing is put back. */
async function crashedRun(mock: MockService, at = 'write.stores-company-name'): Promise<ReturnType<typeof outliving>> {
  const store = outliving();
  await new Promise<void>((resolve) => {
    let dead = false;
    const die = ({ id }: { id: string }): void => {
      if (id !== at) return;
      dead = true;
      resolve();
    };
    const fetch = (request: Request): Promise<Response> => (dead ? new Promise(() => {}) : mock.fetch(request));
    runConformance({ ...targetOf(mock), fetch }, { snapshots: store, sleep, onResult: die }).catch(() => {});
  });
  expect(contentOf(mock)).not.toEqual(contentOf(createMockService()));
  store.locked = false; // its process is gone
  return store;
}

/** Somebody else's change. */
async function writeAs(mock: MockService, change: (profile: Json) => Json): Promise<void> {
  const profile = mock.customers.get(customerId) as unknown as Json;
  const { attributes, ...changed } = change(profile);
  const url = `http://mock.localhost/v1/customers/${customerId}/profiles/billing`;
  const headers = {
    Authorization: `Bearer ${mock.token}`,
    'If-Match': `"${(attributes as { etag: string }).etag}"`,
    'Content-Type': 'application/json',
  };
  expect((await mock.fetch(new Request(url, { method: 'PUT', headers, body: JSON.stringify(changed) }))).status).toBe(200);
}

describe('a run that comes to its end', () => {
  test('keeps the snapshot before the first PUT, each body before it is sent, and removes it when the profile is back', async () => {
    const mock = createMockService();
    const before = contentOf(mock);
    const store = outliving();
    const target = {
      ...targetOf(mock),
      fetch: (request: Request) => {
        if (request.method !== 'GET') store.events.push(request.method);
        return mock.fetch(request);
      },
    };
    const report = await runConformance(target, { snapshots: store, mode: 'write' });
    expect(report.restoration).toEqual({ state: 'restored' });
    expect(contentOf(mock)).toEqual(before);
    expect(store.leftover).toBeUndefined();
    expect(store.locked).toBe(false);
    expect(store.events[0]).toBe('snapshot');
    expect(store.events.filter((event) => event === 'snapshot')).toHaveLength(1);
    expect(store.events.at(-1)).toBe('remove');
    for (const [index, event] of store.events.entries()) if (event === 'PUT') expect(store.events[index - 1]).toBe('record');
  });

  test('that writes nothing keeps none', async () => {
    const store = outliving();
    const report = await runConformance(targetOf(createMockService({ faults: ['drops-etag'] })), { snapshots: store });
    expect(report.restoration).toBeUndefined();
    expect(store.leftover).toBeUndefined();
    expect(store.locked).toBe(false);
  });

  test.each(['cleared', 'kept', 'refused'] as const)('clears what it added when null is %s', async (nullMember) => {
    const mock = createMockService({ behaviour: { nullMember, omittedMember: nullMember === 'cleared' ? 'kept' : 'cleared' } });
    const before = contentOf(mock);
    expect((await runConformance(targetOf(mock), { sleep })).restoration).toEqual({ state: 'restored' });
    expect(contentOf(mock)).toEqual(before);
  });

  test('on a server that cannot be put back says so: exit 2 alone, 1 beside a failure', async () => {
    const stuck = createMockService({ behaviour: { nullMember: 'kept', omittedMember: 'kept' } });
    const store = outliving();
    const report = await runConformance(targetOf(stuck), { snapshots: store, sleep });
    expect(report.summary).toMatchObject({ fail: 0, broken: 0 });
    expect(report.restoration).toMatchObject({ state: 'unverified', keptIn: 'the store' });
    expect(store.leftover!.snapshot.profile.companyName).toBe('CompanyName');
    expect(exitCodeOf(report)).toBe(2);

    const broken = createMockService({ faults: ['renews-id-on-write'] });
    expect(exitCodeOf(await runConformance(targetOf(broken), { sleep }))).toBe(1);
  });

  test('on a server that stores and hangs up puts the profile back, and blames the writes alone', async () => {
    const mock = createMockService();
    const before = contentOf(mock);
    const fetch = async (request: Request) => {
      const answer = await mock.fetch(request);
      if (request.method !== 'PUT' || answer.status !== 200) return answer;
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
    };
    const report = await runConformance({ ...targetOf(mock), fetch }, { sleep });
    expect(report.results.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).toEqual(['write.takes-pascal-case']);
    expect(report.restoration).toEqual({ state: 'restored' });
    expect(contentOf(mock)).toEqual(before);
    expect(exitCodeOf(report)).toBe(1);
  });

  test('while somebody else writes does not overwrite them', async () => {
    const mock = createMockService();
    const store = outliving();
    let wrote = false;
    const report = await runConformance(targetOf(mock), {
      snapshots: store,
      sleep,
      only: 'write.takes-pascal-case',
      onExchange: ({ request }) => {
        if (request.method !== 'PUT' || wrote) return;
        wrote = true;
        void writeAs(mock, (profile) => ({ ...profile, email: 'admin@contoso.example' }));
      },
    });
    expect(mock.customers.get(customerId)!.email).toBe('admin@contoso.example');
    expect(report.restoration).toMatchObject({ state: 'changed-by-others', reason: 'another writer changed email', keptIn: 'the store' });
    expect(report.restoration!.versions).toEqual([
      { member: 'email', snapshot: '<string, 16 characters>', ours: '<string, 16 characters>', now: '<string, 21 characters>' },
    ]);
    expect(exitCodeOf(report)).toBe(2);
  });
});

describe('somebody else who writes during a run', () => {
  test.each<[string, (profile: Json) => Json, string]>([
    ['changes a member', (profile) => ({ ...profile, email: 'admin@contoso.example' }), 'email'],
    ['clears one', (profile) => ({ ...profile, lastName: null }), 'lastName'],
    [
      'adds one',
      (profile) => ({ ...profile, defaultAddress: { ...(profile.defaultAddress as Json), middleName: 'Q.' } }),
      'defaultAddress.middleName',
    ],
  ])('and %s stops the writes, and keeps what they wrote', async (_, change, member) => {
    const mock = createMockService();
    const store = outliving();
    const report = await runConformance(targetOf(mock), {
      snapshots: store,
      sleep,
      onResult: ({ id }) => void (id === 'etag.changes-on-write' && writeAs(mock, change)),
    });
    const theirs = mock.customers.get(customerId) as unknown as Json;
    const place = member.startsWith('defaultAddress.') ? (theirs.defaultAddress as Json) : theirs;
    const changed = change({ defaultAddress: {} });
    const expected = member.startsWith('defaultAddress.') ? (changed.defaultAddress as Json).middleName : changed[member];
    expect(place[member.split('.').at(-1)!] ?? null).toBe(expected);
    const stopped = report.results.filter(({ reason }) => reason?.startsWith(`Another writer changed ${member} during the run`));
    expect(stopped.length).toBeGreaterThan(10);
    expect(report.summary).toMatchObject({ fail: 0, broken: 0 });
    expect(report.restoration).toMatchObject({ state: 'changed-by-others', reason: `another writer changed ${member}` });
    expect(exitCodeOf(report)).toBe(1);
  });

  test('between the read and the write of a check is no failure of the service', async () => {
    const mock = createMockService();
    let puts = 0;
    const fetch = async (request: Request): Promise<Response> => {
      if (request.method === 'PUT' && (puts += 1) === 1) await writeAs(mock, (profile) => ({ ...profile, email: 'admin@contoso.example' }));
      return mock.fetch(request);
    };
    const report = await runConformance({ ...targetOf(mock), fetch }, { snapshots: outliving(), sleep, only: 'write.takes-pascal-case' });
    expect(report.results.find(({ id }) => id === 'write.takes-pascal-case')).toMatchObject({
      verdict: 'untestable',
      reason: 'Another writer changed email during the run, so nothing more is written.',
    });
    expect(mock.customers.get(customerId)!.email).toBe('admin@contoso.example');
  });

  test('in a member that the contract does not know, does not disturb, and is not overwritten', async () => {
    let ledger = 0;
    const mock = createMockService();
    const sentBack: number[] = [];
    const target = {
      ...targetOf(mock),
      fetch: async (request: Request) => {
        if (request.method === 'PUT') {
          const sent = /"ledger":(\d+)/.exec(await request.clone().text());
          if (sent !== null) sentBack.push(ledger - Number(sent[1]));
        }
        const response = await mock.fetch(request);
        if (response.status !== 200) return response;
        ledger += 1;
        const { 'content-length': _, ...headers } = Object.fromEntries(response.headers);
        return new Response((await response.text()).replace('{"id"', `{"ledger":${ledger},"id"`), { headers });
      },
    };
    const report = await runConformance(target);
    expect(report.results.filter(({ level, verdict }) => level === 'must' && verdict !== 'pass')).toEqual([]);
    expect(report.restoration).toEqual({ state: 'restored' });
    // The last PUT is the restoration, with the value that was read a moment before.
    expect(sentBack.at(-1)).toBe(0);
  });
});

describe('no snapshot', () => {
  test('because the place cannot be opened: it is said before anything is sent, as the matter of an option', async () => {
    const fetch = vi.fn(createMockService().fetch);
    const snapshots = { open: () => Promise.reject(new Error('EACCES')) };
    const run = runConformance({ ...targetOf(createMockService()), fetch }, { snapshots });
    await expect(run).rejects.toThrow(
      'No snapshot can be kept: EACCES. Nothing was sent. Give another place as `snapshots`, or use `mode` read.',
    );
    await expect(run).rejects.toBeInstanceOf(TypeError);
    expect(fetch).not.toHaveBeenCalled();
  });

  test('because it cannot be written: nothing is written, and the run is not valid rather than the server bad', async () => {
    const mock = createMockService();
    const before = mock.customers.get(customerId);
    const snapshots: SnapshotStore = {
      open: async () => ({ ...(await outliving().open('', '')), begin: () => Promise.reject(new Error('ENOSPC')) }),
    };
    const report = await runConformance(targetOf(mock), { snapshots });
    expect(report.results.find(({ id }) => id === 'write.takes-pascal-case')).toMatchObject({
      verdict: 'broken',
      reason: 'Nothing is written, because the snapshot cannot be kept: ENOSPC.',
      likelyCause: { component: 'suite' },
    });
    expect(mock.customers.get(customerId)).toEqual(before);
    expect(report.summary).toMatchObject({ fail: 0, untestable: 0 });
    expect(exitCodeOf(report)).toBe(2);
  });

  test('because a number would lose digits on the way back', async () => {
    const mock = createMockService();
    const target = {
      ...targetOf(mock),
      fetch: async (request: Request) => {
        const response = await mock.fetch(request);
        const text = (await response.text()).replace('{"id"', '{"ledger":12345678901234567890,"id"');
        return new Response(text, {
          status: response.status,
          headers: { ...Object.fromEntries(response.headers), 'Content-Length': String(text.length) },
        });
      },
    };
    const report = await runConformance(target, { mode: 'write' });
    expect(report.results.find(({ id }) => id === 'write.takes-pascal-case')!.reason).toContain('more digits');
    expect(mock.customers.get(customerId)!.firstName).toBe('FirstName');
  });

  test('write that cannot be recorded is not sent', async () => {
    const mock = createMockService();
    let left = 3;
    const snapshots: SnapshotStore = {
      open: async () => ({
        ...(await outliving().open('', '')),
        record: async () => {
          if ((left -= 1) < 0) throw new Error('ENOSPC');
        },
      }),
    };
    let puts = 0;
    const fetch = (request: Request) => ((puts += request.method === 'PUT' ? 1 : 0), mock.fetch(request));
    const report = await runConformance({ ...targetOf(mock), fetch }, { snapshots, sleep });
    // The third one is the restoration, which needs no log.
    expect(puts).toBe(3);
    expect(report.results.find(({ verdict }) => verdict === 'broken')!.reason).toContain('the snapshot can be kept no longer: ENOSPC');
    expect(report.restoration).toEqual({ state: 'restored' });
    expect(contentOf(mock)).toEqual(contentOf(createMockService()));
    expect(exitCodeOf(report)).toBe(2);
  });
});

describe('a run that died', () => {
  test('is put back by restoreLeftover', async () => {
    const mock = createMockService();
    const before = contentOf(mock);
    const store = await crashedRun(mock);
    expect(await restoreLeftover(targetOf(mock), { snapshots: store, sleep })).toEqual({ state: 'restored' });
    expect(contentOf(mock)).toEqual(before);
    expect(store.leftover).toBeUndefined();
    expect(await restoreLeftover(targetOf(mock), { snapshots: store, sleep })).toBeUndefined();
    expect(store.locked).toBe(false);
  });

  test('is put back by the next run on this machine, before it begins', async () => {
    const mock = createMockService();
    const before = contentOf(mock);
    const store = await crashedRun(mock);
    const report = await runConformance(targetOf(mock), { snapshots: store, mode: 'write' });
    expect(report.summary.fail).toBe(0);
    expect(contentOf(mock)).toEqual(before);
    expect(store.leftover).toBeUndefined();
  });

  test('is in the way of the next run elsewhere, until it is restored', async () => {
    const mock = createMockService();
    const store = await crashedRun(mock);
    const changed = contentOf(mock);
    const target: Target = { ...targetOf(mock, 'https://api.partnercenter.microsoft.com') };
    const options = { snapshots: store, mode: 'write', allowWritesTo: customerId, partnerTenant: 'none', sleep } as const;
    await expect(runConformance(target, options)).rejects.toThrow('Run `restoreLeftover`');
    expect(contentOf(mock)).toEqual(changed);
    expect(store.leftover).toBeDefined();
    expect(store.locked).toBe(false);
    await restoreLeftover(target, { snapshots: store, sleep });
    expect(exitCodeOf(await runConformance(target, options))).toBe(0);
  });

  test.each<[string, (profile: Json) => Json, string]>([
    ['a member that the run wrote', (profile) => ({ ...profile, companyName: canaryPerson }), 'companyName'],
    ['a member that the run did not write', (profile) => ({ ...profile, language: 'fr' }), 'language'],
    [
      'a member of the address',
      (profile) => ({ ...profile, defaultAddress: { ...(profile.defaultAddress as Json), addressLine1: canaryPerson } }),
      'defaultAddress.addressLine1',
    ],
    [
      'a member that was not there',
      (profile) => ({ ...profile, defaultAddress: { ...(profile.defaultAddress as Json), middleName: canaryPerson } }),
      'defaultAddress.middleName',
    ],
    ['a member by clearing it', (profile) => ({ ...profile, firstName: null }), 'firstName'],
  ])('and whose profile somebody else has changed since, in %s, is left alone, and shown without its values', async (_, change, member) => {
    const mock = createMockService();
    const store = await crashedRun(mock, 'write.stores-what-it-answered');
    await writeAs(mock, change);
    const theirs = mock.customers.get(customerId);
    const restoration = await restoreLeftover(targetOf(mock), { snapshots: store, sleep });
    expect(restoration).toMatchObject({ state: 'changed-by-others', reason: `another writer changed ${member}`, keptIn: 'the store' });
    expect(restoration!.versions!.map((version) => version.member)).toEqual([member]);
    expect(JSON.stringify(restoration)).not.toContain(canaryPerson);
    expect(mock.customers.get(customerId)).toEqual(theirs);
    expect(store.leftover).toBeDefined();
    if (member !== 'firstName' && member !== 'language') {
      const shown = await restoreLeftover(targetOf(mock), { snapshots: store, sleep, showBodies: true });
      expect(shown!.versions![0]!.now).toBe(canaryPerson);
    }

    expect(await restoreLeftover(targetOf(mock), { snapshots: store, sleep, force: true })).toEqual({ state: 'restored' });
    expect(contentOf(mock)).toEqual(contentOf(createMockService()));
    expect(store.leftover).toBeUndefined();
  });

  test('and whose profile is as it was is written all the same: a write of the run that arrives later is then stale', async () => {
    const mock = createMockService();
    const before = contentOf(mock);
    let late: Request | undefined;
    const fetch = (request: Request): Promise<Response> => {
      if (request.method !== 'PUT') return mock.fetch(request);
      late ??= request.clone();
      return new Promise(() => {});
    };
    const store = outliving();
    void runConformance({ ...targetOf(mock), fetch }, { snapshots: store, sleep, only: 'write.takes-pascal-case' }).catch(() => {});
    await vi.waitUntil(() => late !== undefined);
    store.locked = false; // its process is gone
    expect(await restoreLeftover(targetOf(mock), { snapshots: store, sleep })).toEqual({ state: 'restored' });
    expect((await mock.fetch(late!)).status).toBe(400);
    expect(contentOf(mock)).toEqual(before);
    expect(store.leftover).toBeUndefined();
  });

  test('before it had written needs nothing: nothing is written', async () => {
    const mock = createMockService();
    const store = await crashedRun(mock);
    mock.reset();
    store.leftover = { snapshot: store.leftover!.snapshot, writes: [] };
    const fetch = (request: Request) => (request.method === 'GET' ? mock.fetch(request) : Promise.reject(new Error('no write')));
    expect(await restoreLeftover({ ...targetOf(mock), fetch }, { snapshots: store, sleep })).toEqual({ state: 'not-needed' });
    expect(store.leftover).toBeUndefined();
  });

  test('while somebody writes at the very moment is not put back over them', async () => {
    const mock = createMockService();
    const store = await crashedRun(mock);
    let wrote = false;
    const fetch = async (request: Request) => {
      if (request.method === 'PUT' && !wrote) {
        wrote = true;
        await writeAs(mock, (profile) => ({ ...profile, email: 'admin@contoso.example' }));
      }
      return mock.fetch(request);
    };
    expect(await restoreLeftover({ ...targetOf(mock), fetch }, { snapshots: store, sleep })).toMatchObject({ state: 'changed-by-others' });
    expect(mock.customers.get(customerId)!.email).toBe('admin@contoso.example');
  });

  test('can be forgotten: nothing is sent', async () => {
    const mock = createMockService();
    const store = await crashedRun(mock);
    const target = { ...targetOf(mock), fetch: () => Promise.reject(new Error('nothing is to be sent')) };
    await discardLeftover(target, { snapshots: store });
    expect(store.leftover).toBeUndefined();
    expect(store.locked).toBe(false);
  });

  test('with a customer id that is not one is neither restored nor forgotten: no folder is touched, nothing is sent', async () => {
    const mock = createMockService();
    const store = await crashedRun(mock);
    const fetch = vi.fn(mock.fetch);
    const target = { ...targetOf(mock), customerId: '../elsewhere', fetch };
    await expect(restoreLeftover(target, { snapshots: store, sleep })).rejects.toThrow(TypeError);
    await expect(discardLeftover(target, { snapshots: store })).rejects.toThrow(TypeError);
    expect(store.leftover).toBeDefined();
    expect(fetch).not.toHaveBeenCalled();
  });

  test('on a server that is not there any more says so', async () => {
    const mock = createMockService();
    const store = await crashedRun(mock);
    const fetch = () =>
      Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) }));
    await expect(restoreLeftover({ ...targetOf(mock), fetch }, { snapshots: store, sleep })).rejects.toThrow('ECONNREFUSED');
    expect(store.leftover).toBeDefined();
    expect(store.locked).toBe(false);
  });
});

test('two runs at once: the second is told, and sends no PUT', async () => {
  const mock = createMockService();
  const store = outliving();
  const holder = await store.open('', '');
  let puts = 0;
  const fetch = (request: Request) => ((puts += request.method === 'GET' ? 0 : 1), mock.fetch(request));
  await expect(runConformance({ ...targetOf(mock), fetch }, { snapshots: store })).rejects.toThrow('locked');
  expect(puts).toBe(0);
  expect(store.locked).toBe(true);
  await holder.close();
});

describe("what is somebody else's", () => {
  const profile = { firstName: 'Ann', culture: 'EN-us', attributes: { etag: '1' } };
  const snapshot = { schemaVersion: 1, baseUrl: '', customerId, runId: '', takenAt: '', profile } as const;
  const redaction = { hideSecrets: (text: string) => text, invented: new Set<string>(), personal: new Set<string>(), showBodies: true };

  test('is not the letter case of a culture', () => {
    expect(isSameProfile(profile, { ...profile, culture: 'en-US' })).toBe(true);
    expect(isSameProfile(profile, { ...profile, firstName: 'ANN' })).toBe(false);
  });

  test('is not a member that we added and that is gone again', () => {
    const ledger = createLedger({ snapshot, writes: [{ ...profile, lastName: 'Ours' }] });
    expect(ledger.foreignMembers(profile, redaction)).toEqual([]);
    expect(ledger.foreignMembers({ ...profile, lastName: 'Theirs' }, redaction)).toMatchObject([{ member: 'lastName', now: 'Theirs' }]);
    expect(ledger.foreignMembers({ culture: 'en-US' }, redaction)).toMatchObject([{ member: 'firstName', now: 'absent' }]);
  });
});

describe('a server whose reads lag behind its writes for seconds', () => {
  /** A time that only sleeping lets pass, a mock, and a cache before it, or writes that are stored late. */
  function lagging(kind: 'cached reads' | 'writes that are stored late', lagMs: number) {
    const mock = createMockService();
    let nowMs = 0;
    let cached: { atMs: number; text: string; status: number } | undefined;
    const later: { atMs: number; store: () => Promise<unknown> }[] = [];
    const shadow = createMockService();
    const fetch = async (request: Request): Promise<Response> => {
      for (const { store } of later.filter(({ atMs }) => atMs <= nowMs)) await store();
      later.splice(0, later.length, ...later.filter(({ atMs }) => atMs > nowMs));
      if (kind === 'writes that are stored late') {
        if (request.method !== 'PUT') return mock.fetch(request);
        const copy = request.clone();
        later.push({ atMs: nowMs + lagMs, store: () => mock.fetch(copy) });
        return shadow.fetch(request);
      }
      if (request.method === 'GET' && request.url.includes(customerId)) {
        if (cached === undefined || nowMs - cached.atMs >= lagMs) {
          const response = await mock.fetch(request);
          cached = { atMs: nowMs, text: await response.text(), status: response.status };
        }
        return new Response(cached.text, { status: cached.status, headers: { 'Content-Type': 'application/json' } });
      }
      return mock.fetch(request);
    };
    const settle = async (): Promise<void> => {
      nowMs += 60_000;
      for (const { store } of later.splice(0)) await store();
    };
    return { mock, target: { ...targetOf(mock), fetch }, sleep: async (ms: number) => void (nowMs += ms), settle };
  }

  test.each([
    ['cached reads', 3_000],
    ['cached reads', 20_000],
    ['cached reads', 100_000],
    ['writes that are stored late', 5_000],
  ] as const)('%s, %i ms: the profile is as before, or the run says that this is not known', async (kind, lagMs) => {
    const { mock, target, sleep: pass, settle } = lagging(kind, lagMs);
    const before = contentOf(mock);
    const { restoration } = await runConformance(target, { mode: 'write', only: 'write.takes-pascal-case', sleep: pass });
    await settle();
    expect(contentOf(mock)).toEqual(before);
    expect(restoration!.state).toBe(lagMs > 30_000 ? 'unverified' : 'restored');
    if (lagMs > 30_000) expect(restoration!.reason).toContain('reads still show an ETag from before the last write');
  });

  test('restore after a run that was killed does not take such a read for the profile', async () => {
    const store = await crashedRun(createMockService());
    const { mock, target, sleep: pass, settle } = lagging('cached reads', 4_000);
    const { snapshot, writes } = store.leftover!;
    // What the killed run wrote is stored, and the cache still has what was there before.
    await target.fetch(
      new Request(`http://mock.localhost/v1/customers/${customerId}/profiles/billing`, {
        headers: { Authorization: `Bearer ${mock.token}` },
      }),
    );
    const stored = writes.findLast((write) => 'attributes' in (write as Json)) as {
      firstName: string;
      lastName: string;
      attributes: { etag: string };
    };
    mock.customers.change(customerId, { firstName: stored.firstName, lastName: stored.lastName });
    stored.attributes.etag = mock.customers.get(customerId)!.attributes.etag;
    const restoration = await restoreLeftover({ ...target, baseUrl: snapshot.baseUrl }, { snapshots: store, sleep: pass });
    await settle();
    expect(restoration).toMatchObject({ state: 'restored' });
    expect(mock.customers.get(customerId)!.lastName).toBe((snapshot.profile as Json).lastName);
  });
});
