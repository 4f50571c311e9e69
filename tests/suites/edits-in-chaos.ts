import * as fc from 'fast-check';
import { expect, vi } from 'vitest';
import {
  type Change,
  createPartnerClient,
  type CustomerBillingProfile,
  isPartnerError,
  type PartnerError,
  type ProfileResult,
} from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { chaos, customerIn, mishaps, type Step } from '../support/chaos.ts';
import { createModelServer } from '../support/model-server.ts';
import { type VirtualClock, withVirtualClock } from '../support/virtual-clock.ts';

/** One call of one client. All values that it writes carry its tag, but for those that count. */
interface PlannedCall {
  client: number;
  customer: number;
  startMs: number;
  how: 'members' | 'function' | 'count' | 'restore' | 'update' | 'base' | 'ifMatch';
  what: 'place' | 'contact' | 'place and contact';
  onConflict: 'throw' | 'rerun';
  /** When the caller gives up; undefined for never. */
  abortMs: number | undefined;
}

const servers = ['mock, as observed', 'mock, as documented', 'ETag made from the content', 'replicas that lag'] as const;

interface Scenario {
  server: (typeof servers)[number];
  retries: number;
  deadlineMs: number;
  calls: PlannedCall[];
  plan: Step[];
  lagsMs: number[];
}

const clients = 3;
const maxQueueMs = 10_000;
const longestLagMs = 400;
const customerIds = createMockService().customers.ids().slice(0, 2);

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  server: fc.constantFrom(...servers),
  // Few retries and little time, so that calls also end without a response.
  retries: fc.nat(3),
  deadlineMs: fc.constantFrom(300, 3_000, 20_000),
  calls: fc.array(
    fc.record({
      client: fc.nat(clients - 1),
      customer: fc.nat(1),
      startMs: fc.nat(60),
      how: fc.constantFrom('members', 'function', 'count', 'restore', 'update', 'base', 'ifMatch'),
      what: fc.constantFrom('place', 'contact', 'place and contact'),
      onConflict: fc.constantFrom('throw', 'rerun'),
      abortMs: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.nat(300)),
    }),
    { minLength: 2, maxLength: 6 },
  ),
  plan: fc.array(
    fc.record({
      mishap: fc.oneof({ weight: 1, arbitrary: fc.constant('pass') }, { weight: 2, arbitrary: fc.constantFrom(...mishaps) }),
      delayMs: fc.nat(40),
    }),
    { maxLength: 40 },
  ),
  lagsMs: fc.array(fc.nat(longestLagMs), { minLength: 1, maxLength: 8 }),
});

/** What was ever stored, and by which call: its correlation id. */
interface Commit {
  atMs: number;
  by: string;
  body: string;
  before: CustomerBillingProfile;
  after: CustomerBillingProfile;
}

/** What one call came to. */
interface Ended {
  call: PlannedCall;
  correlationId: string;
  startedAtMs: number;
  endedAtMs: number;
  result?: ProfileResult;
  error?: PartnerError;
}

/** What went wrong, by its name. What a client cannot know is counted apart. */
export type Tally = Record<string, number>;

const contentOf = ({ links: _links, attributes: _attributes, ...content }: CustomerBillingProfile): string =>
  JSON.stringify(content, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  });

const countUp: Change = (draft) => void (draft.companyName = String((Number(draft.companyName) || 0) + 1));

function changeOf({ how, what }: PlannedCall, tag: string, start: CustomerBillingProfile): Change {
  if (how === 'count') return countUp;
  // Sets old values back, which brings an ETag back that is made from the content.
  const from = how === 'restore' ? start : undefined;
  const contact = { firstName: from?.firstName ?? `First ${tag}`, email: from?.email ?? `${tag}@example.com` };
  const place = { city: from?.defaultAddress.city ?? `City ${tag}`, addressLine1: from?.defaultAddress.addressLine1 ?? `Line ${tag}` };
  const members = { ...(what.includes('contact') ? contact : {}), ...(what.includes('place') ? { defaultAddress: place } : {}) };
  if (how !== 'function') return members;
  return (draft) => {
    const { defaultAddress, ...rest } = members;
    Object.assign(draft, rest);
    Object.assign(draft.defaultAddress, defaultAddress);
  };
}

/** The server of a scenario, with a list of what it stores. */
function startServer({ server, lagsMs }: Scenario) {
  const commits: Commit[] = [];
  const history = new Map(customerIds.map((id) => [id, [] as { atMs: number; profile: CustomerBillingProfile }[]]));
  const mock = createMockService({
    behaviour: server === 'mock, as documented' ? { stale: { status: 412 }, requestIdReplay: 'answered-again' } : 'observed',
  });
  const isMock = server.startsWith('mock');
  const etag = server === 'ETag made from the content' ? server.replace('ETag ', '') : 'counted';
  const lagMs = (read: number): number => (server === 'replicas that lag' ? lagsMs[read % lagsMs.length]! : 0);
  const serve = isMock ? mock.fetch : createModelServer({ etag: etag as 'counted', lagMs, customerIds });
  return {
    commits,
    history,
    token: mock.token,
    async fetch(request: Request): Promise<Response> {
      const copy = request.clone();
      const response = await serve(request);
      const states = history.get(customerIn(copy))!;
      if (!response.ok) return response;
      const after = (await response.clone().json()) as CustomerBillingProfile;
      const before = states.at(-1)?.profile;
      // A response that the service repeats for a repeated request id stores nothing.
      const isCommit =
        copy.method === 'PUT' && (!isMock || mock.customers.get(customerIn(copy))!.attributes.etag !== before?.attributes.etag);
      if (isCommit)
        commits.push({ atMs: Date.now(), by: copy.headers.get('MS-CorrelationId')!, body: await copy.text(), before: before!, after });
      if (isCommit || before === undefined) states.push({ atMs: Date.now(), profile: after });
      return response;
    },
  };
}

/** Plays one scenario and judges everything that was ever stored. */
async function play(scenario: Scenario, clock: VirtualClock, tally: Tally): Promise<void> {
  const { calls, plan, retries, deadlineMs } = scenario;
  const server = startServer(scenario);
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', onUnhandled);
  try {
    const direct = createPartnerClient({ token: server.token, fetch: server.fetch });
    const starts = await clock.until(Promise.all(customerIds.map((id) => direct.customers.byId(id).profiles.billing.get())));
    const stateOf = (customerId: string, etag: string) =>
      server.history.get(customerId)!.find(({ profile }) => profile.attributes.etag === etag)?.profile;
    const fetch = chaos(server.fetch, plan, clock, { customerIds, stateOf });
    let random = 0;
    const partners = Array.from({ length: clients }, () =>
      createPartnerClient({
        token: async () => (await clock.sleep(1), server.token),
        fetch,
        retries,
        deadlineMs,
        attemptTimeoutMs: 2_000,
        maxWaitMs: 5_000,
        maxQueueMs,
        random: () => ((random = (random + 0.37) % 1), random),
      }),
    );
    const made = calls.map((call, index) => make(call, index, { partner: partners[call.client]!, start: starts[call.customer]!, clock }));
    const ended = await clock.until(Promise.all(made));
    // Copies that are still on their way arrive too.
    await clock.until(clock.sleep(10_000));
    judge(scenario, ended, starts, server, tally);
    expect(vi.getTimerCount(), 'timers that are left').toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled, 'unhandled rejections').toEqual([]);
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
}

async function make(
  call: PlannedCall,
  index: number,
  { partner, start, clock }: { partner: ReturnType<typeof createPartnerClient>; start: CustomerBillingProfile; clock: VirtualClock },
): Promise<Ended> {
  const correlationId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  await clock.sleep(call.startMs);
  const startedAtMs = Date.now();
  const stop = new AbortController();
  const timer = call.abortMs === undefined ? undefined : setTimeout(() => stop.abort(new Error('the caller gave up')), call.abortMs);
  const options = { correlationId, signal: stop.signal, onConflict: call.onConflict };
  const { billing } = partner.customers.byId(customerIds[call.customer]!).profiles;
  const change = changeOf(call, `call${index}`, start);
  const send = (): Promise<ProfileResult> => {
    if (call.how === 'update') {
      const { defaultAddress, ...members } = change as Exclude<Change, (...args: never[]) => unknown>;
      const written = { ...start, ...members, defaultAddress: { ...start.defaultAddress, ...defaultAddress } };
      return billing.update(written as CustomerBillingProfile, { correlationId, signal: stop.signal }).withResponse();
    }
    const more = call.how === 'base' ? { base: start } : call.how === 'ifMatch' ? { ifMatch: start.attributes.etag } : {};
    return billing.edit(change, { ...options, ...more }).withResponse();
  };
  const ended = await send().then(
    (result) => ({ result }),
    (error: unknown) => ({ error: error as PartnerError }),
  );
  clearTimeout(timer);
  return { call, correlationId, startedAtMs, endedAtMs: Date.now(), ...ended };
}

function changedBy({ before, after }: Pick<Commit, 'before' | 'after'>): string[] {
  const flat = ({
    defaultAddress,
    links: _links,
    attributes: _attributes,
    ...members
  }: CustomerBillingProfile): Record<string, unknown> => ({
    ...members,
    ...defaultAddress,
  });
  const [was, is] = [flat(before), flat(after)];
  return Object.keys({ ...was, ...is }).filter((name) => was[name] !== is[name]);
}

const mayChange = ({ how, what }: PlannedCall, name: string): boolean =>
  how === 'count'
    ? name === 'companyName'
    : (what.includes('contact') && /^(?:firstName|email)$/.test(name)) || (what.includes('place') && /^(?:city|addressLine1)$/.test(name));

/** Compares what each call was told with what was stored. */
function judge(
  { server, plan, deadlineMs }: Scenario,
  ended: Ended[],
  starts: readonly CustomerBillingProfile[],
  { commits, history }: ReturnType<typeof startServer>,
  tally: Tally,
): void {
  const isDuplicated = plan.some(({ mishap }) => mishap === 'the second response');
  // A delayed copy matches again when another writer has set the old content back, and nothing below the client can tell.
  const canComeBack = server === 'ETag made from the content' && plan.some(({ mishap }) => mishap === 'duplicate');
  const apart = isDuplicated ? 'apart, duplicated below the client: ' : canComeBack ? 'apart, an ETag that came back: ' : '';
  const count = (what: string): void => {
    tally[apart + what] = (tally[apart + what] ?? 0) + 1;
    if (apart === '') throw new Error(what);
  };
  for (const { call, correlationId, startedAtMs, endedAtMs, result, error } of ended) {
    const own = commits.filter(({ by }) => by === correlationId);
    if (new Set(own.map(({ body }) => body)).size > 1) count('two different bodies of one call were stored');
    if (call.how !== 'update' && own.some((commit) => changedBy(commit).some((path) => !mayChange(call, path)))) {
      count('a member was changed that the call did not name');
    }
    if (call.how === 'base' && call.onConflict === 'throw') {
      const start = starts[call.customer]!;
      const isOver = own.some(({ before }) => changedBy({ before: start, after: before }).some((path) => mayChange(call, path)));
      if (isOver) count('a member was written over what another writer had changed');
    }
    if (call.how === 'count') {
      const counted = own.every(({ before, after }) => Number(after.companyName) === (Number(before.companyName) || 0) + 1);
      if (!counted) count('a count was lost');
    }
    if (endedAtMs - startedAtMs > deadlineMs + maxQueueMs) count('a call took longer than it may');
    if (result === undefined) {
      if (!isPartnerError(error)) throw error as unknown as Error;
      if (error.outcome !== 'unknown' && own.length > 0) count(`stored, although ${error.outcome}`);
      continue;
    }
    const states = history.get(customerIds[call.customer]!)!;
    const fromMs = startedAtMs - (server === 'replicas that lag' ? longestLagMs : 0);
    const during = states.filter((state, index) => state.atMs <= endedAtMs && (states[index + 1]?.atMs ?? Infinity) >= fromMs);
    if (!during.some(({ profile }) => contentOf(profile) === contentOf(result.profile)))
      count(`${result.result}, but at no moment of the call`);
    if (result.result === 'stored' && own.length === 0) count('stored by none of its requests');
    if (result.result === 'reconciled' && call.how === 'count') count('reconciled, although it counts on');
  }
}

/** Plays many scenarios. A failure names the seed and the path to the smallest scenario that fails. */
export async function playScenarios(numRuns: number, seed: number): Promise<Tally> {
  const tally: Tally = {};
  await fc.assert(
    fc.asyncProperty(scenarios, (scenario) => withVirtualClock((clock) => play(scenario, clock, tally))),
    { numRuns, seed },
  );
  return tally;
}
