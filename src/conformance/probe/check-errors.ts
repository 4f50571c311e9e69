/** Thrown by a check: the rule was broken. The message says how, without any value that was read from the customer. */
export class Failure extends Error {
  override name = 'Failure';
  /** The one thing that differs. */
  readonly difference: { expected: string; actual: string };

  constructor(message: string, difference: { expected: string; actual: string }) {
    super(message);
    this.difference = difference;
  }
}

/** Thrown by a check: something that the rule needs is missing. */
export class Untestable extends Error {
  override name = 'Untestable';
}

/** Thrown by a check: the user did not give what it needs. */
export class Skip extends Error {
  override name = 'Skip';
}

/** Thrown in a check when the run is to end. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/** No response, or only a part of one. */
export class NoResponse extends Error {
  override name = 'NoResponse';
  /** No server listens there; false for one that hangs up or sends what is not HTTP. */
  readonly unreachable: boolean;

  constructor(message: string, unreachable: boolean) {
    super(message);
    this.unreachable = unreachable;
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
