import type { ZodType } from 'zod';
import {
  acknowledgementFileSchema,
  cancellationFileSchema,
  shipmentFileSchema,
  stockFileSchema,
  type AcknowledgementFile,
  type CancellationFile,
  type ShipmentFile,
  type StockFile,
} from '../wire.ts';
import { jsonOfCsv } from './written-csv.ts';

/** A file that breaks a rule of the partner's, and which one. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
}

export type Taken =
  | { readonly kind: 'stock'; readonly file: StockFile }
  | { readonly kind: 'shipment'; readonly file: ShipmentFile }
  | { readonly kind: 'cancellation'; readonly file: CancellationFile }
  | { readonly kind: 'acknowledgement'; readonly file: AcknowledgementFile };

/** Reads a file that the connector wrote, by its folder and the ending of its name. Null where the folder is none that the partner takes from. Throws {@link Rejected}. */
export function takenFile(path: string, text: string): Taken | null {
  const [folder] = path.split('/');
  switch (folder) {
    case 'stock':
      return { kind: 'stock', file: parsed(stockFileSchema, path, text) };
    case 'shipments':
      return { kind: 'shipment', file: parsed(shipmentFileSchema, path, text) };
    case 'cancellations':
      return { kind: 'cancellation', file: parsed(cancellationFileSchema, path, text) };
    case 'acknowledgements':
      return { kind: 'acknowledgement', file: parsed(acknowledgementFileSchema, path, text) };
    default:
      return null;
  }
}

function parsed<File>(schema: ZodType<File>, path: string, text: string): File {
  const result = schema.safeParse(path.endsWith('.csv') ? jsonOfCsv(path, text) : jsonOf(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Rejected(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Rejected('not JSON');
  }
}
