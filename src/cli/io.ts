/** The world around the program, as `main.ts` gives it; a test gives its own. */
export interface World {
  out(text: string): void;
  err(text: string): void;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether the output may have colours. */
  color: boolean;
  /** How many characters a line of the terminal has; absent when that is not known. */
  columns?: number;
  /** Writes over the last line, or clears it; absent when the output is not a terminal that can do so. */
  progress?: ((text: string) => void) | undefined;
  /** Waits between requests of a run or a restoration. Default: a timer. */
  sleep?(ms: number): Promise<void>;
  /** Milliseconds since 1970: whether a known deviation has expired. Default: `Date.now`. */
  now?(): number;
  /** Aborted when the user asks the program to stop. A second time ends it at once, with these words as the last ones. */
  stopSignal(lastWords?: () => string): AbortSignal;
  /** Writes to the terminal of the user, wherever the output goes; false when there is none. For what must be in no file. */
  terminal?(text: string): boolean;
  /** Takes what is told of an error that no code has caught. */
  onDefect?(listener: (error: unknown) => void): void;
}

/** What a command sees: the world behind the sink (`sink.ts`), which every word passes. */
export interface Io extends World {
  /** From now on this text, such as a token, is shown nowhere. */
  hide(secret: string): void;
  /** A text as it may be shown, for what is written to a file. */
  clean(text: string): string;
}

/** Resolves when the signal is aborted, or has been. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

/** The service returned something that no write can be made of: exit code 6. */
export class UnusableProfile extends Error {
  override name = 'UnusableProfile';
}

/** Wrong arguments or configuration: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What the codes of the system mean. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

/** Why the system refuses something, in words where it gives a code that is known. */
export const systemReason = ({ code, message }: NodeJS.ErrnoException): string =>
  [code ?? message, reasons[code ?? '']].filter((part) => part !== undefined).join(', ');

/** For the `catch` of a file that the user named: a `UsageError` that says what cannot be done, and why the system refuses it. */
export const asUsageError =
  (problem: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new UsageError(`${problem}: ${systemReason(error)}.`);
  };
