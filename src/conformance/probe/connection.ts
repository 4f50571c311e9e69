import { readErrorBody } from '../../contract/error-body.ts';
import { retryAfterMs } from '../../contract/retry-after.ts';
import type { RecordedExchange } from '../../suite/result.ts';
import { type ResolvedTarget, TargetError } from '../target.ts';
import { NoResponse, Skip, Stopped, Untestable } from './check-errors.ts';
import { correlationIdOf } from './correlation-id.ts';
import { exchange, type ProbeRequest, type ProbeResponse, type WireExchange } from './exchange.ts';
import { createRedaction, personalTextsOf, redactExchange, type Redaction, scrub } from './redact.ts';

/** How a connection sends. */
export interface ConnectionOptions {
  runId: string;
  newId: () => string;
  /** Milliseconds since 1970. */
  now: () => number;
  sleep: Sleep;
  /** Aborted when the run is to end: checks send nothing more. */
  signal?: AbortSignal | undefined;
  /** How long one response may take. */
  timeoutMs: number;
  /** How many requests checks may send. */
  maxRequests: number;
  /** How long it may wait, in all, for a service that throttles. */
  maxWaitMs: number;
  /** Show what was read from the customer. Tokens are never shown. */
  showBodies: boolean;
  onExchange?: ((exchange: RecordedExchange, topic: string) => void) | undefined;
}

/** Why a run waits: the service says for how long, it throttles and does not say, or a read may lag behind a write. */
export type WaitReason = 'retry-after' | 'throttled' | 'lag';

export type Sleep = (ms: number, why: WaitReason) => Promise<void>;

// No document says what a 429 without Retry-After means.
const defaultWaitMs = 1000;

/** Every request of one run goes through here: ids, token, throttling, the limit of requests, and what must not be shown. */
export class Connection {
  readonly target: ResolvedTarget;
  readonly redaction: Redaction;
  /** How many requests were sent so far. */
  requestCount = 0;
  readonly #options: ConnectionOptions;
  #sleep: Sleep;
  #waitedMs = 0;

  constructor(target: ResolvedTarget, options: ConnectionOptions) {
    this.target = target;
    this.redaction = createRedaction(target.token, options.showBodies);
    this.#options = options;
    this.#sleep = options.sleep;
  }

  /** Does something that depends on nothing else, as putting a profile back: its waits are neither cut short nor counted with the others. */
  async patiently<Result>(patientSleep: Sleep, task: () => Promise<Result>): Promise<Result> {
    const [sleep, waitedMs] = [this.#sleep, this.#waitedMs];
    this.#sleep = patientSleep;
    this.#waitedMs = 0;
    try {
      return await task();
    } finally {
      this.#sleep = sleep;
      this.#waitedMs = waitedMs;
    }
  }

  /** Sends one request as it is. `topic` says what it is for: a requirement, `preflight`, `snapshot` or `restore`. Errors: `NoResponse`. */
  async exchange(topic: string, request: ProbeRequest, record: (made: WireExchange) => void = () => {}): Promise<ProbeResponse> {
    this.requestCount += 1;
    const { runId, newId, timeoutMs, onExchange } = this.#options;
    let made: WireExchange | undefined;
    const context = {
      target: this.target,
      runId,
      correlationId: correlationIdOf(runId, topic),
      newId,
      timeoutMs,
      record: (taken: WireExchange) => record((made = taken)),
    };
    const response = await exchange(context, request).finally(() => made && onExchange?.(redactExchange(made, this.redaction), topic));
    const { invented, personal } = this.redaction;
    if (response.status >= 200 && response.status < 300) for (const text of personalTextsOf(response.json, invented)) personal.add(text);
    return response;
  }

  /**
   * Like `exchange`, but waits after a 429 and ends the run when the token is refused.
   *
   * Shape: with `record` the request is a check's own, and counts against the limit of requests.
   * Errors: `NoResponse`, `Untestable` when the service throttles for too long, `Skip` at the limit, `Stopped` when the run is to end,
   * `TargetError` for a refused token.
   */
  async send(topic: string, request: ProbeRequest, record?: (made: WireExchange) => void): Promise<ProbeResponse> {
    for (;;) {
      if (record !== undefined && this.#options.signal?.aborted) throw new Stopped('The run was stopped.');
      if (record !== undefined && this.requestCount >= this.#options.maxRequests) {
        throw new Skip('the run has sent as many requests as it may');
      }
      const response = await this.exchange(topic, request, record);
      if (response.status === 429 && !request.takesThrottling) {
        await this.#waitAfter(response);
        continue;
      }
      const isOwn = request.token === undefined && request.customerId === undefined;
      if (isOwn && !request.takesRefusal) this.#expectToken(response);
      return response;
    }
  }

  /** Errors: `TargetError` when the target does not respond, or refuses the token. Anything else is for the requirements to say. */
  async greet(): Promise<void> {
    const response = await this.exchange('preflight', { method: 'GET' }).catch((error: unknown) => {
      if (error instanceof NoResponse && error.unreachable) {
        const why = scrub(error.message, this.redaction);
        throw new TargetError(`${this.target.baseUrl} does not respond: ${why}. Check the address and the network.`);
      }
      return undefined;
    });
    if (response !== undefined) this.#expectToken(response);
  }

  /** Whether a server still listens there. */
  async isUp(): Promise<boolean> {
    try {
      await this.exchange('preflight', { method: 'GET' });
      return true;
    } catch (error) {
      return !(error instanceof NoResponse && error.unreachable);
    }
  }

  /** Waits as long as the service asks, and in all no longer than the run may. Errors: `Untestable` when that would take too long. */
  async #waitAfter({ headers }: ProbeResponse): Promise<void> {
    const { now, maxWaitMs } = this.#options;
    const askedMs = retryAfterMs(headers, now());
    const waitMs = askedMs ?? defaultWaitMs;
    if (this.#waitedMs + waitMs > maxWaitMs) {
      const wait = `${Math.ceil(waitMs / 1000)} s`;
      const words = `The service throttles ${askedMs === undefined ? 'and does not say for how long' : `and asks to wait ${wait}`}.`;
      throw new Untestable(`${words} Run again later, or let the run wait longer.`);
    }
    // At least something, so that a service that always says zero comes to an end too.
    this.#waitedMs += Math.max(waitMs, defaultWaitMs);
    await this.#sleep(waitMs, askedMs === undefined ? 'throttled' : 'retry-after');
  }

  #expectToken({ status, json }: ProbeResponse): void {
    if (status !== 401 && status !== 403) return;
    const { code, description } = readErrorBody(json);
    const said = [
      String(status),
      ...(code === undefined ? [] : [`code ${scrub(String(code), this.redaction)}`]),
      ...(description === undefined ? [] : [`"${scrub(description, this.redaction)}"`]),
    ].join(', ');
    const { baseUrl, customerId } = this.target;
    throw new TargetError(`${baseUrl} refuses the token for customer ${customerId}: ${said}. Check the token and the customer id.`);
  }
}
