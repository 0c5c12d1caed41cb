import { announce, nextNumber, nowMs, type SandboxAddress, type WalmartState } from './state.ts';

/** Amounts are minor units; those of a line are of all its units. */
export type NewOrder = {
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    /** Default the item's. */
    readonly price?: number;
    readonly discount?: number;
    readonly tax?: number;
    /** A charge that is neither goods nor shipping, such as a state's delivery fee. */
    readonly fee?: number;
  }[];
  readonly address: SandboxAddress;
  /** Charged with the first line. */
  readonly shipping?: number;
  readonly shippingTax?: number;
  /** Default `Standard`. */
  readonly methodCode?: string;
  /** Default the seller's default one. */
  readonly shipNode?: string;
  /** Whether Walmart tells a total of its own, default false. */
  readonly summary?: boolean;
};

/** A customer orders: the units are reserved until they are shipped or cancelled, and a notification is due. */
export function placeOrder(state: WalmartState, given: NewOrder): string {
  const nth = nextNumber(state, 'order');
  const id = String(1_796_277_000_000 + nth);
  const now = nowMs(state);
  const shipNode = given.shipNode ?? state.shipNodes[0] ?? '';
  for (const { sku, quantity } of given.lines) {
    const stock = state.items.get(sku)?.stock.get(shipNode);
    if (stock !== undefined) stock.reserved += quantity;
  }
  state.orders.set(id, {
    id,
    customerOrderId: String(5_281_956_000_000 + nth),
    email: `${nth.toString(16).toUpperCase().padStart(32, '3A')}@relay.walmart.com`,
    orderDate: now,
    modifiedAt: now,
    address: given.address,
    methodCode: given.methodCode ?? 'Standard',
    shipNode,
    summary: given.summary ?? false,
    acknowledged: false,
    lines: given.lines.map((line, at) => ({
      number: String(at + 1),
      sku: line.sku,
      title: state.items.get(line.sku)?.title ?? line.sku,
      unitPrice: line.price ?? state.items.get(line.sku)?.price ?? 0,
      quantity: line.quantity,
      discount: line.discount ?? 0,
      tax: line.tax ?? 0,
      shipping: at === 0 ? (given.shipping ?? 0) : 0,
      shippingTax: at === 0 ? (given.shippingTax ?? 0) : 0,
      fee: line.fee ?? 0,
      statusDate: now,
      groups: [{ status: 'Created', units: line.quantity }],
      refunds: [],
      intentToCancel: false,
    })),
  });
  announce(state, 'PO_CREATED', { partnerId: state.partnerId, purchaseOrderId: id, customerOrderId: String(5_281_956_000_000 + nth) });
  return id;
}
