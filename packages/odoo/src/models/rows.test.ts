import { expect, test } from 'vitest';
import type { FieldType } from './field.ts';
import { rowReader } from './rows.ts';

const read = (type: FieldType, value: unknown, required = false): unknown =>
  rowReader([['x', { type, ...(required ? { required } : {}) }]]).rows([{ id: 1, x: value }])[0]?.['x'];

test.each<[FieldType, unknown, unknown]>([
  ['char', 'Jo', 'Jo'],
  ['char', '', ''],
  ['char', false, null],
  ['many2one', 7, 7],
  ['many2one', false, null],
  ['many2one_reference', false, 0],
  ['integer', 0, 0],
  ['boolean', false, false],
  ['one2many', [], []],
  ['many2many', [3, 1], [3, 1]],
  ['monetary', 12.3, '12.3'],
  ['monetary', 1e21, '1000000000000000000000'],
  ['monetary', 1e-7, '0.0000001'],
  ['datetime', '2026-11-21 19:23:18', '2026-11-21T19:23:18.000Z'],
  ['datetime', false, null],
  ['date', '2026-11-21', '2026-11-21'],
  ['selection', 'a value that a module added', 'a value that a module added'],
  ['json', { a: false }, { a: false }],
])('a %s that Odoo sends as %j is %j', (type, sent, seen) => {
  expect(read(type, sent)).toEqual(seen);
});

test.each<[FieldType, unknown]>([
  ['char', 7],
  ['char', undefined],
  ['integer', false],
  ['float', '1'],
  ['boolean', 0],
  ['many2one', [7, 'Jo']],
  ['many2one', 1.5],
  ['many2many', [1, '2']],
  ['monetary', '12.30'],
  ['datetime', '2026-11-21T19:23:18Z'],
  ['json', undefined],
])('a %s is not %j, and the error names the place and not the value', (type, sent) => {
  expect(() => read(type, sent)).toThrow(expect.objectContaining({ name: 'RowIssue', path: [0, 'x'], message: `is no ${type}` }));
});

test('a required field is never nothing', () => {
  expect(() => read('many2one', false, true)).toThrow('is no many2one');
});

test.each([[null], [7], [{ x: 1 }], [{ id: false, x: 1 }]])('%j is no row', (row) => {
  expect(() => rowReader([['x', { type: 'integer' }]]).rows([row])).toThrow('is no id');
});
