/**
 * The caller gave something that cannot be used; the message says what, and nothing was sent.
 *
 * A class of its own, so that a `TypeError` of our own code is told from it: that one is a defect.
 */
export class MisuseError extends TypeError {}
