import { includesMode } from '../mode.ts';
import type { Mode } from '../../suite/requirement.ts';
import { OptionError, type ResolvedTarget } from '../target.ts';
import { tenantOf } from '../token-tenant.ts';
import { MisuseError } from '../../contract/misuse.ts';

/** What has to be said before a profile is written off this machine. */
export interface WritePermission {
  /** The target's customer, named once more. */
  allowWritesTo?: string;
  /** The partner tenant that the token belongs to; `none` for a token that does not say. Sandbox and production share one host. */
  partnerTenant?: string;
}

/** Makes sure that a run may do what its mode does. Errors: `TypeError` that says what is missing. */
export function checkPermission(target: ResolvedTarget, mode: Mode, { allowWritesTo, partnerTenant }: WritePermission): void {
  if (!includesMode(mode, 'write') || target.isThisMachine) return;
  if (allowWritesTo?.toLowerCase() !== target.customerId.toLowerCase()) {
    throw new OptionError(
      `Mode ${mode} writes the profile of customer ${target.customerId}. Name it once more in \`allowWritesTo\` to say that it may, or use \`mode\` read.`,
    );
  }
  const tenant = tenantOf(target.token);
  if (partnerTenant === undefined) {
    throw new OptionError(
      `Mode ${mode} off this machine needs \`partnerTenant\`: the tenant id of the partner that the token belongs to, ` +
        'because sandbox and production share one host; "none" when the token does not say.',
    );
  }
  if (tenant === undefined) {
    if (partnerTenant === 'none') return;
    throw new OptionError('The token does not say which partner tenant it belongs to. If you are sure of it, give `partnerTenant` none.');
  }
  if (tenant.toLowerCase() !== partnerTenant.toLowerCase()) {
    throw new MisuseError(`The token belongs to the partner tenant ${tenant}, not to "${partnerTenant}". Nothing was sent.`);
  }
}
