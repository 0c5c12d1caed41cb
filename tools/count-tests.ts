import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** Adds up the summaries that vitest printed ("Tests  2 failed | 40 passed | 1 skipped (43)") and prints the one line that CI counts. Fails when no test ran. */
const path = process.argv[2];
if (path === undefined) throw new Error('usage: count-tests.ts LOG');

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const line of stripVTControlCharacters(readFileSync(path, 'utf8')).split('\n')) {
  const summary = /\bTests {2}(.*)\(\d+\)/.exec(line)?.[1];
  if (summary === undefined) continue;
  counts.passed += Number(/(\d+) passed/.exec(summary)?.[1] ?? 0);
  counts.failed += Number(/(\d+) failed/.exec(summary)?.[1] ?? 0);
  counts.skipped += Number(/(\d+) skipped/.exec(summary)?.[1] ?? 0);
}
process.stdout.write(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
if (counts.passed === 0 || counts.failed > 0) process.exitCode = 1;
