import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { decimalOf, money, type Clock } from '@quartermaster/domain';
import type { WireOrder } from '../wire.ts';
import { createApp } from './app.ts';
import { changeOrder, type VendorState } from './state.ts';

export type ExampleVendorSandboxOptions = {
  readonly clock: Clock;
  readonly token: string;
  readonly currency?: string;
  readonly taxesIncluded?: boolean;
};

/** Amounts are minor units of the shop's currency. */
export type NewOrder = {
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly discount?: number; readonly tax?: number }[];
  readonly shipping?: number;
  readonly paid?: boolean;
};

/** A stateful emulator of the vendor: its HTTP side, and what its customers and people do. */
export type ExampleVendorSandbox = {
  readonly app: SandboxApp;
  addItem(item: { readonly sku: string; readonly price: number; readonly stock: number }): void;
  placeOrder(order: NewOrder): string;
  touchOrder(orderId: string): void;
  cancelOrder(orderId: string): void;
  stockOf(sku: string): number;
  setStock(sku: string, units: number): void;
  order(orderId: string): WireOrder;
  /** Units by line of a shipment. */
  shippedUnits(shipmentId: string): Readonly<Record<string, number>>;
};

export function createExampleVendorSandbox(options: ExampleVendorSandboxOptions): ExampleVendorSandbox {
  const { clock, token, currency = 'EUR', taxesIncluded = true } = options;
  const state: VendorState = { clock, token, stock: new Map(), orders: new Map(), shippedUnits: new Map() };
  const prices = new Map<string, number>();
  const decimal = (minor: number) => decimalOf(money(minor, currency));
  let touched = 0;

  return {
    app: createApp(state),
    addItem({ sku, price, stock }) {
      prices.set(sku, price);
      state.stock.set(sku, stock);
    },
    placeOrder({ lines, shipping = 0, paid = true }) {
      const id = String(1_001 + state.orders.size);
      const now = clock.now();
      const goods = lines.map(({ sku, quantity, discount = 0, tax = 0 }) => ({
        sku,
        quantity,
        tax,
        total: (prices.get(sku) ?? 0) * quantity - discount,
      }));
      const total = goods.reduce((sum, line) => sum + line.total + (taxesIncluded ? 0 : line.tax), shipping);
      state.orders.set(id, {
        id,
        number: `#${id}`,
        status: 'open',
        paid,
        created_at: now,
        updated_at: now,
        currency,
        prices_include_tax: taxesIncluded,
        lines: goods.map((line, at) => ({
          id: `${id}-${at + 1}`,
          sku: line.sku,
          title: line.sku,
          quantity: line.quantity,
          shipped: 0,
          unit_price: decimal(prices.get(line.sku) ?? 0),
          total: decimal(line.total),
          tax: decimal(line.tax),
        })),
        shipping: decimal(shipping),
        total: decimal(total),
        address: ada,
        shipments: [],
      });
      return id;
    },
    touchOrder: (id) => changeOrder(state, id, (order) => ({ ...order, address: { ...ada, phone: `+49 228 ${++touched}` } })),
    cancelOrder: (id) => changeOrder(state, id, (order) => ({ ...order, status: 'cancelled' })),
    stockOf: (sku) => state.stock.get(sku) ?? 0,
    setStock: (sku, units) => void state.stock.set(sku, units),
    order(id) {
      const order = state.orders.get(id);
      if (order === undefined) throw new RangeError(`no order ${id}`);
      return order;
    },
    shippedUnits: (id) => state.shippedUnits.get(id) ?? {},
  };
}

const ada = { name: 'Ada Example', street: 'Beispielweg 1', postal_code: '53111', city: 'Bonn', country: 'DE', phone: null };
