import { PythonError } from './errors.ts';
import type { Field, Model } from './field.ts';

/** A value of a field: `false` is Odoo's empty one, a relation to many is a list of ids. */
export type Value = string | number | boolean | readonly number[];
export type Values = Readonly<Record<string, Value>>;
export type Row = Values & { readonly id: number };

type Table = {
  readonly model: Model;
  readonly rows: Map<number, Row>;
  readonly indexes: ReadonlyMap<string, Map<Value, Set<number>>>;
  nextId: number;
};

/**
 * Tables in memory with indexes, external ids and transactions. Rows are never changed but replaced, so undoing is putting the old ones back. As in PostgreSQL, ids and sequences
 * that a failed transaction used stay used.
 */
export type Database = {
  readonly schema: Readonly<Record<string, Model>>;
  field(model: string, name: string): Field | undefined;
  get(model: string, id: number): Row | undefined;
  all(model: string): IterableIterator<Row>;
  /** Ids of the rows whose indexed field has this value, in ascending order; undefined when the field has no index. */
  lookUp(model: string, field: string, value: Value): readonly number[] | undefined;
  insert(model: string, values: Values): Row;
  update(model: string, id: number, changes: Values): Row;
  remove(model: string, id: number): void;
  next(sequence: string): number;
  /** `noupdate`: an import in the mode `update` leaves the record as it is. */
  nameRecord(externalId: string, model: string, id: number, noupdate?: boolean): void;
  recordOf(externalId: string): { readonly model: string; readonly id: number; readonly noupdate: boolean } | undefined;
  externalIdsOf(model: string, id: number): readonly string[];
  /** Runs a change as a whole: when it throws, nothing of it is left. */
  atomically<T>(change: () => T): T;
};

export function database(schema: Readonly<Record<string, Model>>, now: () => string): Database {
  const tables = new Map(Object.entries(schema).map(([name, model]) => [name, emptyTable(model)]));
  const sequences = new Map<string, number>();
  let undoLog: (() => void)[] = [];
  let depth = 0;

  function tableOf(model: string): Table {
    const table = tables.get(model);
    if (table === undefined) throw new PythonError('builtins.KeyError', model);
    return table;
  }

  function put(table: Table, id: number, row: Row | undefined): void {
    const before = table.rows.get(id);
    for (const [field, index] of table.indexes) {
      // A field that was never set is empty, and found as such.
      const old = before && (before[field] ?? false);
      const fresh = row && (row[field] ?? false);
      if (old === fresh) continue;
      if (old !== undefined) index.get(old)?.delete(id);
      if (fresh === undefined) continue;
      const ids = index.get(fresh);
      if (ids === undefined) index.set(fresh, new Set([id]));
      else ids.add(id);
    }
    if (row === undefined) table.rows.delete(id);
    else table.rows.set(id, row);
  }

  function change(table: Table, id: number, row: Row | undefined): void {
    const before = table.rows.get(id);
    remember(() => put(table, id, before));
    put(table, id, row);
  }

  function remember(undo: () => void): void {
    if (depth > 0) undoLog.push(undo);
  }

  /** Rows of the table of external ids that name a record. */
  function namesOf(model: string, id: number): Row[] {
    const table = tableOf(externalIds);
    const ids = [...(table.indexes.get('res_id')?.get(id) ?? [])];
    return ids.flatMap((each) => table.rows.get(each) ?? []).filter((row) => row['model'] === model);
  }

  return {
    schema,
    field: (model, name) => schema[model]?.[name] ?? everywhere[name],
    get: (model, id) => tableOf(model).rows.get(id),
    all: (model) => tableOf(model).rows.values(),
    lookUp(model, field, value) {
      const index = tableOf(model).indexes.get(field);
      return index && [...(index.get(value) ?? [])].sort((a, b) => a - b);
    },
    insert(model, values) {
      const table = tableOf(model);
      const id = table.nextId++;
      const row: Row = { ...values, id, create_date: now(), write_date: now() };
      change(table, id, row);
      return row;
    },
    update(model, id, changes) {
      const table = tableOf(model);
      const before = table.rows.get(id);
      if (before === undefined) throw new PythonError('builtins.KeyError', `${model}(${id},)`);
      const row: Row = { ...before, ...changes, id, write_date: now() };
      change(table, id, row);
      return row;
    },
    remove(model, id) {
      change(tableOf(model), id, undefined);
      const names = tableOf(externalIds);
      for (const name of namesOf(model, id)) change(names, name.id, undefined);
    },
    next(sequence) {
      const number = (sequences.get(sequence) ?? 0) + 1;
      sequences.set(sequence, number);
      return number;
    },
    nameRecord(externalId, model, id, noupdate = false) {
      const [module, name] = partsOf(externalId);
      const table = tableOf(externalIds);
      const row = { module, name, model, res_id: id, noupdate, id: table.nextId++, create_date: now(), write_date: now() };
      change(table, row.id, row);
    },
    recordOf(externalId) {
      const [module, name] = partsOf(externalId);
      const table = tableOf(externalIds);
      for (const id of table.indexes.get('name')?.get(name) ?? []) {
        const row = table.rows.get(id);
        if (row?.['module'] === module)
          return { model: textOf(row, 'model'), id: numberOf(row, 'res_id'), noupdate: row['noupdate'] === true };
      }
      return undefined;
    },
    externalIdsOf: (model, id) => namesOf(model, id).map((row) => `${textOf(row, 'module')}.${textOf(row, 'name')}`),
    atomically(run) {
      const mark = undoLog.length;
      depth++;
      try {
        return run();
      } catch (error) {
        while (undoLog.length > mark) undoLog.pop()?.();
        throw error;
      } finally {
        depth--;
        if (depth === 0) undoLog = [];
      }
    },
  };
}

/** The number of a field, 0 when it is empty. */
export function numberOf(row: Values, field: string): number {
  const value = row[field];
  return typeof value === 'number' ? value : 0;
}

/** The text of a field, empty when it is false. */
export function textOf(row: Values, field: string): string {
  const value = row[field];
  return typeof value === 'string' ? value : '';
}

/** The id that a many2one holds, or null. */
export function referenceOf(row: Values, field: string): number | null {
  const value = row[field];
  return typeof value === 'number' ? value : null;
}

/** The ids that a many2many holds. */
export function idsOf(row: Values, field: string): readonly number[] {
  const value = row[field];
  return Array.isArray(value) ? value.filter((id) => typeof id === 'number') : [];
}

const externalIds = 'ir.model.data';

function partsOf(externalId: string): [module: string, name: string] {
  const point = externalId.indexOf('.');
  return [externalId.slice(0, point), externalId.slice(point + 1)];
}

const everywhere: Model = {
  id: { type: 'integer' },
  create_date: { type: 'datetime' },
  write_date: { type: 'datetime' },
};

function emptyTable(model: Model): Table {
  const indexed = Object.entries(model).filter(
    ([, field]) => field.computed !== true && (field.indexed === true || field.type === 'many2one'),
  );
  return { model, rows: new Map(), indexes: new Map(indexed.map(([name]) => [name, new Map<Value, Set<number>>()])), nextId: 1 };
}
