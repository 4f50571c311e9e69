/**
 * Does work that may take a limited time, and ends it early when `stop` is aborted.
 *
 * Errors: those of the work; a `TimeoutError`; the reason of `stop`. Work that ignores its signal is left behind.
 */
export async function withTimeLimit<T>(
  limitMs: number,
  stop: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onStop = (): void => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      const end = (reason: unknown): void => {
        reject(reason as Error);
        over.abort(reason);
      };
      timer = setTimeout(() => end(timeoutError(`no complete answer within ${limitMs} ms`)), limitMs);
      onStop = () => end(stop!.reason);
      stop?.addEventListener('abort', onStop);
      if (stop?.aborted) onStop();
      work(over.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
  }
}

export const timeoutError = (words: string): Error => new DOMException(words, 'TimeoutError');

/** Why something failed. `fetch` says no more than "fetch failed"; what failed stands in its cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ((error.cause as Error | undefined)?.message || error.message).replace(/\.$/, '');
}
