import { defineConfig, type ViteUserConfig } from 'vitest/config';

// `npm test` is the mode that vitest has by default. The other ones take minutes, or need a browser: `npm run test:slow`.
export default defineConfig(({ mode }) => (mode === 'chromium' ? inChromium() : onNode(mode === 'slow')));

function onNode(isSlow: boolean): ViteUserConfig {
  return {
    test: {
      include: isSlow ? ['tests/slow/**/*.test.ts'] : ['tests/**/*.test.ts'],
      exclude: isSlow ? [] : ['tests/slow/**'],
      globalSetup: 'tests/support/build-program.ts',
      setupFiles: ['tests/support/same-ids.ts', 'tests/support/same-output.ts'],
      testTimeout: isSlow ? 600_000 : 30_000,
      hookTimeout: 30_000,
      // No module of this project has state, so a worker need not load everything anew for each file.
      pool: 'threads',
      isolate: false,
      // Many tests wait for processes and sockets, so that more than a worker per core is not too many.
      maxWorkers: '150%',
    },
  };
}

/** The client in a real browser. What needs a socket server or MSW's interceptors of Node is left out. */
async function inChromium(): Promise<ViteUserConfig> {
  const { playwright } = await import('@vitest/browser-playwright');
  return {
    test: {
      include: ['tests/client/**/*.test.ts'],
      exclude: ['tests/client/{connection,msw}.test.ts'],
      setupFiles: ['tests/support/browser-setup.ts'],
      testTimeout: 120_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: { executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
        }),
        instances: [{ browser: 'chromium' }],
      },
    },
  };
}
