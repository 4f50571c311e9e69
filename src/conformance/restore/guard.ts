import { isJsonObject } from '../../contract/json.ts';
import { isLeftChanged } from '../../suite/exit-code.ts';
import type { Restoration } from '../../suite/result.ts';
import { messageOf, Untestable } from '../probe/check-errors.ts';
import type { Connection } from '../probe/connection.ts';
import { LeftoverError } from '../target.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { restoreProfile } from './restore.ts';
import { NoSnapshot, openLog, type Snapshot, type SnapshotLog, type SnapshotStore } from './snapshot.ts';

/** What a guard needs beside the connection. */
export interface GuardOptions {
  /** Whether the mode of the run has writes. */
  mayWrite: boolean;
  runId: string;
  /** Milliseconds since 1970. */
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  snapshots: SnapshotStore;
}

/** The snapshot of a run, and what was written since. */
interface Kept {
  snapshot: Snapshot;
  ledger: Ledger;
  wrote: boolean;
}

/** Stands between the checks and the profile: keeps it before the first write, notes every write, and puts it back at the end. */
export class ProfileGuard {
  /** The response to the last PUT of this run that succeeded; undefined before the first. */
  get lastWritten(): unknown {
    return this.#lastWritten;
  }

  readonly #connection: Connection;
  readonly #options: GuardOptions;
  #log: SnapshotLog | undefined;
  #logProblem: string | undefined;
  #kept: Promise<Kept> | undefined;
  #lastWritten: unknown;

  constructor(connection: Connection, options: GuardOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Makes the place of the snapshot this run's own, and puts back what a run on this machine left behind. Errors: `TargetError`. */
  async open(): Promise<void> {
    if (!this.#options.mayWrite) return;
    const log = await this.#openLog().catch((error: unknown) => {
      if (!(error instanceof NoSnapshot)) throw error;
      // Without a snapshot the run only reads.
      this.#logProblem = error.message;
      return undefined;
    });
    const leftover = log?.leftover;
    if (leftover === undefined) return;
    const what = `A run of ${leftover.snapshot.takenAt} did not end, and its snapshot is in ${log?.place ?? 'memory'}.`;
    const how = 'Run `restoreLeftover`.';
    if (!this.#connection.target.isThisMachine) throw new LeftoverError(`${what} ${how}`);
    const restoration = await this.#restore(leftover.snapshot, createLedger(leftover));
    if (isLeftChanged(restoration)) throw new LeftoverError(`${what} It was not put back: ${restoration.reason}. ${how}`);
  }

  /** Whether there can be writes: the mode has them, and the profile can be put back. */
  async canWrite(): Promise<boolean> {
    if (!this.#options.mayWrite) return false;
    return this.ensureSnapshot().then(
      () => true,
      () => false,
    );
  }

  /** Keeps the profile, once, before the first write. Errors: `Untestable` when it could not be put back. */
  ensureSnapshot(): Promise<Kept> {
    return (this.#kept ??= this.#takeSnapshot());
  }

  /** Notes a body before it is sent. Errors: `Untestable` when it cannot be noted. */
  async recordWrite(write: unknown): Promise<void> {
    const kept = await this.ensureSnapshot();
    try {
      await this.#log!.record(write);
    } catch (error) {
      throw new Untestable(`Nothing is written, because the snapshot cannot be kept: ${messageOf(error)}.`);
    }
    kept.ledger.add(write);
    kept.wrote = true;
  }

  /** Notes the profile that was received for a PUT. Errors: as for `recordWrite`. */
  async recordStored(profile: unknown): Promise<void> {
    this.#lastWritten = profile;
    await this.recordWrite(profile);
  }

  /** Errors: `Untestable` when a profile has values that are neither the snapshot's nor this run's. */
  async expectOurs(profile: unknown): Promise<void> {
    const kept = await this.#kept?.catch(() => undefined);
    const foreign = kept?.ledger.foreignMembers(profile, this.#connection.redaction) ?? [];
    if (foreign.length === 0) return;
    const names = foreign.map(({ member }) => member).join(', ');
    throw new Untestable(`Somebody else changed ${names} during the run, so nothing more is written.`);
  }

  /** Puts back what an earlier run left behind; undefined when there is nothing. Errors: `TargetError`. */
  async putBackLeftover({ force }: { force: boolean }): Promise<Restoration | undefined> {
    const { leftover } = await this.#openLog();
    if (leftover === undefined) return undefined;
    await this.#connection.greet();
    return this.#restore(leftover.snapshot, createLedger(leftover), force);
  }

  /** Puts the profile back if anything was written, and lets the next run in. Undefined when nothing was. */
  async finish(): Promise<Restoration | undefined> {
    try {
      const kept = await this.#kept?.catch(() => undefined);
      if (kept?.wrote) return await this.#restore(kept.snapshot, kept.ledger);
      if (kept !== undefined) await this.#log!.remove();
      return undefined;
    } finally {
      await this.#log?.close();
    }
  }

  async #openLog(): Promise<SnapshotLog> {
    const { baseUrl, customerId } = this.#connection.target;
    return (this.#log = await openLog(this.#options.snapshots, baseUrl, customerId));
  }

  async #takeSnapshot(): Promise<Kept> {
    const no = (why: string): Untestable => new Untestable(`Nothing is written, because the profile could not be put back: ${why}`);
    if (this.#log === undefined) throw no(this.#logProblem ?? 'there is no place for a snapshot.');
    const { baseUrl, customerId, isThisMachine } = this.#connection.target;
    const { status, json: profile, text } = await this.#connection.send('snapshot', { method: 'GET' });
    if (status !== 200 || !isJsonObject(profile)) throw no(`GET was answered ${status} without a profile.`);
    if (hasInexactNumber(text)) throw no('it carries a number with more digits than can be written back.');
    const hasNames = [profile.firstName, profile.lastName].every((name) => typeof name === 'string' && name !== '');
    if (!hasNames && !isThisMachine) {
      throw no('it has no first and last name, and whether names that were added can be taken away again is not documented.');
    }
    const { runId, now } = this.#options;
    const snapshot: Snapshot = { schemaVersion: 1, baseUrl, customerId, runId, takenAt: new Date(now()).toISOString(), profile };
    await this.#log.begin(snapshot).catch((error: unknown) => {
      throw no(`the snapshot cannot be kept: ${messageOf(error)}.`);
    });
    return { snapshot, ledger: createLedger({ snapshot, writes: [] }), wrote: false };
  }

  /** Puts the profile back, and keeps the snapshot unless that has worked. */
  async #restore(snapshot: Snapshot, ledger: Ledger, force = false): Promise<Restoration> {
    const connection = this.#connection;
    const log = this.#log!;
    const restoration = await restoreProfile((request) => connection.send('restore', request), snapshot, ledger, {
      redaction: connection.redaction,
      force,
      sleep: this.#options.sleep,
      record: async (write) => {
        await log.record(write);
        ledger.add(write);
      },
    });
    if (restoration.state === 'restored' || restoration.state === 'not-needed') await log.remove();
    else if (log.place !== undefined) restoration.keptIn = log.place;
    return restoration;
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
