import { nextId, nowSeconds, type LineState, type OrderState, type ShopState } from './state.ts';
import { announce } from './deliveries.ts';

/** Statuses in which WooCommerce holds an order's units, and has taken them off the stock. */
const holding = new Set(['processing', 'completed', 'on-hold']);

/** Gives an order another status, with what hangs on it: stock goes down when it is held and up again when it is cancelled; payment and completion have their times. */
export function setStatus(state: ShopState, order: OrderState, status: string): void {
  const now = nowSeconds(state);
  order.status = status;
  if (holding.has(status)) for (const line of order.lines) reduceStock(state, line);
  if (status === 'cancelled') for (const line of order.lines) restock(state, line, line.reduced);
  if (status === 'processing' || status === 'completed') order.paidAt ??= now;
  if (status === 'completed') order.completedAt ??= now;
  changed(state, order);
}

/** Writes down that an order changed: its time, and the webhooks that are due. */
export function changed(state: ShopState, order: OrderState, topic = 'order.updated'): void {
  order.modifiedAt = nowSeconds(state);
  announce(state, topic, order);
}

function reduceStock(state: ShopState, line: LineState): void {
  const product = state.products.get(line.product);
  if (line.reduced > 0 || product === undefined || product.stock === null) return;
  product.stock -= line.quantity;
  line.reduced = line.quantity;
}

/** Puts units back on sale, as many as it is told. */
export function restock(state: ShopState, line: LineState, units: number): void {
  const product = state.products.get(line.product);
  if (units === 0 || product === undefined || product.stock === null) return;
  product.stock += units;
  line.reduced = Math.max(0, line.reduced - units);
}

/** Sets entries of `meta_data`, each by its key. */
export function setMeta(state: ShopState, order: OrderState, entries: readonly { readonly key: string; readonly value: unknown }[]): void {
  for (const { key, value } of entries) {
    const there = order.meta.find((meta) => meta.key === key);
    if (there === undefined) order.meta.push({ id: nextId(state, 'meta'), key, value });
    else there.value = value;
  }
}
