import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { curatedSources } from './curated-sources.ts';
import { lockOf, parseLock } from './lock.ts';
import { modelsTable } from './models-table.ts';

const folder = new URL('../models/curated/', import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const locks = () => [lock(17), lock(18), lock(19)] as const;

function lock(version: number) {
  return parseLock(textOf(`odoo${version}.lock.json`));
}

describe('the curated types', () => {
  test.each(Object.entries(curatedSources([...locks()])))('%s is what its locks give', (name, source) => {
    expect(textOf(name)).toBe(source);
  });

  test.each([17, 18, 19])('the lock of Odoo %i is in the form that is written today', (version) => {
    expect(textOf(`odoo${version}.lock.json`)).toBe(lockOf(lock(version)));
  });

  test('the table of models and versions is what the locks give', () => {
    expect(readFileSync(new URL('../../../../docs/odoo-models.md', import.meta.url), 'utf8')).toBe(modelsTable([...locks()]));
  });
});
