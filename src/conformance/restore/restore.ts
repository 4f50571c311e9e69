import { fromWire } from '../../contract/casing.ts';
import { toIfMatch } from '../../contract/etag.ts';
import { members } from '../../contract/generated.ts';
import { isJsonObject } from '../../contract/json.ts';
import { messageOf, NoResponse } from '../probe/check-errors.ts';
import { describe } from '../probe/expect.ts';
import { attributesOf, wireBody } from '../probe/profile.ts';
import { type Redaction, scrub } from '../probe/redact.ts';
import { isSameProfile, type Ledger } from './ledger.ts';
import type { Snapshot } from './snapshot.ts';
import type { MemberVersions, Restoration } from '../../suite/result.ts';
import type { ProbeRequest, ProbeResponse } from '../probe/exchange.ts';

type Json = Record<string, unknown>;

/** How a profile is put back. */
export interface RestoreOptions {
  redaction: Redaction;
  /** Overwrite what another writer changed too. */
  force?: boolean;
  /** No write of the run is on its way any more. Otherwise the profile is written although it is the same: what arrives later is then stale. */
  isSettled: boolean;
  sleep: (ms: number) => Promise<void>;
  /** Told of each body before it is sent, and of each profile that comes back. */
  record: (write: unknown, isStored: boolean) => Promise<void>;
}

// A member that the snapshot has not is cleared by null or by leaving it out; which of them does it is not documented.
const clearings = ['null', 'absent', 'null', 'absent'] as const;
// A read may lag behind the write before it.
const waitsMs = [0, 100, 300];
// Longer while a read shows an ETag that a write of the run has replaced: then it is known to lag.
const lagWaitsMs = [300, 1000, 3000, 6000];
// A server that hangs up, or is not well, may be well again in a moment.
const retryWaitsMs = [100, 300, 1000];

/**
 * Puts a profile back to what its snapshot says, and reads it again to see that it is.
 *
 * Shape: nothing is written when every value is already the snapshot's, nor when one is neither the snapshot's nor ours: then another writer
 * changed it. The write is guarded by the ETag that was just read; where reads lag behind the run's own writes, by that of the last one. A
 * read that lags proves nothing: `unverified`, when it is the last.
 */
export async function restoreProfile(
  send: (request: ProbeRequest) => Promise<ProbeResponse>,
  { profile }: Pick<Snapshot, 'profile'>,
  ledger: Ledger,
  options: RestoreOptions,
): Promise<Restoration> {
  const { redaction, force = false, isSettled, sleep } = options;
  let sent = false;
  let problem: string | undefined;
  try {
    for (const clearing of clearings) {
      const read = await readPast(send, ledger, (done) => sent && isSameProfile(done, profile), sleep, sent);
      const isLagging = ledger.isReplaced(attributesOf(read).etag);
      if (isLagging && sent) break;
      // The response to the last write is later than this read.
      const current = (isLagging ? ledger.lastStored() : undefined) ?? read;
      const { etag } = attributesOf(current);
      const isSame = !isLagging && isSameProfile(current, profile);
      if (isSame && (sent || isSettled || typeof etag !== 'string')) return { state: sent ? 'restored' : 'not-needed' };
      const versions = isSame ? [] : ledger.foreignMembers(current, redaction);
      if (versions.length > 0 && !force) {
        return { state: 'changed-by-others', reason: `another writer changed ${namesOf(versions)}`, versions };
      }
      if (typeof etag !== 'string') return { state: 'unverified', reason: 'the profile that is there carries no ETag' };
      const body = wireBody(bodyOf(profile, current, etag, clearing));
      await options.record(body, false);
      sent = true;
      const response = await send({ method: 'PUT', ifMatch: toIfMatch(etag), body }).catch((error: unknown) => {
        // It may be stored all the same; the next read tells.
        if (error instanceof NoResponse) return undefined;
        throw error;
      });
      if (response?.status === 200) await options.record(response.json, true);
      else problem = response === undefined ? 'the PUT got no response' : `the PUT got ${describe(response)}`;
    }
    const current = await readPast(send, ledger, (read) => isSameProfile(read, profile), sleep, true);
    if (ledger.isReplaced(attributesOf(current).etag)) {
      const lag = 'reads still show an ETag from before the last write';
      return { state: 'unverified', reason: problem === undefined ? lag : `${scrub(problem, redaction)}, and ${lag}` };
    }
    if (isSameProfile(current, profile)) return { state: 'restored' };
    const versions = ledger.changedMembers(current, redaction);
    const differs = `${namesOf(versions)} ${versions.length === 1 ? 'is' : 'are'} not as before`;
    return {
      state: 'unverified',
      reason: problem === undefined ? `the service accepted the write, but ${differs}` : `${scrub(problem, redaction)}, and ${differs}`,
      versions,
    };
  } catch (error) {
    return { state: 'unverified', reason: scrub(messageOf(error), redaction).replace(/\.$/, '') };
  }
}

const namesOf = (versions: readonly MemberVersions[]): string => versions.map(({ member }) => member).join(', ');

/** Like `readUntil`, and again for longer while the read lags behind a write of the run. */
async function readPast(
  send: (request: ProbeRequest) => Promise<ProbeResponse>,
  ledger: Ledger,
  isDone: (read: Json) => boolean,
  sleep: (ms: number) => Promise<void>,
  patient: boolean,
): Promise<Json> {
  const isCurrent = (read: Json): boolean => !ledger.isReplaced(attributesOf(read).etag);
  let read = await readUntil(send, (one) => isCurrent(one) && isDone(one), sleep, patient);
  for (const waitMs of lagWaitsMs) {
    if (isCurrent(read)) break;
    await sleep(waitMs);
    read = await readOnce(send, sleep);
  }
  return read;
}

/** Reads the profile, and again while it is not what it should be by now. */
async function readUntil(
  send: (request: ProbeRequest) => Promise<ProbeResponse>,
  isDone: (read: Json) => boolean,
  sleep: (ms: number) => Promise<void>,
  patient: boolean,
): Promise<Json> {
  let read: Json = {};
  for (const waitMs of patient ? waitsMs : [0]) {
    if (waitMs > 0) await sleep(waitMs);
    read = await readOnce(send, sleep);
    if (isDone(read)) return read;
  }
  return read;
}

/** One read, and again while there is no profile in the response. */
async function readOnce(send: (request: ProbeRequest) => Promise<ProbeResponse>, sleep: (ms: number) => Promise<void>): Promise<Json> {
  for (const waitMs of [...retryWaitsMs, undefined]) {
    try {
      const { status, json } = await send({ method: 'GET' });
      if (status === 200 && isJsonObject(json)) return fromWire(json) as Json;
      if (waitMs === undefined || status < 500) throw new Error(`GET got ${status} without a profile`);
    } catch (error) {
      if (waitMs === undefined || !(error instanceof NoResponse)) throw error;
    }
    await sleep(waitMs);
  }
  throw new Error('GET got no response');
}

/**
 * The snapshot as a body: what has come in addition is cleared. A member that the contract does not know goes back as it is now, because
 * what it means, and who else changes it, is not known.
 */
function bodyOf(snapshot: Json, current: Json, etag: string, clearing: 'null' | 'absent'): Json {
  const before = fromWire(snapshot) as Json;
  const putBack = (was: Json, now: unknown, schema: string): Json => {
    const there = isJsonObject(now) ? Object.entries(now) : [];
    const added = there.filter(([name]) => !Object.hasOwn(was, name)).map(([name]) => [name, null]);
    const unknown = there.filter(([name]) => Object.hasOwn(was, name) && !Object.hasOwn(members[schema]!, name));
    return { ...(clearing === 'null' ? Object.fromEntries(added) : {}), ...was, ...Object.fromEntries(unknown) };
  };
  const address = isJsonObject(before.defaultAddress)
    ? { defaultAddress: putBack(before.defaultAddress, current.defaultAddress, 'Address') }
    : {};
  const attributes = { ...attributesOf(before), etag };
  return { ...putBack(before, current, 'CustomerBillingProfile'), ...address, attributes };
}
