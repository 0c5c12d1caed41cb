import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/order-desk.md'), 'utf8');

/** Test titles of the page: what stands in backticks in the last cell of a row. */
function titlesOf(text: string): string[] {
  return text.split('\n').flatMap((row) => {
    const cells = row.split('|');
    const said = row.startsWith('|') ? (cells[3] ?? '') : '';
    return [...said.matchAll(/`([^`]+)`/g)].map(([, title = '']) => title);
  });
}

test('what docs/order-desk.md says of the order desk is said by a test of that very title', () => {
  const files = globSync(['packages/**/src/**/*.test.ts', 'apps/**/src/**/*.test.ts'], { cwd: root });
  const tests = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  const titles = titlesOf(page);
  expect(titles.length).toBeGreaterThan(60);
  expect(titles.filter((title) => !["'", '"', '`'].some((quote) => tests.includes(`(${quote}${title}${quote}`)))).toEqual([]);
});
