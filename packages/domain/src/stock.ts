import { z } from 'zod';
import { instantSchema, type Instant } from './instant.ts';
import type { NodeId, Sku } from './identity.ts';

/** Units of one SKU at one node by state, as the ERP counted them at `asOf`. `sellable` includes what is reserved: available is sellable less reserved. */
export type StockPosition = {
  readonly sku: Sku;
  readonly node: NodeId;
  readonly asOf: Instant;
  readonly sellable: number;
  readonly reserved: number;
  readonly qualityHold: number;
  readonly damaged: number;
  readonly returnPending: number;
  readonly inTransit: number;
  readonly inbound: readonly { readonly units: number; readonly expectedAt: Instant }[];
  /** Set where the position is one lot's or one owner's; null is all of them together. */
  readonly lot: string | null;
  readonly owner: string | null;
};

export const stockPositionSchema = z.object({
  sku: z.string(),
  node: z.string(),
  asOf: instantSchema,
  sellable: z.int(),
  reserved: z.int(),
  qualityHold: z.int(),
  damaged: z.int(),
  returnPending: z.int(),
  inTransit: z.int(),
  inbound: z.array(z.object({ units: z.int(), expectedAt: instantSchema })),
  lot: z.string().nullable(),
  owner: z.string().nullable(),
});
