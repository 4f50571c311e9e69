import { createHash } from 'node:crypto';
import { fromWire } from '../../src/contract/casing.ts';
import type { CustomerBillingProfile } from '../../src/index.ts';
import { fakeProfile } from './fake.ts';
import { jsonResponse } from './observed-fetch.ts';

type Stored = Omit<CustomerBillingProfile, 'attributes'>;

/** How the server makes ETags, and how late its reads are. */
export interface ModelServerOptions {
  etag: 'counted' | 'made from the content';
  /** How long a read may lag behind the last write, by the number of the read. */
  lagMs: (read: number) => number;
  customerIds: readonly string[];
}

/**
 * A server that has nothing of the mock: it compares If-Match with the ETag, and stores, at one moment.
 *
 * Shape: writes go to one place; a read may come from a replica that shows the profile as it was a while ago.
 */
export function createModelServer({ etag, lagMs, customerIds }: ModelServerOptions): (request: Request) => Promise<Response> {
  let [count, reads] = [0, 0];
  const etagOf = (stored: Stored): string => {
    if (etag === 'counted') return `v${(count += 1)}`;
    return createHash('sha256').update(JSON.stringify(stored)).digest('hex').slice(0, 16);
  };
  const asProfile = (stored: Stored): CustomerBillingProfile => ({
    ...stored,
    attributes: { etag: etagOf(stored), objectType: 'CustomerBillingProfile' },
  });
  const states = new Map(
    customerIds.map((id, index) => {
      const { attributes: _, ...stored } = fakeProfile(index + 1, id);
      return [id, [{ atMs: 0, profile: asProfile(stored) }]];
    }),
  );
  return async (request) => {
    const history = states.get(/customers\/([^/]+)/.exec(request.url)![1]!)!;
    if (request.method === 'GET') {
      const atMs = Date.now() - lagMs((reads += 1));
      return jsonResponse((history.findLast((state) => state.atMs <= atMs) ?? history[0]!).profile);
    }
    const body = fromWire(await request.json()) as CustomerBillingProfile;
    const { profile } = history.at(-1)!;
    if (request.headers.get('If-Match') !== `"${profile.attributes.etag}"`) {
      return jsonResponse({ code: 2055, description: 'Etag is no longer valid' }, { status: 400 });
    }
    const { attributes: _, ...stored } = JSON.parse(
      JSON.stringify(body, (_name, value: unknown) => value ?? undefined),
    ) as CustomerBillingProfile;
    const next = asProfile({ ...stored, id: profile.id, links: profile.links! });
    history.push({ atMs: Date.now(), profile: next });
    return jsonResponse(next);
  };
}
