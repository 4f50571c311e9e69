import type { Restoration } from '../suite/result.ts';
import { resolveBaseUrl } from '../contract/base-url.ts';
import { isGuid } from '../contract/guid.ts';
import { checkToken } from '../contract/headers.ts';
import { MisuseError } from '../contract/misuse.ts';
import { tenantOf } from './token-tenant.ts';

/** The server under test. */
export interface Target {
  /** With or without `/v1`; https, or http to this machine. */
  baseUrl: string;
  /** Tenant id of the customer whose profile is read and, depending on the mode, written. */
  customerId: string;
  token: string;
  /** Tenant id of a second customer. It is only read. */
  otherCustomerId?: string;
  /** Takes the place of the global `fetch`: the target in this process. */
  fetch?: (request: Request) => Promise<Response>;
}

/** A target that was checked once, at the entry. Nothing further down parses or judges it again. */
export interface ResolvedTarget extends Target {
  /** Whether the server is on this machine, and no door to another: what a token that names a partner tenant is sent to may be one. */
  readonly isThisMachine: boolean;
}

/** The run cannot be made: the target does not respond, refuses the token, or must not be touched now. */
export class TargetError extends Error {
  override name = 'TargetError';
}

/** A run cannot be made with these options, which the message names in backticks. */
export class OptionError extends MisuseError {}

/** A run that died has left a snapshot. The message says `what`, and names every way out. */
export class LeftoverError extends TargetError {
  readonly what: string;
  /** Where the snapshot is. */
  readonly place: string | undefined;
  /** What came of putting the profile back, when that was tried. */
  readonly restoration: Restoration | undefined;

  constructor(what: string, ways: string, { place, restoration }: { place?: string | undefined; restoration?: Restoration | undefined }) {
    super(`${what} ${ways}`);
    this.what = what;
    this.place = place;
    this.restoration = restoration;
  }
}

/** Resolves a target. Errors: `TypeError` for a base URL, an id or a token that cannot be used. */
export function resolveTarget(target: Target): ResolvedTarget {
  const { url, isThisMachine } = resolveBaseUrl(target.baseUrl);
  return checkTarget({ ...target, baseUrl: url, isThisMachine });
}

/** Checks ids and token, and what the token says of the target, for an entry that has resolved the base URL itself. Errors: `TypeError` for an id or a token that cannot be used. */
export function checkTarget(target: ResolvedTarget): ResolvedTarget {
  for (const id of [target.customerId, target.otherCustomerId ?? target.customerId]) checkCustomerId(id);
  if (target.otherCustomerId?.toLowerCase() === target.customerId.toLowerCase()) {
    throw new MisuseError('The other customer is the same as the customer. Give another one, or none.');
  }
  checkToken(target.token);
  // A gateway or a tunnel on this machine leads to the live service, where a run must not write unless it is permitted.
  return { ...target, isThisMachine: target.isThisMachine && tenantOf(target.token) === undefined };
}

/** Errors: `TypeError` for an id that is not a GUID. */
export function checkCustomerId(id: string): void {
  if (!isGuid(id)) throw new MisuseError('A customer id is not a GUID. Give the tenant id of the customer.');
}
