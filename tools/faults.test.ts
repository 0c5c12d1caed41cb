import { faultCodes } from '@quartermaster/domain';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../docs/faults.md'), 'utf8');
const sections = page.split(/^## /m).slice(1);
const documented = sections.map((section) => /^`([^`]+)`$/m.exec(section)?.[1]);

test('the page on faults names every code and no other, in the order of the list', () => {
  expect(documented).toEqual([...faultCodes]);
});

test.each(sections.map((section, index) => [documented[index], section]))(
  'the page says of %s all that a person needs',
  (_code, section) => {
    const answers = [...section.matchAll(/^- \*\*(.+?)\*\* (\S.{2,})$/gm)].map((match) => match[1]);
    expect(answers).toEqual(['What it means:', 'May the work have been done?', 'What Quartermaster does:', 'What you do:']);
  },
);
