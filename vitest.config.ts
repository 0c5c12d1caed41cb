import { defineConfig } from 'vitest/config';

// Packages are tested from their sources: the export condition below is the one that every package.json declares.
export default defineConfig({
  ssr: { resolve: { conditions: ['quartermaster-source', 'node'] } },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: ['./tools/fixed-seed.ts'],
    testTimeout: 30_000,
  },
});
