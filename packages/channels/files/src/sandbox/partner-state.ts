import type { FileOrder } from '../wire.ts';

/** What the partner knows. */
export type PartnerState = {
  readonly items: {
    readonly item_id: string;
    readonly sku: string | null;
    readonly title: string;
    readonly state: 'active' | 'inactive' | 'ended';
  }[];
  /** Units that a customer can buy, by item and warehouse. */
  readonly stock: Map<string, number>;
  readonly orders: Map<string, PartnerOrder>;
  /** Ids of what was taken: whatever comes twice is taken once. */
  readonly taken: Set<string>;
  /** Files that broke a rule, and which one. */
  readonly rejected: { readonly path: string; readonly reason: string }[];
};

export type PartnerOrder = {
  order: FileOrder;
  acknowledgedAs: string | null;
  readonly shipments: {
    readonly id: string;
    readonly trackingNumbers: readonly string[];
    readonly units: Readonly<Record<string, number>>;
  }[];
  /** Units by line that were cancelled on our word. */
  readonly cancelled: Record<string, number>;
};

export function stockKey(sku: string, warehouse: string | null): string {
  return JSON.stringify([sku, warehouse]);
}

export function shippedOf(order: PartnerOrder, lineId: string): number {
  return order.shipments.reduce((sum, shipment) => sum + (shipment.units[lineId] ?? 0), 0);
}
