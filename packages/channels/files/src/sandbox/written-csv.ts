import { readTable } from '../csv.ts';

/** Turns the CSV that the connector wrote into the JSON that it stands for, by its folder; the partner reads both forms alike. */
export function jsonOfCsv(path: string, text: string): unknown {
  const { rows } = readTable(text, ',');
  const first = new Map(rows[0]?.cells);
  const said = (column: string) => first.get(column) ?? null;
  const isTrue = (column: string) => said(column) === 'true';
  const each = (field: string, names: Readonly<Record<string, string>>) =>
    rows.map(({ cells }) => ({
      ...Object.fromEntries(Object.entries(names).map(([to, from]) => [to, cells.get(from) ?? null])),
      [field]: Number(cells.get(field)),
    }));
  switch (path.split('/')[0]) {
    case 'stock':
      return {
        format: 'stock/1',
        stock_id: said('stock_id'),
        as_of: said('as_of'),
        whole: isTrue('whole'),
        levels: each('available', { sku: 'sku', warehouse: 'warehouse' }),
      };
    case 'shipments':
      return {
        format: 'shipment/1',
        ...Object.fromEntries(
          ['shipment_id', 'order_id', 'warehouse', 'shipped_at', 'tracking_url'].map((column) => [column, said(column)]),
        ),
        carrier: said('carrier') ?? '',
        tracking_numbers: (said('tracking_numbers') ?? '').split(' ').filter((number) => number !== ''),
        notify_customer: isTrue('notify_customer'),
        lines: each('quantity', { line_id: 'line_id', sku: 'sku' }),
      };
    case 'cancellations':
      return {
        format: 'cancellation/1',
        ...Object.fromEntries(['cancellation_id', 'order_id', 'reason'].map((column) => [column, said(column)])),
        restock: isTrue('restock'),
        notify_customer: isTrue('notify_customer'),
        lines: said('line_id') === null ? null : each('quantity', { line_id: 'line_id' }),
      };
    default:
      return { format: 'acknowledgement/1', ...Object.fromEntries(first) };
  }
}
