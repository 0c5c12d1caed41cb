import type { Table, TableRow } from './csv.ts';
import type { Candidate } from './order-version.ts';

// An order in CSV is one row per line: the columns of the order stand in every row of it and say the same. `ship_` and `bill_` begin the parts of the addresses.

const orderColumns = [
  'order_id',
  'name',
  'status',
  'placed_at',
  'updated_at',
  'currency',
  'taxes_included',
  'payment',
  'secured',
  'class',
  'purchase_order_number',
  'terms',
  'ship_not_before',
  'service',
  'pickup_point',
  'customer_id',
  'note',
  'shipping',
  'shipping_tax',
  'discount',
  'total',
  'cancellation_ids',
] as const;

const addressParts = ['name', 'company', 'street', 'street_2', 'postal_code', 'city', 'region', 'country', 'phone', 'email'] as const;
const addresses = { ship_to: 'ship_', bill_to: 'bill_' } as const;

/** Columns of a line, and its fields. */
const lineColumns = {
  line_id: 'line_id',
  sku: 'sku',
  title: 'title',
  kind: 'kind',
  quantity: 'quantity',
  unit_price: 'unit_price',
  line_discount: 'discount',
  line_total: 'total',
  line_tax: 'tax',
} as const;

/** All columns that a CSV file of orders may have, in any order; others are passed over. */
export const csvOrderColumns: readonly string[] = [
  ...orderColumns,
  ...Object.values(addresses).flatMap((prefix) => addressParts.map((part) => `${prefix}${part}`)),
  ...Object.keys(lineColumns),
];

const neededColumns = ['order_id', 'placed_at', 'currency', 'taxes_included', 'payment', 'total', 'line_id', 'quantity', 'unit_price'];
/** Columns that each row of an order has to say alike. */
const sharedColumns = csvOrderColumns.filter((column) => !Object.keys(lineColumns).includes(column));

/** The orders of a table, not looked into yet. Rows of one order need not stand together. Throws a `RangeError` that says why where columns are missing. */
export function csvOrders(table: Table): Candidate[] {
  const missing = neededColumns.filter((column) => !table.columns.includes(column));
  if (missing.length > 0) throw new RangeError(`line 1: no column ${missing.join(', ')}`);
  const rowsById = new Map<string, TableRow[]>();
  for (const row of table.rows) {
    // A row without an id is an order of its own that nobody can read: it must not get lost among others.
    const id = row.cells.get('order_id') ?? `line ${row.line}`;
    rowsById.set(id, [...(rowsById.get(id) ?? []), row]);
  }
  return [...rowsById.values()].map(candidateOf);
}

function candidateOf(rows: readonly TableRow[], nth: number): Candidate {
  const [first] = rows;
  const cells = first?.cells ?? new Map<string, string>();
  const filled = (columns: readonly (readonly [field: string, column: string])[], from: ReadonlyMap<string, string>) =>
    Object.fromEntries(
      columns.flatMap(([field, column]) => {
        const value = from.get(column);
        return value === undefined ? [] : [[field, value] as const];
      }),
    );
  const addressesSaid = Object.entries(addresses).flatMap(([field, prefix]) => {
    const address = filled(
      addressParts.map((part) => [part, `${prefix}${part}`]),
      cells,
    );
    return Object.keys(address).length === 0 ? [] : [[field, { postal_code: '', ...address }] as const];
  });
  const ids = cells.get('cancellation_ids');
  const document = {
    ...filled(
      orderColumns.map((column) => [column, column]),
      cells,
    ),
    ...(ids === undefined ? {} : { cancellation_ids: ids.split(/\s+/) }),
    ...Object.fromEntries(addressesSaid),
    lines: rows.map((row) =>
      filled(
        Object.entries(lineColumns).map(([column, field]) => [field, column]),
        row.cells,
      ),
    ),
  };
  return {
    document,
    nth,
    problems: [...rows.flatMap(({ problems }) => problems), ...disagreements(rows)],
    place: (path) => placeOf(path, rows),
  };
}

/** Rows of one order that say different things of it: nobody can know which one is meant. */
function disagreements(rows: readonly TableRow[]): string[] {
  const [first, ...others] = rows;
  return others.flatMap((row) =>
    sharedColumns
      .filter((column) => row.cells.get(column) !== first?.cells.get(column))
      .map((column) => `line ${row.line}, column ${column}: another value than line ${first?.line ?? 0} has for the same order`),
  );
}

function placeOf(path: readonly PropertyKey[], rows: readonly TableRow[]): string {
  const [field, at, part] = path.map(String);
  if (field === 'lines') {
    const column = Object.entries(lineColumns).find(([, name]) => name === part)?.[0];
    return `line ${rows[Number(at ?? 0)]?.line ?? rows[0]?.line ?? 0}, column ${column ?? 'line_id'}`;
  }
  const prefix = Object.entries(addresses).find(([name]) => name === field)?.[1];
  return `line ${rows[0]?.line ?? 0}, column ${prefix === undefined ? (field ?? '') : `${prefix}${at ?? ''}`}`;
}
