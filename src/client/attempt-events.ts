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
  | { type: 'answer'; status: number; durationMs: number }
  | { type: 'failure'; reason: string; durationMs: number }
  | { type: 'retry'; delayMs: number };
