import { z } from 'zod';
import {
  acknowledgementFileSchema,
  cancellationFileSchema,
  itemFileSchema,
  orderFileSchema,
  shipmentFileSchema,
  stockFileSchema,
} from './wire.ts';

/** The kinds of files, as partners are told. */
export const fileSchemas = {
  orders: orderFileSchema,
  items: itemFileSchema,
  stock: stockFileSchema,
  shipment: shipmentFileSchema,
  cancellation: cancellationFileSchema,
  acknowledgement: acknowledgementFileSchema,
} as const;
export type FileKind = keyof typeof fileSchemas;

/** The JSON schema of a kind of file, to be given to a partner. That amounts fit their currency and that line ids differ it does not say. */
export function fileJsonSchema(kind: FileKind): object {
  return z.toJSONSchema(fileSchemas[kind], { io: 'input', unrepresentable: 'any' });
}
