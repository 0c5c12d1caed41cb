import type { ConnectorFault } from '@quartermaster/domain';
import type { Loaded, OdooClient } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';

/** Rows of an import: `load(fields, rows)`. */
export type Table = { readonly fields: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** The cells of a record by field path; empty text empties the field. */
export type Cells = Readonly<Record<string, string>>;

/** A table of records that all have the same fields. */
export function tableOf(records: readonly Cells[]): Table {
  return { fields: Object.keys(records[0] ?? {}), rows: records.map((record) => Object.values(record)) };
}

/** A record with the nested ones below it. */
export type Nested = { readonly record: Cells; readonly nested: readonly Cells[] };

/** A table of one record with nested ones: the record's own cells stand in the first row, below them they are empty. */
export function nestedTable(record: Cells, nested: readonly Cells[]): Table {
  return nestedTables([{ record, nested }]);
}

/** The same of several records that all have the same fields; one begins at every row with cells of its own. */
export function nestedTables(records: readonly Nested[]): Table {
  const fields = Object.keys(records[0]?.record ?? {});
  const below = Object.keys(records.find(({ nested }) => nested.length > 0)?.nested[0] ?? {});
  const empty = (names: readonly string[]) => names.map(() => '');
  const rows = records.flatMap(({ record, nested }) => {
    const own = Object.values(record);
    if (nested.length === 0) return [[...own, ...empty(below)]];
    return nested.map((cells, index) => [...(index === 0 ? own : empty(fields)), ...Object.values(cells)]);
  });
  return { fields: [...fields, ...below], rows };
}

/** The ids of an import. Throws what its messages mean. */
export function written(loaded: Loaded, operation: string): readonly number[] {
  if (loaded.kind === 'loaded') return loaded.ids;
  throw importFault(loaded, operation);
}

/** What a failed import means: a lost race may be repeated, anything else is refused as it is. */
export function importFault(loaded: Extract<Loaded, { kind: 'failed' }>, operation: string): ConnectorFault {
  if (loaded.race) return odooFault('conflict', operation, 'another change was faster, this one was undone', { retry: { kind: 'safely' } });
  const [first] = loaded.messages;
  const field = first?.field == null ? '' : ` (${first.field})`;
  return odooFault('refused', operation, `Odoo imports nothing of it: ${first?.text ?? 'it gives no reason'}${field}`, {
    advice: 'Correct the record in Odoo or the request, then try again.',
  });
}

/** Imports a table that may be imported twice, and gives the ids of its records. */
export async function importTable(client: OdooClient, model: string, table: Table): Promise<readonly number[]> {
  if (table.rows.length === 0) return [];
  return written(await client.load(model, table.fields, table.rows, 'always'), `${model}.load`);
}

/** The first id of an import of one record or more. Throws `malformed-reply` when there is none: something may have been written all the same. */
export function firstId(ids: readonly number[], operation: string): number {
  const [first] = ids;
  if (first !== undefined) return first;
  throw odooFault('malformed-reply', operation, 'the import names no record', { outcome: 'unknown', retry: { kind: 'safely' } });
}
