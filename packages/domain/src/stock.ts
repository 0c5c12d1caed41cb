import { z } from 'zod';
import { instantSchema, type Instant } from './instant.ts';
import type { NodeId, Sku } from './identity.ts';

/** What one kit takes of a SKU; may be a fraction where a component is counted in a bigger unit. */
export type KitComponent = { readonly sku: Sku; readonly units: number };

/**
 * Units of one SKU at one node by state, as the ERP counted them at `asOf`. `sellable` includes what is reserved: available is sellable less reserved. `inbound` is all that is
 * expected from outside of the node; `inTransit` says how much of it has already left another place of ours.
 */
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
  /** Set of a kit, which has no stock of its own: its units are those that its components here allow. */
  readonly kit: readonly KitComponent[] | null;
};

export const kitComponentSchema = z.object({ sku: z.string(), units: z.number() });

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
  kit: z.array(kitComponentSchema).nullable(),
});
