import { announce, nextNumber, nowOf, type EbayState, type ItemState, type SandboxAddress } from './state.ts';

export type NewItem = {
  readonly sku: string;
  readonly title: string;
  /** Minor units. */
  readonly price: number;
  /** One figure, or one for each location. */
  readonly stock: number | Readonly<Record<string, number>>;
  /** A quantity of the offer's own, which caps the item's. */
  readonly offerQuantity?: number;
  /** Variations of one listing share its group, and its revisions. */
  readonly group?: string;
  /** Default `ACTIVE`; `NOT_LISTED` has no offer. */
  readonly status?: ItemState['listingStatus'];
};

export type NewOrder = {
  readonly lines: readonly {
    /** An item of the inventory; null of something that was listed without a SKU by the Trading API. */
    readonly sku: string | null;
    readonly legacyItemId?: string;
    readonly legacyVariationId?: string;
    /** Default the item's. */
    readonly price?: number;
    readonly quantity: number;
    /** Off the whole line. */
    readonly discount?: number;
    /** Tax of the whole line, which eBay collects and remits itself. */
    readonly tax?: number;
    readonly importCharges?: number;
  }[];
  readonly address: SandboxAddress;
  readonly buyer?: string;
  readonly shipping?: number;
  readonly shippingDiscount?: number;
  readonly fee?: number;
  readonly adjustment?: number;
  readonly payment?: 'PAID' | 'PENDING' | 'FAILED';
  /** eBay ships on from this hub under this reference. */
  readonly hub?: { readonly address: SandboxAddress; readonly reference: string };
  readonly converted?: { readonly currency: string; readonly rate: number };
  /** Whether the total holds the import charges of its lines, default false. */
  readonly importChargesInTotal?: boolean;
  /** eBay's own warehouse ships it. */
  readonly byEbay?: boolean;
};

export function addItem(state: EbayState, item: NewItem): void {
  const nth = nextNumber(state, 'item');
  const distributions = typeof item.stock === 'number' ? null : new Map(Object.entries(item.stock));
  state.items.set(item.sku, {
    sku: item.sku,
    title: item.title,
    price: item.price,
    group: item.group ?? null,
    listingId: `1100000${String(nth).padStart(5, '0')}`,
    listingStatus: item.status ?? 'ACTIVE',
    offerId: `36${String(nth).padStart(8, '0')}`,
    offerQuantity: item.offerQuantity ?? null,
    total: typeof item.stock === 'number' ? item.stock : Object.values(item.stock).reduce((sum, each) => sum + each, 0),
    distributions,
  });
}

/** A buyer checks out: the units leave the stock, and a notification is due for each line. */
export function placeOrder(state: EbayState, given: NewOrder): { readonly id: string; readonly lineIds: readonly string[] } {
  const nth = nextNumber(state, 'order');
  const id = `${10 + (nth % 20)}-${String(nth).padStart(5, '0')}-${String((nth * 7_919) % 100_000).padStart(5, '0')}`;
  const now = nowOf(state);
  const lines = given.lines.map((line) => {
    const item = line.sku === null ? undefined : state.items.get(line.sku);
    if (item !== undefined) takeFromStock(item, line.quantity);
    return {
      id: `1002${String(nextNumber(state, 'line')).padStart(10, '0')}`,
      sku: line.sku,
      legacyItemId: line.legacyItemId ?? item?.listingId ?? '110999999999',
      legacyVariationId: line.legacyVariationId ?? null,
      title: item?.title ?? line.sku ?? 'Something',
      unitPrice: line.price ?? item?.price ?? 0,
      quantity: line.quantity,
      discount: line.discount ?? 0,
      tax: line.tax ?? 0,
      importCharges: line.importCharges ?? 0,
    };
  });
  state.orders.set(id, {
    id,
    buyer: given.buyer ?? `buyer_${nth}`,
    createdAt: now,
    modifiedAt: now,
    address: given.hub?.address ?? given.address,
    hub: given.hub === undefined ? null : { reference: given.hub.reference, finalAddress: given.address },
    lines,
    shipping: given.shipping ?? 0,
    shippingDiscount: given.shippingDiscount ?? 0,
    fee: given.fee ?? 0,
    adjustment: given.adjustment ?? 0,
    converted: given.converted ?? null,
    importChargesInTotal: given.importChargesInTotal ?? false,
    byEbay: given.byEbay ?? false,
    payment: given.payment ?? 'PAID',
    fulfillments: [],
    refunds: [],
    cancelRequests: [],
    cancelledAt: null,
  });
  for (const line of lines)
    announce(state, 'ORDER_CONFIRMATION', {
      order: { orderId: id, orderLineItems: [{ orderLineItemId: line.id, listingId: line.legacyItemId }] },
    });
  return { id, lineIds: lines.map((line) => line.id) };
}

/** From which location eBay takes them is not documented: here from the first that has some. */
function takeFromStock(item: ItemState, units: number): void {
  item.total = Math.max(0, item.total - units);
  let left = units;
  for (const [location, there] of item.distributions ?? []) {
    const taken = Math.min(there, left);
    item.distributions?.set(location, there - taken);
    left -= taken;
  }
}
