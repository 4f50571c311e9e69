/** Thrown by a check: the rule was broken. The message says how, without any value that was read from the customer. */
export class Failure extends Error {
  override name = 'Failure';
  /** The one thing that differs. */
  readonly difference: { expected: string; came: string };

  constructor(message: string, difference: { expected: string; came: string }) {
    super(message);
    this.difference = difference;
  }
}

/** Thrown by a check: something the rule stands on is missing. */
export class Untestable extends Error {
  override name = 'Untestable';
}

/** Thrown by a check: the user did not give what it needs. */
export class Skip extends Error {
  override name = 'Skip';
}

/** No answer, or only a part of one. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
  /** Nobody listens there, as opposed to somebody who hangs up or sends what is not HTTP. */
  readonly unreachable: boolean;

  constructor(message: string, unreachable: boolean) {
    super(message);
    this.unreachable = unreachable;
  }
}

/** The run cannot be made: the target does not answer, refuses the token, or must not be touched now. */
export class TargetError extends Error {
  override name = 'TargetError';
}
