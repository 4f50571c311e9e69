import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // vitest would leave one core free, and many tests wait for a process of their own.
    maxWorkers: '100%',
    // Several files start processes; on a loaded machine each start takes its time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
