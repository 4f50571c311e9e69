import { defineConfig } from 'vitest/config';

// `npm run test:slow` is vitest in mode slow: what takes minutes, and is never needed by `npm test`.
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'slow' ? ['tests/slow/**/*.test.ts'] : ['tests/**/*.test.ts'],
    exclude: mode === 'slow' ? [] : ['tests/slow/**'],
    globalSetup: 'tests/support/build-program.ts',
    setupFiles: 'tests/support/same-ids.ts',
    testTimeout: mode === 'slow' ? 600_000 : 30_000,
    hookTimeout: 30_000,
    // No module of this project has state, so a worker need not load everything anew for each file.
    pool: 'threads',
    isolate: false,
    // Many tests wait for processes and sockets, so that more than a worker per core is not too many.
    maxWorkers: '150%',
  },
}));
