import type { CallFacts } from '../errors.ts';

/** What happens to one request. It carries no header but the two ids, and nothing of a body. */
export type AttemptEvent = AttemptStep & {
  method: 'GET' | 'PUT';
  path: string;
  /** From one, over all requests of the call. */
  attempt: number;
  requestId: string;
  correlationId: string;
};

export type AttemptStep =
  | { type: 'start' }
  | { type: 'response'; status: number; durationMs: number }
  | { type: 'failure'; reason: string; durationMs: number }
  | { type: 'retry'; delayMs: number };

export type AttemptListener = (event: AttemptEvent) => void;

/** Tells a listener. An error that it throws must not change the call. */
export function tell(listener: AttemptListener | undefined, call: CallFacts, step: AttemptStep): void {
  try {
    const { method, path, requestId, correlationId, attempts } = call;
    listener?.({ ...step, method, path, attempt: attempts, requestId, correlationId });
  } catch {
    // The listener's own concern.
  }
}
