import { describe, expect, test, vi } from 'vitest';
import { type AttemptEvent, CancelledError, createPartnerClient, ThrottledError } from '../../src/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { observedFetch } from '../support/observed-fetch.ts';
import { customerId, failed, nowMs, ok, otherCustomerId, profile, scriptedClient, throttled } from '../support/scripted-client.ts';
import { withVirtualClock } from '../support/virtual-clock.ts';

describe('the rate limiter', () => {
  test('one 429 holds back every call of the client, until Retry-After has passed', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'], now: nowMs });
    try {
      const sentAtMs: number[] = [];
      const fetch = async () => {
        sentAtMs.push(Date.now() - nowMs);
        return sentAtMs.length === 1 ? throttled('5')() : ok();
      };
      let onWait = (): void => {};
      const waits = new Promise<void>((resolve) => (onWait = resolve));
      const onAttempt = ({ type }: AttemptEvent): void => void (type === 'retry' && onWait());
      const partner = createPartnerClient({ token: 't', fetch, onAttempt });
      const calls = [partner.customers.byId(customerId).profiles.billing.get()];
      await waits;
      for (let index = 0; index < 6; index += 1) calls.push(partner.customers.byId(otherCustomerId).profiles.billing.get());
      await vi.advanceTimersByTimeAsync(4900);
      expect(sentAtMs).toEqual([0]);
      await vi.advanceTimersByTimeAsync(5000);
      await Promise.all(calls);
      expect(sentAtMs).toHaveLength(8);
      expect(sentAtMs.slice(1).every((ms) => ms >= 5000)).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  test('lets go step by step: one request, then two at a time, then four', async () => {
    const open: ((response: Response) => void)[] = [];
    const { fetch } = observedFetch(() => new Promise<Response>((resolve) => open.push(resolve)));
    const { billing } = createPartnerClient({ token: 't', fetch, sleep: () => Promise.resolve() }).customers.byId(customerId).profiles;
    // They come when they come, and what goes on without time must bring no more.
    const expectOpen = async (count: number): Promise<void> => {
      await vi.waitFor(() => expect(open.length).toBeGreaterThanOrEqual(count), { interval: 1 });
      await new Promise((resolve) => setImmediate(resolve));
      expect(open).toHaveLength(count);
    };
    const first = billing.get({ retries: 0 }).catch((error: unknown) => error);
    await expectOpen(1);
    open.pop()!(throttled('0')());
    expect(await first).toBeInstanceOf(ThrottledError);

    const calls = Promise.all(Array.from({ length: 8 }, () => billing.get()));
    for (const width of [1, 2, 4]) {
      await expectOpen(width);
      open.shift()!(ok());
    }
    // Of eight, three are answered.
    await expectOpen(5);
    for (const answer of open) answer(ok());
    await calls;
  });

  test('lets the next one in when the one before got no answer', async () => {
    const { billing } = scriptedClient([throttled('0'), failed, ok], { retries: 0 });
    await expect(billing.get()).rejects.toBeInstanceOf(ThrottledError);
    const [before, next] = await Promise.allSettled([billing.get(), billing.get()]);
    expect([before.status, next.status]).toEqual(['rejected', 'fulfilled']);
  });

  test('throttles for the longest time that was asked for', async () => {
    const { billing, waits } = scriptedClient([throttled('10'), throttled('1'), ok], { retries: 0 });
    await Promise.allSettled([billing.get(), billing.get()]);
    await billing.get();
    expect(waits).toEqual([10_000]);
  });

  test('is waited for as long as the call may, and no longer', async () => {
    for (const [maxWaitMs, count] of [[60_000, 2], [59_999, 1]] as const) {
      const { billing, requests } = scriptedClient([throttled('60'), ok], { retries: 0, maxWaitMs });
      await expect(billing.get()).rejects.toBeInstanceOf(ThrottledError);
      await billing.get().catch(() => {});
      expect(requests).toHaveLength(count);
    }
  }); // prettier-ignore

  test('a call that would have to wait too long is not sent, and says so', async () => {
    const { billing, requests } = scriptedClient([throttled('30')], { maxWaitMs: 20_000 });
    await expect(billing.get()).rejects.toBeInstanceOf(ThrottledError);
    const error = (await billing.update(profile).catch((thrown: unknown) => thrown)) as ThrottledError;
    expect(error).toMatchObject({ name: 'ThrottledError', outcome: 'not-sent', attempts: 0, retryAfterSeconds: 30 });
    expect(requests).toHaveLength(1);
  });

  test('lets one request try after a minute, however long the service asks for', async () => {
    const { billing, waits } = scriptedClient([throttled('99999999999'), ok]);
    await expect(billing.get()).rejects.toMatchObject({ name: 'ThrottledError', retryAfterSeconds: 3600 });
    expect((await billing.get()).id).toBe(profile.id);
    expect(waits).toEqual([60_000]);
  });

  test('does not count its own pace against the deadline: 200 edits at 100 requests a minute all succeed', async () => {
    await withVirtualClock(async ({ until, sleep }) => {
      const mock = createMockService();
      const options = { token: mock.token, fetch: mock.fetch, sleep, maxRequestsPerMinute: 100 };
      const { billing } = createPartnerClient(options).customers.byId(customerId).profiles;
      const edits = Array.from({ length: 200 }, () => billing.edit((draft) => void (draft.firstName = 'Same')));
      const results = await until(Promise.allSettled(edits));
      expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    });
  });

  test('has a limit of its own for that, with a message that says what was waited for', async () => {
    await withVirtualClock(async ({ until, sleep }) => {
      const { fetch } = observedFetch(ok);
      const options = { token: 't', fetch, sleep, maxRequestsPerMinute: 1, maxQueueMs: 90_000 };
      const { billing } = createPartnerClient(options).customers.byId(customerId).profiles;
      const results = await until(Promise.allSettled([billing.get(), billing.get(), billing.get()]));
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
      const { reason } = results[2] as { reason: CancelledError };
      expect(reason).toBeInstanceOf(CancelledError);
      expect(reason.message).toContain("it waited 90000 ms (maxQueueMs) for its turn in the client's own rate limit");
      expect(reason).toMatchObject({ attempts: 0, cause: { name: 'TimeoutError' } });
    });
  });

  test('lets go on a clock that stands still, and to a sleep that takes no time', async () => {
    const { billing, requests } = scriptedClient([throttled('5'), throttled('1'), ok], { now: () => nowMs, sleep: async () => {} });
    await Promise.all(Array.from({ length: 5 }, () => billing.get()));
    expect(requests).toHaveLength(7);
  });

  test('is not held up by calls that were ended before they went', async () => {
    const { billing, waits } = scriptedClient([throttled('1'), ok]);
    for (let count = 0; count < 3; count += 1) await expect(billing.get({ signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    await billing.get();
    expect(waits).toEqual([1000]);
  });

  test('waits a second when the service does not say how long', async () => {
    const { billing, waits } = scriptedClient([throttled(), ok]);
    await billing.get();
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(1000);
  });

  test('maxRequestsPerMinute is kept', async () => {
    const { billing, waits } = scriptedClient([ok], { maxRequestsPerMinute: 2 });
    for (let count = 0; count < 5; count += 1) await billing.get();
    expect(waits).toEqual([60_000, 60_000]);
    expect(() => scriptedClient([ok], { maxRequestsPerMinute: 0 })).toThrow(TypeError);
  });
});
