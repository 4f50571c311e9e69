import { fromWire } from '../../contract/casing.ts';
import { members } from '../../contract/generated.ts';
import { isJsonObject } from '../../contract/json.ts';
import type { MemberVersions } from '../../suite/result.ts';
import { redactValue, type Redaction, scrub } from '../probe/redact.ts';
import type { Leftover } from './snapshot.ts';

/**
 * Everything in a profile that a write can change, by path: not the ETag, nor the links. Null counts as absent. Of a member that the
 * contract does not know only its presence counts, because the service may change it as it likes.
 */
function leavesOf(profile: unknown): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  if (!isJsonObject(profile)) return leaves;
  const walk = (object: object, schema: string, path: string): void => {
    for (const [name, value] of Object.entries(object)) {
      const here = `${path}/${name}`;
      if (value === null || value === undefined || here === '/links' || here === '/attributes/etag') continue;
      const known = members[schema]!;
      const inner = Object.hasOwn(known, name) ? known[name] : undefined;
      if (inner === undefined) leaves.set(here, present);
      else if (inner !== null && isJsonObject(value)) walk(value, inner, here);
      // The service normalizes the letter case of a culture.
      else leaves.set(here, here === '/culture' ? JSON.stringify(value).toLowerCase() : JSON.stringify(value));
    }
  };
  walk(fromWire(profile) as object, 'CustomerBillingProfile', '');
  return leaves;
}

const present = '"present"';

type Json = Record<string, unknown>;

function etagOf(profile: unknown): unknown {
  const { attributes } = Object(fromWire(profile)) as { attributes?: unknown };
  return (Object(attributes) as { etag?: unknown }).etag;
}

/** Whether two profiles hold the same. */
export function isSameProfile(one: unknown, other: unknown): boolean {
  const [left, right] = [leavesOf(one), leavesOf(other)];
  return left.size === right.size && [...left].every(([path, leaf]) => right.get(path) === leaf);
}

/** The values that stood in the snapshot and those that a run wrote, by which another writer's are known. */
export interface Ledger {
  /** Adds what was sent. */
  add(write: unknown): void;
  /** Adds the profile of the response to a write. */
  addStored(profile: unknown): void;
  /**
   * The members of a profile that are neither as in the snapshot nor as the run wrote them: another writer's.
   *
   * A value at a time, because a service may keep what a PUT leaves out, or pass over what it does not know.
   */
  foreignMembers(now: unknown, redaction: Redaction): MemberVersions[];
  /** Whether an ETag is one that a write of the run has replaced: a read that still shows it lags behind that write, and proves nothing. */
  isReplaced(etag: unknown): boolean;
  /** The profile of the last response to a write; undefined when none came. */
  lastStored(): Json | undefined;
  /** The members of a profile that are not as in the snapshot. */
  changedMembers(now: unknown, redaction: Redaction): MemberVersions[];
}

/** Which ETags the writes of a run have replaced. */
function createEtagHistory(start: unknown) {
  const seen = new Set([etagOf(start)]);
  const replaced = new Set<unknown>();
  let lastEtag = etagOf(start);
  let lastStored: Json | undefined;
  return {
    /** Notes the profile of a response. */
    note(profile: unknown): void {
      const etag = etagOf(profile);
      seen.add(etag);
      if (etag !== undefined && etag !== lastEtag) {
        replaced.add(lastEtag);
        // One that is made from the content may come back.
        replaced.delete(etag);
      }
      [lastEtag, lastStored] = [etag, fromWire(profile) as Json];
    },
    /** In a file bodies and responses are alike: a response is in camelCase, and carries an ETag that is new or has come back. */
    isResponse: (write: unknown): boolean =>
      isJsonObject(write) && 'attributes' in write && (!seen.has(etagOf(write)) || replaced.has(etagOf(write))),
    isReplaced: (etag: unknown): boolean => replaced.has(etag),
    lastStored: (): Json | undefined => lastStored,
  };
}

export function createLedger({ snapshot, writes }: Leftover): Ledger {
  const before = leavesOf(snapshot.profile);
  const known = new Map<string, Set<string>>([...before].map(([path, leaf]) => [path, new Set([leaf])]));
  // Absence is a value too.
  const absent = new Set<string>();
  let last = before;
  const etags = createEtagHistory(snapshot.profile);

  function addStored(profile: unknown): void {
    etags.note(profile);
    add(profile);
  }

  function add(write: unknown): void {
    const leaves = leavesOf(write);
    for (const path of known.keys()) if (!leaves.has(path)) absent.add(path);
    for (const [path, leaf] of leaves) {
      const values = known.get(path);
      if (values === undefined) absent.add(path);
      known.set(path, (values ?? new Set()).add(leaf));
    }
    last = leaves;
  }
  for (const write of writes) (etags.isResponse(write) ? addStored : add)(write);

  function versionsOf(now: unknown, redaction: Redaction, isMeant: (path: string, leaf: string | undefined) => boolean): MemberVersions[] {
    const current = leavesOf(now);
    const shown = (leaves: ReadonlyMap<string, string>, path: string): string => {
      const leaf = leaves.get(path);
      if (leaf === undefined) return 'absent';
      if (leaf === present) return 'present';
      return String(redactValue(JSON.parse(leaf), path.split('/').at(-1)!, redaction));
    };
    const paths = [...new Set([...known.keys(), ...current.keys()])].filter((path) => isMeant(path, current.get(path)));
    return paths.map((path) => ({
      // A name that the contract does not know is the service's text.
      member: scrub(path.slice(1).replaceAll('/', '.'), redaction),
      snapshot: shown(before, path),
      ours: shown(last, path),
      now: shown(current, path),
    }));
  }

  return {
    add,
    addStored,
    foreignMembers: (now, redaction) =>
      versionsOf(now, redaction, (path, leaf) => (leaf === undefined ? !absent.has(path) : known.get(path)?.has(leaf) !== true)),
    isReplaced: etags.isReplaced,
    lastStored: etags.lastStored,
    changedMembers: (now, redaction) => versionsOf(now, redaction, (path, leaf) => leaf !== before.get(path)),
  };
}
