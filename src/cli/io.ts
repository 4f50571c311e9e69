/** What a command sees of the world; a test gives its own. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether the output may have colours. */
  color: boolean;
  /** Resolves when the user asks the program to stop. */
  untilStopped(): Promise<void>;
}

/** Wrong arguments or configuration: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
