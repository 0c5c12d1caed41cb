import type { ConnectionId, NodeId, Sku } from './identity.ts';
import type { Instant } from './instant.ts';
import type { Address } from './person.ts';
import type { EffectMemo, Safety } from './safety.ts';

/** A third-party warehouse: it is told what to ship, and reports in batches, late. No connector implements it yet; the words are fixed so that flows need not change. */
export type Warehouse = {
  readonly connection: ConnectionId;
  readonly node: NodeId;
  readonly safety: Readonly<Record<WarehouseEffect, Safety>>;
  /** Asks for a shipment; `key` is the shipment's, so a second asking is known as such. */
  requestShipment(request: WarehouseRequest, memo: EffectMemo): Promise<{ readonly ref: string }>;
  /** Asks to stop a shipment; the warehouse may be too late. */
  stopShipment(ref: string, memo: EffectMemo): Promise<{ readonly kind: 'stopped' | 'too-late' }>;
  /** What it reported since: shipments that left, and counts with the time they were taken. */
  reports(since: Instant): AsyncIterable<WarehouseReport>;
};

export const warehouseEffects = ['requestShipment', 'stopShipment'] as const;
export type WarehouseEffect = (typeof warehouseEffects)[number];

export type WarehouseRequest = {
  readonly shipTo: Address;
  readonly lines: readonly { readonly sku: Sku; readonly units: number }[];
  readonly service: string;
  readonly reference: string;
};

export type WarehouseReport =
  | { readonly kind: 'shipped'; readonly ref: string; readonly at: Instant; readonly trackingNumbers: readonly string[] }
  | { readonly kind: 'count'; readonly sku: Sku; readonly units: number; readonly countedAt: Instant };
