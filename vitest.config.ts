import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Packages are tested from their sources: the export condition below is the one that every package.json declares.
export default defineConfig({
  ssr: { resolve: { conditions: ['quartermaster-source', 'node'] } },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: ['./tools/fixed-seed.ts'],
    // Ends what hangs, and nothing else: replicas of a whole day take 15 s alone, and several times that beside three other tests.
    testTimeout: 120_000,
    // Two packages are tested at a time (`nx.json`); at the end a large one is left alone, and on two cores must not leave one of them idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
