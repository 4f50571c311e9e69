import { isJsonObject } from '../../contract/json.ts';
import { isLeftChanged } from '../../suite/exit-code.ts';
import type { Restoration } from '../../suite/result.ts';
import { messageOf, Untestable } from '../probe/check-errors.ts';
import type { Connection, Sleep } from '../probe/connection.ts';
import { personalTextsOf } from '../probe/redact.ts';
import { LeftoverError } from '../target.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { restoreProfile } from './restore.ts';
import { openLog, type Snapshot, SnapshotLost, type SnapshotLog, type SnapshotStore } from './snapshot.ts';

/** What a guard needs beside the connection. */
export interface GuardOptions {
  /** Whether the mode of the run has writes. */
  mayWrite: boolean;
  runId: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Not cut short when the run is to end. */
  patientSleep: Sleep;
  snapshots: SnapshotStore;
  /** Forget what an earlier run left behind. */
  discard?: boolean;
  onSnapshot?: ((snapshot: Snapshot | undefined) => void) | undefined;
  onLeftover?: ((snapshot: Snapshot) => void) | undefined;
}

/** The snapshot of a run, and what was written since: in memory, so that a profile can be put back without the log. */
interface Kept {
  snapshot: Snapshot;
  ledger: Ledger;
  wrote: boolean;
}

/**
 * Stands between the checks and the profile: keeps it before the first write, notes every write, and puts it back at the end.
 *
 * The log is for a process that dies. No write is sent that it did not take; a profile is put back whatever becomes of it.
 */
export class ProfileGuard {
  /** The response to the last PUT of this run that succeeded; undefined before the first. */
  get lastWritten(): unknown {
    return this.#lastWritten;
  }

  readonly #connection: Connection;
  readonly #options: GuardOptions;
  #log: SnapshotLog | undefined;
  #kept: Promise<Kept> | undefined;
  #lastWritten: unknown;
  /** How many PUTs were sent that had no response so far: they may still arrive. */
  #unanswered = 0;

  constructor(connection: Connection, options: GuardOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Makes the place of the snapshot this run's own; nothing is sent. Errors: `TargetError`, `OptionError` when no snapshot can be kept. */
  async open(): Promise<void> {
    if (!this.#options.mayWrite) return;
    const log = await this.#openLog();
    if (this.#options.discard) await log.remove();
    else if (log.damage !== undefined) throw this.#leftoverError(`is damaged: ${log.damage}`);
    else if (log.leftover !== undefined && !this.#connection.target.isThisMachine) throw this.#leftoverError();
  }

  /** Puts back what a run on this machine left behind. Errors: `TargetError`. */
  async settle(): Promise<void> {
    const leftover = this.#options.discard ? undefined : this.#log?.leftover;
    if (leftover === undefined) return;
    const restoration = await this.#restore(leftover.snapshot, createLedger(leftover), { isSettled: leftover.writes.length === 0 });
    if (isLeftChanged(restoration)) throw this.#leftoverError(undefined, restoration);
    this.#options.onLeftover?.(leftover.snapshot);
  }

  /** Whether there can be writes: the mode has them, and the profile can be put back. */
  async canWrite(): Promise<boolean> {
    if (!this.#options.mayWrite) return false;
    return this.ensureSnapshot().then(
      () => true,
      () => false,
    );
  }

  /** Keeps the profile, once, before the first write. Errors: `Untestable` when it could not be put back, `SnapshotLost`. */
  ensureSnapshot(): Promise<Kept> {
    return (this.#kept ??= this.#takeSnapshot());
  }

  /** Notes a body before it is sent. Errors: as for `ensureSnapshot`. */
  async recordWrite(write: unknown): Promise<void> {
    const kept = await this.ensureSnapshot();
    await this.#log!.record(write).catch((error: unknown) => {
      throw new SnapshotLost(`Nothing more is written, because the snapshot can be kept no longer: ${messageOf(error)}.`);
    });
    kept.ledger.add(write);
    kept.wrote = true;
    this.#unanswered += 1;
  }

  /** Notes that a PUT had a response, whatever it says. */
  noteResponse(): void {
    this.#unanswered -= 1;
  }

  /** Notes the profile that was received for a PUT. What the log does not take now, it does not take before the next write either. */
  async recordStored(profile: unknown): Promise<void> {
    this.#lastWritten = profile;
    const { ledger } = await this.ensureSnapshot();
    ledger.addStored(profile);
    await this.#log!.record(profile).catch(() => {});
  }

  /** Errors: `Untestable` when a profile has values that are neither the snapshot's nor this run's. */
  async expectOurs(profile: unknown): Promise<void> {
    const kept = await this.#kept?.catch(() => undefined);
    const foreign = kept?.ledger.foreignMembers(profile, this.#connection.redaction) ?? [];
    if (foreign.length === 0) return;
    const names = foreign.map(({ member }) => member).join(', ');
    throw new Untestable(`Another writer changed ${names} during the run, so nothing more is written.`);
  }

  /** Puts back what an earlier run left behind; undefined when there is nothing. Errors: `TargetError`. */
  async putBackLeftover({ force }: { force: boolean }): Promise<Restoration | undefined> {
    const { leftover, damage } = await this.#openLog();
    if (damage !== undefined) throw this.#leftoverError(`is damaged: ${damage}`);
    if (leftover === undefined) return undefined;
    const { invented, personal } = this.#connection.redaction;
    for (const text of personalTextsOf(leftover.snapshot.profile, invented)) personal.add(text);
    await this.#connection.greet();
    return this.#restore(leftover.snapshot, createLedger(leftover), { force, isSettled: leftover.writes.length === 0 });
  }

  /** Puts the profile back if anything was written, and lets the next run in. Undefined when nothing was. Never throws. */
  async finish(): Promise<Restoration | undefined> {
    const kept = await this.#kept?.catch(() => undefined);
    const restoration = kept && (await this.#putBack(kept));
    await this.#log?.close().catch(() => {});
    return restoration;
  }

  async #putBack({ snapshot, ledger, wrote }: Kept): Promise<Restoration | undefined> {
    if (wrote) return this.#restore(snapshot, ledger, { isSettled: this.#unanswered === 0 });
    const restoration: Restoration = { state: 'not-needed' };
    await this.#forget(restoration);
    return restoration.keptIn === undefined ? undefined : restoration;
  }

  async #openLog(): Promise<SnapshotLog> {
    const { baseUrl, customerId } = this.#connection.target;
    return (this.#log = await openLog(this.#options.snapshots, baseUrl, customerId));
  }

  #leftoverError(problem?: string, restoration?: Restoration): LeftoverError {
    const { leftover, place: opened } = this.#log!;
    const { isThisMachine } = this.#connection.target;
    const place = restoration?.keptIn ?? opened;
    const snapshot = `its snapshot is ${place === undefined ? 'in memory' : `in ${place}`}`;
    const left =
      problem === undefined
        ? `A run of ${leftover?.snapshot.takenAt} did not end, and ${snapshot}.`
        : `An earlier run did not end, and ${snapshot}, which ${problem}.`;
    const tried = restoration === undefined ? '' : ` It was not put back: ${restoration.reason}.`;
    const ways =
      problem === undefined
        ? 'Run `restoreLeftover` to put the profile back, or'
        : 'If the profile has to be put back, do that by hand. Run';
    const here = isThisMachine ? '; or run with `discard`, which forgets it and goes on' : '';
    return new LeftoverError(left + tried, `${ways} \`discardLeftover\` to leave it as it is${here}.`, { place, restoration });
  }

  async #takeSnapshot(): Promise<Kept> {
    const no = (why: string): Untestable => new Untestable(`Nothing is written, because the profile could not be put back: ${why}`);
    const { baseUrl, customerId, isThisMachine } = this.#connection.target;
    const { status, json: profile, text } = await this.#connection.send('snapshot', { method: 'GET' });
    if (status !== 200 || !isJsonObject(profile)) throw no(`GET got ${status} without a profile.`);
    if (hasInexactNumber(text)) throw no('it carries a number with more digits than can be written back.');
    const hasNames = [profile.firstName, profile.lastName].every((name) => typeof name === 'string' && name !== '');
    if (!hasNames && !isThisMachine) {
      throw no('it has no first and last name, and whether names that were added can be taken away again is not documented.');
    }
    const { runId, now, onSnapshot } = this.#options;
    const snapshot: Snapshot = { schemaVersion: 1, baseUrl, customerId, runId, takenAt: new Date(now()).toISOString(), profile };
    await this.#log!.begin(snapshot).catch((error: unknown) => {
      throw new SnapshotLost(`Nothing is written, because the snapshot cannot be kept: ${messageOf(error)}.`);
    });
    onSnapshot?.(snapshot);
    return { snapshot, ledger: createLedger({ snapshot, writes: [] }), wrote: false };
  }

  /** Puts the profile back, and keeps the snapshot unless that has worked. `isSettled`: no write is on its way any more. */
  async #restore(snapshot: Snapshot, ledger: Ledger, how: { force?: boolean; isSettled: boolean }): Promise<Restoration> {
    const connection = this.#connection;
    const { patientSleep } = this.#options;
    const log = this.#log!;
    const options = {
      ...how,
      redaction: connection.redaction,
      sleep: (ms: number) => patientSleep(ms, 'lag'),
      record: async (write: unknown, isStored: boolean) => {
        if (isStored) ledger.addStored(write);
        else ledger.add(write);
        await log.record(write).catch(() => {});
      },
    };
    const send: Parameters<typeof restoreProfile>[0] = (request) => connection.send('restore', request);
    const restoration = await connection.patiently(patientSleep, () => restoreProfile(send, snapshot, ledger, options));
    if (!isLeftChanged(restoration)) {
      await this.#forget(restoration);
      return restoration;
    }
    const keptIn = log.secure === undefined ? log.place : await log.secure().catch(() => undefined);
    return keptIn === undefined ? restoration : { ...restoration, keptIn };
  }

  /** Removes the snapshot of a profile that is as it was; when it cannot be removed, the restoration says so and stays what it is. */
  async #forget(restoration: Restoration): Promise<void> {
    const log = this.#log!;
    this.#options.onSnapshot?.(undefined);
    await log.remove().catch((error: unknown) => {
      if (log.place === undefined) return;
      restoration.keptIn = log.place;
      restoration.reason = `the snapshot is needed no longer, and cannot be removed: ${messageOf(error)}`;
    });
  }
}

/** Whether JSON carries a number that would lose digits on its way through JavaScript. */
function hasInexactNumber(json: string): boolean {
  const numbers = json.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').match(/-?\d[\d.eE+-]*/g) ?? [];
  return numbers.some((written) => {
    const value = Number(written);
    return Number.isInteger(value) ? !Number.isSafeInteger(value) : written.replace(/^-|[.]|[eE].*$/g, '').length > 15;
  });
}
