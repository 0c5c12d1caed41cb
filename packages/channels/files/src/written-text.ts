import { csvText, type FileDelimiter } from './file-text.ts';
import type { AcknowledgementFile, CancellationFile, ShipmentFile, StockFile } from './wire.ts';

// What we write, in both forms. In CSV the columns have the names of the JSON's fields, and a row is a level, or a line of what is sent.

export type FileFormat = { readonly kind: 'json' } | { readonly kind: 'csv'; readonly delimiter: FileDelimiter };
export type WrittenText = { readonly text: string; readonly extension: 'json' | 'csv' };

export const stockColumns = ['stock_id', 'as_of', 'whole', 'sku', 'warehouse', 'available'] as const;
export const shipmentColumns = [
  'shipment_id',
  'order_id',
  'warehouse',
  'shipped_at',
  'carrier',
  'tracking_numbers',
  'tracking_url',
  'notify_customer',
  'line_id',
  'sku',
  'quantity',
] as const;
export const cancellationColumns = ['cancellation_id', 'order_id', 'reason', 'restock', 'notify_customer', 'line_id', 'quantity'] as const;
export const acknowledgementColumns = ['acknowledgement_id', 'order_id', 'our_ref'] as const;

export function stockText(file: StockFile, format: FileFormat): WrittenText {
  return written(file, format, stockColumns, () =>
    file.levels.map(({ sku, warehouse, available }) => [
      file.stock_id,
      file.as_of,
      String(file.whole),
      sku,
      warehouse ?? '',
      String(available),
    ]),
  );
}

/** Several tracking numbers stand in one cell, with a space between them. */
export function shipmentText(file: ShipmentFile, format: FileFormat): WrittenText {
  return written(file, format, shipmentColumns, () =>
    file.lines.map(({ line_id: line, sku, quantity }) => [
      file.shipment_id,
      file.order_id,
      file.warehouse,
      file.shipped_at,
      file.carrier,
      file.tracking_numbers.join(' '),
      file.tracking_url ?? '',
      String(file.notify_customer),
      line,
      sku ?? '',
      String(quantity),
    ]),
  );
}

/** One row without line and quantity cancels all that has not shipped. */
export function cancellationText(file: CancellationFile, format: FileFormat): WrittenText {
  const about = [file.cancellation_id, file.order_id, file.reason, String(file.restock), String(file.notify_customer)];
  return written(file, format, cancellationColumns, () =>
    file.lines === null ? [[...about, '', '']] : file.lines.map((line) => [...about, line.line_id, String(line.quantity)]),
  );
}

export function acknowledgementText(file: AcknowledgementFile, format: FileFormat): WrittenText {
  return written(file, format, acknowledgementColumns, () => [[file.acknowledgement_id, file.order_id, file.our_ref]]);
}

function written(file: object, format: FileFormat, columns: readonly string[], rows: () => string[][]): WrittenText {
  if (format.kind === 'json') return { text: `${JSON.stringify(file, null, 2)}\n`, extension: 'json' };
  return { text: csvText([columns, ...rows()], format.delimiter), extension: 'csv' };
}
