/** Calls an observer. What it throws, or what its promise is rejected with, is its own concern and changes nothing here. */
export function isolated(observe: () => unknown): void {
  void (async () => observe())().catch(() => {});
}
