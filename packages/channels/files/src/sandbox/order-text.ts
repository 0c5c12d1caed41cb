import { csvOrderColumns } from '../csv-orders.ts';
import { csvText, type FileDelimiter } from '../file-text.ts';
import type { FileOrder } from '../wire.ts';

/** Orders as a partner writes them in JSON. */
export function jsonOfOrders(orders: readonly FileOrder[]): string {
  return JSON.stringify({ format: 'orders/1', orders });
}

/** Orders as a partner writes them in CSV, as spreadsheets do: with a byte order mark, and a row for each line. */
export function csvOfOrders(orders: readonly FileOrder[], delimiter: FileDelimiter = ','): string {
  const rows = orders.flatMap((order) => order.lines.map((line) => csvOrderColumns.map((column) => cellOf(column, order, line))));
  return `\uFEFF${csvText([csvOrderColumns, ...rows], delimiter)}`;
}

function cellOf(column: string, order: FileOrder, line: FileOrder['lines'][number]): string {
  const [, prefix, part] = /^(ship|bill)_(.+)$/.exec(column) ?? [];
  if (prefix !== undefined && part !== undefined && column !== 'ship_not_before')
    return textOf(valueOf(prefix === 'ship' ? order.ship_to : order.bill_to, part));
  const lineField = column.startsWith('line_') && column !== 'line_id' ? column.slice('line_'.length) : null;
  if (lineField !== null) return textOf(valueOf(line, lineField));
  if (['line_id', 'sku', 'title', 'kind', 'quantity', 'unit_price'].includes(column)) return textOf(valueOf(line, column));
  return textOf(valueOf(order, column));
}

function valueOf(record: object | null | undefined, field: string): unknown {
  return Object.entries(record ?? {}).find(([name]) => name === field)?.[1];
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
