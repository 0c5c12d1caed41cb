import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { operationSafety } from './operations/odoo-operations.ts';

// What the pages of docs/odoo list is compared with the code; what they show is run by tools/docs.test.ts.

const folder = join(import.meta.dirname, '../../../docs/odoo');
const pages = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

test('the pages list every operation once, with the safety that the code declares', () => {
  const listed = pages.flatMap((text) =>
    [...text.matchAll(/^\| `(\w+\.\w+)` \| ([\w-]+) \|/gm)].map(([, name = '', safety = '']) => `${name}: ${safety}`),
  );
  const declared = Object.entries(operationSafety).map(([name, safety]) => `${name}: ${safety}`);
  expect(listed.toSorted()).toEqual(declared.toSorted());
});
