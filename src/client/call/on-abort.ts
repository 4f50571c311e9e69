const watched = new WeakMap<AbortSignal, { callbacks: Set<() => void>; callAll: () => void }>();

/**
 * Calls back when a signal is aborted, until the returned function is called. All calls with one signal share one listener: Node warns of
 * a leak from the eleventh on.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const { callbacks, callAll } = watched.get(signal) ?? watch(signal);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size > 0) return;
    watched.delete(signal);
    signal.removeEventListener('abort', callAll);
  };
}

function watch(signal: AbortSignal) {
  const callbacks = new Set<() => void>();
  const entry = { callbacks, callAll: (): void => callbacks.forEach((one) => one()) };
  watched.set(signal, entry);
  signal.addEventListener('abort', entry.callAll);
  return entry;
}
