import type { Clock } from '@quartermaster/domain';

/** What the marketplace knows. Amounts are minor units of its currency. */
export type MarketState = {
  readonly clock: Clock;
  readonly currency: string;
  readonly taxesIncluded: boolean;
  readonly shopId: number;
  readonly multiShipment: boolean;
  /** Codes of the shop's warehouses; empty where it has one figure. */
  readonly warehouses: readonly string[];
  readonly carriers: readonly string[];
  readonly orders: Map<string, OrderState>;
  readonly offers: Map<string, OfferState>;
  readonly shipments: ShipmentState[];
  readonly imports: Map<string, ImportState>;
  readonly returns: ReturnState[];
  readonly lastCalls: Map<string, number>;
  /** The window of the last poll of orders: its further pages belong to it. */
  lastWindow: string;
  shopState: string;
  counter: number;
};

export type OrderState = {
  readonly id: string;
  readonly createdAt: number;
  updatedAt: number;
  state: string;
  readonly lines: LineState[];
  readonly customerId: string;
  readonly address: SandboxAddress;
  readonly business: boolean;
  reference: string | null;
  tracking: { readonly number: string | null; readonly carrier: string | null } | null;
  note: string | null;
};

export type LineState = {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly price: number;
  readonly discount: number;
  readonly tax: number;
  readonly shipping: number;
  readonly shippingTax: number;
  readonly fee: number;
  /** The operator remits the taxes himself. */
  readonly remitted: boolean;
  state: string;
  readonly cancelations: TakenState[];
  readonly refunds: (TakenState & { readonly group: string; state: string })[];
};

export type TakenState = {
  readonly id: string;
  readonly quantity: number;
  readonly price: number;
  readonly shipping: number;
  readonly tax: number;
  readonly shippingTax: number;
  readonly fee: number;
  readonly reason: string;
  readonly at: number;
};

export type OfferState = {
  readonly id: number;
  readonly sku: string;
  readonly title: string;
  readonly price: number;
  readonly stock: Map<string, number>;
};

export type ShipmentState = {
  readonly id: string;
  readonly orderId: string;
  readonly at: number;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  readonly tracking: string | null;
  readonly carrier: string | null;
};

export type ImportState = {
  readonly id: string;
  readonly at: number;
  readonly rows: readonly StockRowState[];
  errors: readonly { readonly line: number; readonly reason: string; readonly row: StockRowState }[] | null;
};
export type StockRowState = { readonly sku: string; readonly quantity: string; readonly warehouse: string; readonly verb: string };

export type ReturnState = {
  readonly id: string;
  readonly orderId: string;
  readonly at: number;
  updatedAt: number;
  state: string;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
};

export type SandboxAddress = {
  readonly firstname: string;
  readonly lastname: string;
  readonly company?: string;
  readonly street_1: string;
  readonly zip_code: string;
  readonly city: string;
  /** ISO 3166-1 code of three letters. */
  readonly country_iso_code: string;
  readonly phone?: string;
};

export function now(state: MarketState): number {
  return Date.parse(state.clock.now());
}

export function nextId(state: MarketState): number {
  state.counter += 1;
  return state.counter;
}

/** Mirakl's times have whole seconds. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function touch(state: MarketState, order: OrderState): void {
  order.updatedAt = now(state);
}

export function leftUnits(state: MarketState, line: LineState): number {
  const shipped = state.shipments.flatMap(({ lines }) => lines).filter(({ lineId }) => lineId === line.id);
  return wantedUnits(line) - shipped.reduce((sum, { quantity }) => sum + quantity, 0);
}

export function wantedUnits(line: LineState): number {
  if (line.state === 'CANCELED' || line.state === 'REFUSED') return 0;
  return line.quantity - line.cancelations.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** An order is in the state of its lines that are not cancelled. */
export function settleOrder(state: MarketState, order: OrderState): void {
  for (const line of order.lines) {
    if (wantedUnits(line) === 0 && line.state !== 'REFUSED') line.state = 'CANCELED';
    else if (line.state === 'SHIPPING' && leftUnits(state, line) === 0) line.state = 'SHIPPED';
  }
  const alive = order.lines.filter(({ state: one }) => one !== 'CANCELED' && one !== 'REFUSED');
  if (alive.length === 0) order.state = order.lines.every(({ state: one }) => one === 'REFUSED') ? 'REFUSED' : 'CANCELED';
  else if (alive.every(({ state: one }) => one === 'SHIPPED')) order.state = 'SHIPPED';
  touch(state, order);
}
