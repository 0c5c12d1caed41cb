import { RowIssue, type RowReader } from '../client/client.ts';
import { decimalOf } from './decimal.ts';
import type { FieldType, ModelField } from './field.ts';

/**
 * Reads the rows of these fields, each value in our form, in place: a schema would copy every row, and 20,000 of them would cost more than fetching and parsing them does. Unknown
 * selection values are kept.
 */
export function rowReader(fields: readonly (readonly [name: string, field: ModelField])[]): RowReader<Record<string, unknown>> {
  const columns = fields.map(([name, field]) => ({ name, read: readerOf(field) }));

  function readRow(row: unknown, index: number): Record<string, unknown> {
    if (!isRow(row) || !Number.isSafeInteger(row['id'])) throw new RowIssue([index, 'id'], 'is no id');
    for (const { name, read } of columns) {
      const given = row[name];
      const value = read(given);
      if (value === undefined) throw new RowIssue([index, name], `is no ${fields.find(([each]) => each === name)?.[1].type}`);
      if (value !== given) row[name] = value;
    }
    return row;
  }

  return { rows: (rows) => rows.map(readRow) };
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Gives the value in our form; undefined, which JSON cannot be, for one that is no such thing. */
type Read = (value: unknown) => unknown;

/** Reads a value of a field. */
export function readerOf({ type, required }: ModelField): Read {
  const filled = readers[type];
  return required === true || neverEmpty.has(type) ? filled : (value) => (value === false ? null : filled(value));
}

/** Types whose nothing is a value like others: 0, false, no records. */
const neverEmpty: ReadonlySet<FieldType> = new Set([
  'integer',
  'float',
  'monetary',
  'boolean',
  'one2many',
  'many2many',
  'many2one_reference',
  'json',
  'properties',
]);

const text: Read = (value) => (typeof value === 'string' ? value : undefined);
const number: Read = (value) => (typeof value === 'number' ? value : undefined);
const id: Read = (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined);
const ids: Read = (value) => (Array.isArray(value) && value.every(Number.isSafeInteger) ? value : undefined);
const whatever: Read = (value) => (value === undefined ? undefined : value);

const readers: Readonly<Record<FieldType, Read>> = {
  integer: number,
  float: number,
  monetary: (value) => (typeof value === 'number' ? decimalOf(value) : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  many2one: id,
  // The id of a record of any model; false where there is none.
  many2one_reference: (value) => (value === false ? 0 : id(value)),
  one2many: ids,
  many2many: ids,
  datetime: (value) => (typeof value === 'string' && odooTimePattern.test(value) ? `${value.replace(' ', 'T')}.000Z` : undefined),
  json: whatever,
  properties: whatever,
  char: text,
  text,
  html: text,
  date: text,
  selection: text,
  reference: text,
  binary: text,
};

const odooTimePattern = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
