import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

// The client in a real browser. What needs a socket server or MSW's interceptors of Node is left out.
export default defineConfig({
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
});
