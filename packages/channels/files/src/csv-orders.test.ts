import { expect, test } from 'vitest';
import { csvOrders } from './csv-orders.ts';
import type { Table } from './csv.ts';
import { versionOf } from './order-version.ts';

const head = {
  order_id: '1',
  placed_at: '2026-11-21T09:00:00Z',
  currency: 'EUR',
  taxes_included: 'yes',
  payment: 'on-account',
  total: '17.40',
};
const mug = { line_id: '1', sku: 'MUG', quantity: '1', unit_price: '12.90' };
const tea = { line_id: '2', sku: 'TEA', quantity: '1', unit_price: '4.50' };
const file = { key: 'k', name: 'a.csv', modifiedAt: '2026-11-21T09:30:00.000Z' };

/** A table whose first row of data is line 2. */
function tableOf(...rows: readonly Readonly<Record<string, string>>[]): Table {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns, rows: rows.map((row, at) => ({ line: at + 2, cells: new Map(Object.entries(row)), problems: [] })), brokenOff: null };
}

const read = (...rows: readonly Readonly<Record<string, string>>[]) =>
  csvOrders(tableOf(...rows)).map((candidate) => versionOf(candidate, file).read);

test('rows of one order are its lines, also when they do not stand together', () => {
  const other = { ...head, order_id: '2', total: '12.90' };
  const orders = read({ ...head, ...mug }, { ...other, ...mug }, { ...head, ...tea });
  expect(orders.map((one) => one.kind === 'order' && [one.order.order_id, one.order.lines.map(({ sku }) => sku)])).toEqual([
    ['1', ['MUG', 'TEA']],
    ['2', ['MUG']],
  ]);
});

test('addresses are put together from their columns', () => {
  const ship = { ship_name: 'Ada', ship_street: 'Weg 1', ship_postal_code: '53111', ship_city: 'Bonn', ship_country: 'DE' };
  const [order] = read({ ...head, ...mug, ...ship });
  expect(order?.kind === 'order' && [order.order.ship_to?.city, order.order.bill_to]).toEqual(['Bonn', undefined]);
});

test.each([
  ['a cell of a line', { ...tea, quantity: '1.5' }, 'line 3, column quantity: a whole number'],
  ['an amount with a comma', { ...tea, line_total: '4,50' }, 'line 3, column line_total: a decimal number such as 12.50'],
  [
    'rows that say different things of one order',
    { ...tea, total: '99.00' },
    'line 3, column total: another value than line 2 has for the same order',
  ],
])('%s is named by line and column', (_title, second, reason) => {
  const [order] = read({ ...head, ...mug }, { ...head, ...second });
  expect(order).toMatchObject({ kind: 'unreadable', reason: `a.csv: ${reason}` });
});

test('a cell of the order is named by its first row', () => {
  const [order] = read({ ...head, ...mug, ship_country: 'Germany', currency: 'euro' });
  expect(order?.kind === 'unreadable' && order.reason).toMatch(/line 2, column currency: .*line 2, column ship_country: /);
});

test('a row without an order id is told, and is no part of another order', () => {
  const { order_id: _id, ...headless } = head;
  expect(read({ ...head, ...mug, total: '12.90' }, { ...headless, ...tea }).map(({ kind }) => kind)).toEqual(['order', 'unreadable']);
});

test('columns that are missing are named', () => {
  expect(() => csvOrders(tableOf({ order_id: '1' }))).toThrow('line 1: no column placed_at, currency');
});
