import type { NodeId, PushedLevel, Sku, StockLevel } from '@quartermaster/domain';

/** Walmart's ship node of each of our nodes; null where all nodes have one figure together. */
export type ShipNodes = Readonly<Record<NodeId, string>> | null;

/** One SKU with all levels of it that are to be set, and where each stands in the asking. */
export type WantedSku = { readonly sku: Sku; readonly levels: readonly { readonly index: number; readonly level: StockLevel }[] };

/** A figure as Walmart takes it. */
export function quantityOf(amount: number) {
  return { unit: 'EACH', amount } as const;
}

/** Outcome of a level whose item Walmart does not list. */
export function unknownItem(reason: string): PushedLevel {
  return { kind: 'unknown-item', reason };
}

/** Whether Walmart says that it has no such item: by status, or by a code that names content or an item as not found. */
export function isUnknownItem(vendorCode: string | undefined, faultCode: string | null): boolean {
  return faultCode === 'not-found' || /CONTENT_NOT_FOUND|ITEM_NOT_FOUND|SKU_NOT_FOUND|ERR_EXT_DATA_0101/i.test(vendorCode ?? '');
}
