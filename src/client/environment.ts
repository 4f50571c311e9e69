// What engines say of a program that is wrong, rather than of a network that fails: V8, JavaScriptCore, SpiderMonkey.
const programError =
  /is not (?:a |an )?(?:function|constructor|defined|iterable|object)|cannot (?:read|set|access|destructure)|undefined|bad port/i;

/**
 * Whether `fetch` failed for a reason that no other attempt can change: a global that the environment lacks, a `fetch` with a defect, or a
 * port that `fetch` refuses. Everything that is not known to be one counts as the network's.
 */
export function isDefect(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'ReferenceError') return true;
  const { cause, message } = error as { cause?: { message?: unknown }; message: string };
  return error.name === 'TypeError' && !('code' in Object(cause)) && programError.test(String(cause?.message ?? message));
}
