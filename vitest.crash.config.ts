import { defineConfig } from 'vitest/config';

// The crash tests: real processes that are killed, for minutes. `npm run test:crash`.
export default defineConfig({
  ssr: { resolve: { conditions: ['quartermaster-source', 'node'] } },
  test: {
    include: ['**/*.crash.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    fileParallelism: false,
    disableConsoleIntercept: true,
    testTimeout: 1_800_000,
  },
});
