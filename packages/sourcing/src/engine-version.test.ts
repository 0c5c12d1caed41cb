import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { engineVersion } from './engine-version.ts';

test('the optimizer calls itself by the version of its package', () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(manifest).toMatchObject({ version: engineVersion });
});
