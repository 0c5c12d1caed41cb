import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { journalErrorCodes } from './journal-error.ts';

test('the README tells for every error code what to do, and knows no other codes', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, table = ''] = /code +\| what to do +\|\n(.*?)\n\n/s.exec(readme) ?? [];
  const codes = table.split('\n').flatMap((row) => Array.from((row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g), ([, code]) => code));
  expect(new Set(codes)).toEqual(new Set<string | undefined>(journalErrorCodes));
});
