import * as fc from 'fast-check';
import { expect } from 'vitest';
import {
  createPartnerClient,
  type CustomerBillingProfile,
  isPartnerError,
  type ProfileChange,
  type ProfileDraft,
} from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { chaos, mishaps, type Step } from '../support/chaos.ts';
import { type VirtualClock, withVirtualClock } from '../support/virtual-clock.ts';

/** One edit of one client. All of its values carry its tag. */
interface PlannedEdit {
  client: number;
  customer: number;
  startMs: number;
  what: 'place' | 'contact' | 'company' | 'place and company';
  by: 'partial' | 'function';
  onConflict: 'throw' | 'rerun';
}

interface Scenario {
  behaviour: 'observed' | 'documented';
  retries: number;
  deadlineMs: number;
  edits: PlannedEdit[];
  plan: Step[];
}

const clients = 3;

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  behaviour: fc.constantFrom('observed', 'documented'),
  // Few retries and little time, so that calls also end without an answer.
  retries: fc.nat(3),
  deadlineMs: fc.constantFrom(300, 3_000, 20_000),
  edits: fc.array(
    fc.record({
      client: fc.nat(clients - 1),
      customer: fc.nat(1),
      startMs: fc.nat(60),
      what: fc.constantFrom('place', 'contact', 'company', 'place and company'),
      by: fc.constantFrom('partial', 'function'),
      onConflict: fc.constantFrom('throw', 'rerun'),
    }),
    { minLength: 2, maxLength: 7 },
  ),
  plan: fc.array(
    fc.record({
      mishap: fc.oneof({ weight: 2, arbitrary: fc.constant('pass' as const) }, fc.constantFrom(...mishaps)),
      delayMs: fc.nat(40),
    }),
    {
      maxLength: 40,
    },
  ),
});

const places = (tag: string) => ({ city: `City ${tag}`, postalCode: `98052`, addressLine1: `Line ${tag}`, addressLine2: `Second ${tag}` });
const contacts = (tag: string) => ({ firstName: `First ${tag}`, lastName: `Last ${tag}`, email: `${tag}@example.com` });

function changeOf({ what }: PlannedEdit, tag: string): ProfileChange {
  return {
    ...(what === 'contact' ? contacts(tag) : {}),
    ...(what.includes('company') ? { companyName: `Company ${tag}` } : {}),
    ...(what.includes('place') ? { defaultAddress: places(tag) } : {}),
  };
}

/** The tags that stand in each place that is written together. */
function tagsOf(profile: CustomerBillingProfile): Record<'place' | 'contact' | 'company', string> {
  const tag = (text: string | undefined): string => /edit\d+/.exec(text ?? '')?.[0] ?? 'start';
  const { defaultAddress: address } = profile;
  const unit = (...texts: (string | undefined)[]): string => [...new Set(texts.map(tag))].join('+');
  return {
    place: unit(address.city, address.addressLine1, address.addressLine2),
    contact: unit(profile.firstName, profile.lastName, profile.email),
    company: unit(profile.companyName),
  };
}

/** Plays one scenario and looks at everything that was ever stored. */
async function play({ behaviour, retries, deadlineMs, edits, plan }: Scenario, clock: VirtualClock): Promise<void> {
  // Without the address rules, so that every tag is a legal city.
  const mock = createMockService({
    behaviour: behaviour === 'documented' ? { stale: { status: 412 }, requestIdReplay: 'answered-again' } : 'observed',
  });
  const customerIds = mock.customers.ids().slice(0, 2);
  const history = customerIds.map((id) => [mock.customers.get(id)!]);
  const fetch = chaos(
    async (request) => {
      const answer = await mock.fetch(request);
      for (const [index, id] of customerIds.entries()) {
        const stored = mock.customers.get(id)!;
        if (stored.attributes.etag !== history[index]!.at(-1)!.attributes.etag) history[index]!.push(stored);
      }
      return answer;
    },
    plan,
    clock,
  );
  let random = 0;
  const partners = Array.from({ length: clients }, () =>
    createPartnerClient({
      token: mock.token,
      fetch,
      retries,
      deadlineMs,
      attemptTimeoutMs: 2_000,
      maxWaitMs: 5_000,
      random: () => ((random = (random + 0.37) % 1), random),
    }),
  );

  const made = edits.map(async (edit, index) => {
    const tag = `edit${index}`;
    await clock.sleep(edit.startMs);
    const startedAtMs = Date.now();
    const billing = partners[edit.client]!.customers.byId(customerIds[edit.customer]!).profiles.billing;
    const change = changeOf(edit, tag);
    const apply = (draft: ProfileDraft): void => {
      const { defaultAddress, ...members } = change;
      Object.assign(draft, members);
      Object.assign(draft.defaultAddress, defaultAddress);
    };
    const outcome = await billing
      .edit(edit.by === 'function' ? apply : change, { onConflict: edit.onConflict })
      .withResponse()
      .then(
        ({ result }) => ({ accepted: result as string }),
        (error: unknown) => ({ error }),
      );
    return { edit, tag, outcome, tookMs: Date.now() - startedAtMs };
  });
  const results = await clock.until(Promise.all(made));
  // Copies that are still on their way arrive too.
  await clock.until(clock.sleep(10_000));

  const tagsByCustomer = history.map((states) => states.map(tagsOf));
  for (const states of tagsByCustomer) {
    const seen = new Map<string, number>();
    for (const [index, tags] of states.entries()) {
      for (const unit of Object.values(tags)) expect(unit, 'no unit is a mix of two writers').toMatch(/^(start|edit\d+)$/);
      const before = states[index - 1];
      if (before === undefined) continue;
      const changed = (Object.keys(tags) as (keyof typeof tags)[]).filter((unit) => tags[unit] !== before[unit]);
      const writers = new Set(changed.map((unit) => tags[unit]));
      expect(writers.size, 'a write changes what its writer changed, and nothing else').toBeLessThanOrEqual(1);
      for (const writer of writers) {
        expect(writer, 'nothing is set back').not.toBe('start');
        const { what } = edits[Number(writer.slice(4))]!;
        expect(changed.toSorted()).toEqual(what.split(' and ').toSorted());
        seen.set(writer, (seen.get(writer) ?? 0) + 1);
      }
    }
    for (const [writer, times] of seen) expect(times, `${writer} is applied once`).toBe(1);
  }
  for (const { edit, tag, outcome, tookMs } of results) {
    expect(tookMs, 'ends within its deadline').toBeLessThanOrEqual(deadlineMs);
    const isStored = tagsByCustomer[edit.customer]!.some((tags) => Object.values(tags).includes(tag));
    if ('accepted' in outcome) {
      expect(isStored, `${tag} was accepted (${outcome.accepted}) and is stored`).toBe(true);
      continue;
    }
    expect(isPartnerError(outcome.error), String(outcome.error)).toBe(true);
    const { outcome: fate } = outcome.error as { outcome?: string };
    expect(['not-sent', 'refused', 'unknown']).toContain(fate);
    if (fate !== 'unknown') expect(isStored, `${tag} was ${fate} and is not stored: ${String(outcome.error)}`).toBe(false);
  }
}

/** Plays many scenarios. A failure names the seed and the path to the smallest scenario that fails. */
export async function playScenarios(numRuns: number, seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(scenarios, (scenario) => withVirtualClock((clock) => play(scenario, clock))),
    { numRuns, seed },
  );
}
